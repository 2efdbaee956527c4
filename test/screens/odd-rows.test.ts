import { describe, expect, it } from 'vitest';
import type { OddRow } from '../../src/domain/types.js';
import { oddPositionLine, oddRowsLine } from '../../src/screens/odd-rows.js';
import { ordersViews } from '../../src/screens/orders.js';
import { previewViews } from '../../src/screens/preview.js';
import { missingTargetsTelling } from '../../src/screens/reminders/missing-targets.js';
import { statusViews } from '../../src/screens/status.js';
import type { Preview } from '../../src/services/previews/preview.js';
import { PreviewPricer } from '../../src/services/previews/pricing.js';
import { findMissing } from '../../src/services/reminders/kinds/missing-targets.js';
import { plainTextOf } from '../commands/support/limits.js';
import { d } from '../domain/build.js';
import { brokerWith, NAME, T0 } from '../services/support/builders.js';
import { bookOf, CLEAN, TRIDENT } from '../services/support/scene.js';
import { positionsViews } from './support/positions-views.js';

const QQQ480 = 'QQQ   261218P00480000';

const holding: OddRow = {
  what: 'holding',
  name: QQQ480,
  why: 'its quantity reads “NaN”, which is no number',
  doubts: 'coverage',
  concern: { symbols: [QQQ480], kin: null },
};
const past: OddRow = {
  what: 'order',
  name: '4123',
  why: 'its status is missing',
  doubts: 'price',
  concern: { symbols: [QQQ480], kin: null },
};
const nameless: OddRow = {
  what: 'order',
  name: null,
  why: 'its id is missing',
  doubts: 'nothing',
  concern: 'account',
};

describe('which row can’t be read and why', () => {
  it('is told in one line, and what follows from it', () => {
    expect(oddRowsLine([])).toBeNull();
    expect(oddRowsLine([holding])).toBe(
      '❔ 1 row of the broker’s can’t be read: the holding QQQ 18 Dec 26 480 P (its quantity reads “NaN”, which is no number). What they may concern offers no order until they can be read.',
    );
    expect(oddRowsLine([past, nameless])).toBe(
      '❔ 2 rows of the broker’s can’t be read: order 4123 on QQQ 18 Dec 26 480 P (its status is missing), an order without an id (its id is missing).',
    );
    expect(oddRowsLine([past, nameless, past, past, past])).toContain(' and 2 more.');
  });

  it('is told of a position by what it leaves unsure', () => {
    expect(oddPositionLine([])).toBeNull();
    expect(oddPositionLine([holding, past])).toBe(
      '❔ Not sure of what is held and working here: I can’t read the holding QQQ 18 Dec 26 480 P (its quantity reads “NaN”, which is no number) and 1 more',
    );
    expect(oddPositionLine([past])).toContain('Not sure of its opening price: I can’t read order 4123');
  });

  it('stays one line however long the row’s own words are', () => {
    const long = { ...holding, why: `action "${'x\n'.repeat(2_000)}"` };
    expect(oddRowsLine([long, long, long, long])?.length).toBeLessThan(700);
  });
});

describe('the screens', () => {
  const sound = bookOf(TRIDENT.held, [TRIDENT.opening]);
  const odd = {
    ...sound,
    odd: [holding],
    positions: sound.positions.map((view) => ({ ...view, odd: [holding] })),
  };
  const text = (views: unknown) => JSON.stringify(views).replaceAll('\u00a0', ' ').replaceAll('\u2060', '');

  it('/positions names the row at the position and at the end, and doesn’t say that it has no targets', () => {
    const shown = text(positionsViews(odd, odd.positions, 'PAPER', T0));
    expect(shown).toContain('Not sure of what is held and working here');
    expect(shown).toContain('1 row of the broker’s can’t be read: the holding QQQ 18 Dec 26 480 P');
    expect(shown).toContain('targets not known: the broker’s answer can’t be read in full');
    expect(shown).not.toContain('no targets');
    expect(text(positionsViews(sound, sound.positions, 'PAPER', T0))).not.toContain('can’t be read');
  });

  it('/positions and /orders don’t say that there is nothing where there is something unreadable', () => {
    const empty = { ...bookOf([]), odd: [holding] };
    expect(text(positionsViews(empty, [], 'PAPER', T0))).toMatch(
      /that I can read.*the holding QQQ 18 Dec 26 480 P/,
    );
    expect(text(ordersViews(empty, [], 'PAPER'))).toMatch(
      /None that I can read.*the holding QQQ 18 Dec 26 480 P/,
    );
  });

  it('a reminder of missing targets tells of it as not known, and offers no preview of it', () => {
    const telling = missingTargetsTelling(findMissing(odd, {}), T0);
    expect(telling.headline).toBe('1 position I can’t read in full');
    expect(telling.preview).toEqual([]);
    expect(telling.blocks.join()).toContain('Not sure of what is held and working here');
  });
});

describe('a trader’s view of an order that can’t be read', () => {
  const order: OddRow = {
    what: 'order',
    name: '4123',
    doubts: 'coverage',
    concern: { symbols: [QQQ480], kin: null },
    why: 'its status reads “Foo”, which I don’t know',
  };
  const told = 'order 4123 on QQQ 18 Dec 26 480 P (its status reads “Foo”, which I don’t know)';
  const book = bookOf(TRIDENT.held, [TRIDENT.opening]);
  const odd = { ...book, odd: [order], positions: book.positions.map((view) => ({ ...view, odd: [order] })) };
  const text = (views: unknown) => JSON.stringify(views).replaceAll('\u00a0', ' ').replaceAll('\u2060', '');
  const pricer = new PreviewPricer(
    brokerWith({
      underlying: async (symbol) => ({
        symbol,
        isIndex: false,
        optionTicks: [{ below: null, increment: d('0.01') }],
      }),
      dryRun: async () => CLEAN,
    }),
    { rounding: 'nearest', spreadTicks: new Map(), maxOrderContracts: null },
  );
  const previewOf = (change: Partial<Preview>): Preview => ({
    planId: 'p',
    account: 'A',
    name: NAME,
    positions: [],
    overrides: {},
    dryRun: false,
    expiresAt: T0,
    actor: { userId: 'u', roleIds: [], guildId: null, channelId: 'c' },
    orders: 0,
    locked: null,
    halt: null,
    givingWay: [],
    bared: [],
    close: null,
    quotes: new Map(),
    marksMissing: null,
    odd: [order],
    leftOut: [],
    ...change,
  });

  it('/status names it and is not all well', () => {
    const check = { ok: true, seen: 'fine' };
    const shown = statusViews({
      environment: 'PAPER',
      version: '1',
      accounts: [{ name: null, standing: check, stream: check }],
      missing: [],
      halt: null,
      oddSteps: null,
      odd: [order],
      gateway: check,
      broker: check,
      database: check,
      market: check,
      reminders: check,
      trading: check,
      looking: { ok: true, seen: 'traders only' },
    });
    expect(plainTextOf(shown)).toContain(
      `1 row of the broker’s can’t be read: ${told}. What they may concern`,
    );
    expect(plainTextOf(shown)).toMatch(/^# PAPER · look at: unreadable rows\n/);
  });

  it('/orders names it beside those that can be read', () => {
    expect(text(ordersViews({ ...book, odd: [order] }, [], 'PAPER'))).toContain(told);
  });

  it('the preview names it where the targets would stand, in full, and offers no Submit and no other reason', async () => {
    const positions = await pricer.price(odd, odd.positions, {}, true);
    const shown = text(previewViews(previewOf({ positions }), 'PAPER', T0));
    expect(shown).toContain(
      `⛔ I can’t read ${told}, so how much can be closed here is not sure, and no order is offered.`,
    );
    expect(shown).toContain(`1 row of the broker’s can’t be read: ${told}`);
    expect(shown).not.toMatch(/Submit|covered by working|restrict|is free to close now/);
  });

  it('with `all`, a position that is left out for it says so', () => {
    const shown = text(previewViews(previewOf({ leftOut: odd.positions }), 'PAPER', T0));
    expect(shown).toContain(`Not sure of what is held and working here: I can’t read ${told}`);
  });

  it('is not called restricted by the broker where it only counts as not free', () => {
    const locked = odd.positions.map((view) => ({
      ...view,
      cover: {
        ...view.cover,
        contracts: view.cover.contracts.map((each) => ({ ...each, restricted: each.held })),
      },
    }));
    expect(text(positionsViews(odd, locked, 'PAPER', T0))).not.toContain('restricted');
  });
});
