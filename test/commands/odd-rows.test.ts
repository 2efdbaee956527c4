import { describe, expect, it } from 'vitest';
import { oddPositionLine, oddRowsLine } from '../../src/commands/views/odd-rows.js';
import { ordersViews } from '../../src/commands/views/orders.js';
import { positionsViews } from '../../src/commands/views/positions.js';
import { missingTargetsTelling } from '../../src/commands/views/reminders/missing-targets.js';
import type { OddRow } from '../../src/services/domain/odd-rows.js';
import { findMissing } from '../../src/services/reminders/kinds/missing-targets.js';
import { T0 } from '../services/support/builders.js';
import { bookOf, TRIDENT } from '../services/support/scene.js';

const QQQ480 = 'QQQ   261218P00480000';

const holding: OddRow = {
  ...{
    what: 'holding',
    name: QQQ480,
    why: 'its quantity reads “NaN”, which is no number',
    doubts: 'coverage',
  },
  concern: { symbols: [QQQ480], kin: null },
};
const past: OddRow = {
  ...{ what: 'order', name: '4123', why: 'its status is missing', doubts: 'price' },
  concern: { symbols: [QQQ480], kin: null },
};
const nameless: OddRow = {
  ...{ what: 'order', name: null, why: 'its id is missing', doubts: 'nothing' },
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
      '❔ Not sure of what is held and working here: I can’t read the broker’s holding QQQ 18 Dec 26 480 P (its quantity reads “NaN”, which is no number) and 1 more',
    );
    expect(oddPositionLine([past])).toContain(
      'Not sure of its opening price: I can’t read the broker’s order 4123',
    );
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
  const text = (views: unknown) => JSON.stringify(views).replaceAll('\u00a0', ' ');

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
