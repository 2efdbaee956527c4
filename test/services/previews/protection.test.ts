import { describe, expect, it } from 'vitest';
import { concernsPosition } from '../../../src/domain/odd-rows.js';
import type { OddRow } from '../../../src/domain/types.js';
import { positionBlock } from '../../../src/screens/positions.js';
import { previewViews } from '../../../src/screens/preview.js';
import { previewNoteText } from '../../../src/screens/preview-notes.js';
import type { Preview } from '../../../src/services/previews/preview.js';
import { PreviewPricer } from '../../../src/services/previews/pricing.js';
import { d, filledOrder, holding } from '../../domain/build.js';
import { ACCOUNT, brokerWith, NAME, T0 } from '../support/builders.js';
import { bookOf, CLEAN } from '../support/scene.js';

const SOLD = filledOrder('10', ['sell-to-open 1 QQQ 2026-12-18 475 P @ 5'], new Date('2026-11-02T15:00:00Z'));
const BOUGHT = filledOrder(
  '11',
  ['buy-to-open 1 QQQ 2026-12-18 470 P @ 3'],
  new Date('2026-11-03T15:00:00Z'),
);
const HELD = ['-1 QQQ 2026-12-18 475 P @ 5', '1 QQQ 2026-12-18 470 P @ 3'].map((text) => holding(text));
const rolled = () => bookOf(HELD, [SOLD, BOUGHT]);
const hedged = () => bookOf([holding('1 QQQ 2026-12-18 470 P @ 3'), holding('100 QQQ @ 480')], [BOUGHT]);

const broker = brokerWith({
  underlying: async (symbol) => ({
    symbol,
    isIndex: false,
    optionTicks: [{ below: null, increment: d('0.01') }],
  }),
  dryRun: async () => CLEAN,
});
const pricer = new PreviewPricer(broker, {
  rounding: 'nearest',
  spreadTicks: new Map(),
  maxOrderContracts: null,
});

function textOf(positions: Preview['positions']): string {
  const preview: Preview = {
    planId: 'p',
    account: ACCOUNT,
    name: NAME,
    positions,
    overrides: {},
    dryRun: false,
    expiresAt: T0,
    actor: { userId: 'u', roleIds: [], guildId: null, channelId: 'c' },
    orders: 1,
    locked: null,
    halt: null,
    givingWay: [],
    bared: [],
    close: null,
    quotes: new Map(),
    marksMissing: null,
    odd: [],
    leftOut: [],
  };
  return JSON.stringify(previewViews(preview, 'PAPER', T0))
    .replaceAll('\u00a0', ' ')
    .replaceAll('\u2060', '');
}

describe('a long leg that covers a short one of another position', () => {
  it('is left out of all, which says why and how to choose it', async () => {
    const book = rolled();
    const positions = await pricer.price(book, book.positions, {}, true);
    expect(positions.map(({ targets }) => targets.length)).toEqual([1, 0]);
    expect(positions[1]?.notes.map(previewNoteText)).toEqual([
      'Selling 1 × QQQ 18 Dec 26 470 P would leave 1 × QQQ 18 Dec 26 475 P short without cover. Close the short first, or choose it: `/targets position:38 leave_naked:True` shows it with what is left.',
    ]);
    const shown = textOf(positions);
    expect(shown).toContain('Belongs with #37 (inferred): 1 × 470P covers its short 475P');
    expect(shown).toContain('Belongs with #38 (inferred): its 470P covers the short 1 × 475P');
    expect(shown).not.toContain('Everything is covered');
  });

  it('asked for by itself it is refused, with a percentage and a price too', async () => {
    const book = rolled();
    for (const overrides of [{}, { percent: d(50) }, { price: d(9) }]) {
      await expect(pricer.price(book, book.positions.slice(1), overrides, false)).rejects.toMatchObject({
        code: 'LEAVES_SHORT_NAKED',
      });
    }
  });

  it('chosen, it is offered, and the preview says in bold what is left', async () => {
    const book = rolled();
    const positions = await pricer.price(book, book.positions.slice(1), { leaveNaked: true }, false);
    expect(positions[0]?.targets).toHaveLength(1);
    const shown = textOf(positions);
    expect(shown).toContain('**As you chose, this leaves 1 × QQQ 18 Dec 26 475 P short without cover.**');
    expect(shown).toContain('**Leaves 1 × QQQ 18 Dec 26 475 P short without cover**');
  });

  it('is told in the list of positions', () => {
    const book = rolled();
    const [first, second] = book.positions.map((view) => positionBlock(view, book, T0));
    expect(first).toContain('🔗 Belongs with #38');
    expect(second).toContain('🔗 Belongs with #37');
  });
});

describe('a long put with the shares held', () => {
  it('is a hedge: left out of all, said so, and offered by itself', async () => {
    const book = hedged();
    const all = await pricer.price(book, book.positions, {}, true);
    expect(all[0]).toMatchObject({ targets: [], notes: [{ code: 'HEDGE', shares: 100 }] });
    expect(textOf(all)).toContain('Hedge: protects 100 shares you hold');
    const [alone] = await pricer.price(book, book.positions, {}, false);
    expect(alone?.targets).toHaveLength(1);
  });

  it('is none over fewer shares than one contract is of, nor over sold ones', () => {
    for (const shares of ['99 QQQ', '-100 QQQ']) {
      const book = bookOf([holding('1 QQQ 2026-12-18 470 P @ 3'), holding(shares)], [BOUGHT]);
      expect(book.positions.map(({ hedges }) => hedges)).toEqual([0]);
    }
  });
});

describe('a row of the broker that can’t be read, on what else covers', () => {
  const odd = (symbol: string): OddRow => ({
    what: 'order',
    name: '4123',
    why: 'its side is missing',
    doubts: 'coverage',
    concern: { symbols: [symbol], kin: null },
  });
  const bought = (id: string, contract: string) =>
    filledOrder(id, [`buy-to-open 1 ${contract} @ 3`], new Date('2026-11-04T15:00:00Z'));
  const puts = () =>
    bookOf(
      [...HELD, holding('1 QQQ 2026-12-18 465 P @ 3')],
      [SOLD, BOUGHT, bought('12', 'QQQ 2026-12-18 465 P')],
    );
  const calls = () =>
    bookOf(
      [
        holding('-1 QQQ 2026-12-18 520 C @ 3'),
        holding('100 QQQ @ 480'),
        holding('1 QQQ 2026-12-18 530 C @ 3'),
      ],
      [
        filledOrder('10', ['sell-to-open 1 QQQ 2026-12-18 520 C @ 3'], new Date('2026-11-02T15:00:00Z')),
        bought('12', 'QQQ 2026-12-18 530 C'),
      ],
    );

  it.each([
    ['another long option', puts, 'QQQ   261218P00470000', 'QQQ   261218P00465000', '475 P'],
    ['the shares', calls, 'QQQ', 'QQQ   261218C00530000', '520 C'],
  ])('it counts as no cover: %s', async (_what, held, doubtful, last, short) => {
    const book = held();
    const sold = async (rows: OddRow[]) => {
      const views = book.positions
        .filter(({ position }) => position.legs.some(({ instrument }) => instrument.symbol === last))
        .map((view) => ({ ...view, odd: rows.filter((row) => concernsPosition(row, view.position)) }));
      const positions = await pricer.price({ ...book, odd: rows }, views, {}, true);
      const orders = positions.flatMap(({ targets }) => targets.map(({ order }) => order));
      const symbols = orders.flatMap(({ legs }) => legs.map(({ symbol }) => symbol));
      return {
        sells: symbols.includes(last),
        notes: positions.flatMap(({ notes }) => notes.map(previewNoteText)).join(' '),
      };
    };
    expect((await sold([odd('SPY')])).sells).toBe(true);
    const kept = await sold([odd(doubtful)]);
    expect(kept.sells).toBe(false);
    expect(kept.notes).toContain(`1 × QQQ 18 Dec 26 ${short} short without cover`);
    expect(kept.notes).toMatch(
      /I can’t read order 4123 on QQQ.* \(its side is missing\), so what it is about counts as no cover\./,
    );
  });
});
