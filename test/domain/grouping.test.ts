import { describe, expect, it } from 'vitest';
import { groupPositions } from '../../src/domain/grouping.js';
import { titleOf } from '../../src/domain/strategies/index.js';
import type { BrokerOrder, Holding, Position } from '../../src/domain/types.js';
import { doubtText } from '../../src/screens/doubts.js';
import { d, fill, filledOrder, holding, option, order, orderLeg, x } from './build.js';

const P470 = 'QQQ 2026-12-18 470 P';
const P480 = 'QQQ 2026-12-18 480 P';
const C480 = 'QQQ 2026-12-18 480 C';
const C490 = 'QQQ 2026-12-18 490 C';
const day = (number: number) => new Date(Date.UTC(2026, 10, number, 15));

function trident(id: string, at = day(2)): BrokerOrder {
  return filledOrder(
    id,
    [
      `buy-to-open 2 ${P470} @ 1.20`,
      `sell-to-open 2 ${P480} @ 3.05`,
      `sell-to-open 1 ${C480} @ 4.00`,
      `buy-to-open 1 ${C490} @ 1.60`,
    ],
    at,
  );
}
const TRIDENT_HELD = [`2 ${P470} @ 1.20`, `-2 ${P480} @ 3.05`, `-1 ${C480} @ 4`, `1 ${C490} @ 1.60`];

function group(
  held: (string | Holding)[],
  orders: BrokerOrder[],
  links = new Map<string, string>(),
): Position[] {
  const holdings = held.map((each) => (typeof each === 'string' ? holding(each) : each));
  return groupPositions({ account: '5WT00001', holdings, orders, links });
}

/** `480P -2/2` per leg: strike and type, held (negative is short) of opened. */
function shape({ legs }: Position): string[] {
  return legs.map(({ instrument, side, held, opened }) => {
    const name = instrument.option
      ? `${instrument.option.strike}${instrument.option.type === 'put' ? 'P' : 'C'}`
      : instrument.symbol;
    return `${name} ${side === 'short' && held > 0 ? '-' : ''}${held}/${opened}`;
  });
}
const keys = (positions: Position[]) => positions.map(({ key }) => key);

describe('positions from opening orders', () => {
  it('a filled Trident is one position with its net credit', () => {
    const [position, ...rest] = group(TRIDENT_HELD, [trident('10')]);
    expect(rest).toEqual([]);
    expect(position).toMatchObject({
      key: 'order:10',
      account: '5WT00001',
      underlying: 'QQQ',
      strategy: 'senex-trident',
      units: 1,
      inferred: false,
      opening: false,
      openingOrderId: '10',
      openedAt: day(2),
      doubts: [],
    });
    // Two put verticals at 1.85 and a call vertical at 2.40.
    expect(position?.entry).toMatchObject({ kind: 'credit', credit: x('6.1') });
  });

  it('averages split fills and counts a fill listed twice once', () => {
    const at = day(2);
    const opening = order('10', [
      { ...orderLeg(`sell-to-open 3 ${P480}`), fills: [fill(1, d(3), at), fill(2, d('3.3'), at)] },
    ]);
    const [first] = opening.legs[0]?.fills ?? [];
    if (first) opening.legs[0]?.fills.push({ ...first });
    const [position] = group([`-3 ${P480} @ 9`], [opening]);
    expect(position?.legs[0]?.openPrice?.toString()).toBe('3.2');
    expect(shape(position as Position)).toEqual(['480P -3/3']);
    expect(position?.doubts).toEqual([]);
  });

  it('takes the same order once, however often and in whatever order it comes', () => {
    const other = filledOrder('11', [`sell-to-open 1 ${C490} @ 2`], day(3));
    const held = [`2 ${P470}`, `-2 ${P480}`, `-1 ${C480}`];
    // The short 490 call nets the Trident's long one away at the broker, so neither is held.
    const once = group(held, [trident('10'), other]);
    expect(group(held, [other, trident('10'), other, trident('10')])).toEqual(once);
  });

  it('keeps look-alikes apart by their opening orders, oldest first', () => {
    const orders = [
      filledOrder('11', [`buy-to-open 1 ${P470} @ 1`, `sell-to-open 1 ${P480} @ 2`], day(3)),
      filledOrder('9', [`buy-to-open 1 ${P470} @ 1`, `sell-to-open 1 ${P480} @ 4`], day(2)),
    ];
    const positions = group([`2 ${P470}`, `-2 ${P480}`], orders);
    expect(keys(positions)).toEqual(['order:9', 'order:11']);
    expect(positions.map(({ entry }) => (entry.kind === 'credit' ? String(entry.credit) : null))).toEqual([
      '3',
      '1',
    ]);
  });

  it('drops what is filled but not (or no longer) held', () => {
    expect(group([], [trident('10')])).toEqual([]);
  });

  it('ignores orders that filled nothing, and stock', () => {
    const orders = [
      order('10', [orderLeg(`sell-to-open 1 ${P480}`, 0)], { state: 'cancelled' }),
      order('11', [orderLeg(`sell-to-open 1 ${P480}`, 0)], { state: 'working' }),
      filledOrder('12', ['buy-to-open 100 QQQ @ 480']),
    ];
    expect(group(['100 QQQ @ 480'], orders)).toEqual([]);
  });

  it('says when the fills give a vertical an impossible credit', () => {
    const opening = filledOrder('10', [`buy-to-open 1 ${P470} @ 3`, `sell-to-open 1 ${P480} @ 2`]);
    const [position] = group([`1 ${P470}`, `-1 ${P480}`], [opening]);
    expect(position).toMatchObject({ strategy: 'credit-vertical', entry: { kind: 'credit', credit: x(-1) } });
    expect(position?.doubts.map(doubtText)).toEqual([expect.stringContaining('not above zero')]);
  });
});

describe('opening orders that are not done', () => {
  const working = (put: number, call: number, state: 'working' | 'cancelled' = 'working') =>
    order('10', [orderLeg(`sell-to-open 4 ${P480} @ 3`, put), orderLeg(`sell-to-open 2 ${C480} @ 4`, call)], {
      state,
    });

  it('counts complete units and says that it is still opening', () => {
    const [position] = group([`-2 ${P480}`, `-1 ${C480}`], [working(2, 1)]);
    expect(position).toMatchObject({ opening: true, units: 1, doubts: [] });
    expect(shape(position as Position)).toEqual(['480P -2/2', '480C -1/1']);
  });

  it('puts stray fills among the doubts, and makes no leftover of them', () => {
    const positions = group([`-3 ${P480}`, `-1 ${C480}`], [working(3, 1)]);
    expect(positions).toHaveLength(1);
    expect(shape(positions[0] as Position)).toEqual(['480P -2/2', '480C -1/1']);
    expect(positions[0]?.doubts.map(doubtText)).toEqual([
      expect.stringContaining('1 × 480P beyond complete units'),
    ]);
  });

  it('takes the leg that is furthest behind for the measure', () => {
    const positions = group([`-4 ${P480}`, `-1 ${C480}`], [working(4, 1)]);
    expect(positions.map(shape)).toEqual([['480P -2/2', '480C -1/1']]);
    expect(positions[0]?.doubts.map(doubtText)).toEqual([
      expect.stringContaining('2 × 480P beyond complete units'),
    ]);
  });

  it('shows nothing before the first complete unit', () => {
    expect(group([`-1 ${P480}`], [working(1, 0)])).toEqual([]);
  });

  it('treats strays as leftovers once the order has ended', () => {
    const positions = group([`-3 ${P480}`, `-1 ${C480}`], [working(3, 1, 'cancelled')]);
    expect(keys(positions).toSorted()).toEqual(['inferred:QQQ:2026-12-18', 'order:10']);
    expect(positions.find(({ inferred }) => !inferred)?.opening).toBe(false);
  });
});

describe('fills that the broker has not listed yet', () => {
  it('uses the average price and marks the doubt', () => {
    const opening = order('10', [{ ...orderLeg(`sell-to-open 2 ${P480} @ 3`), remaining: 0, fills: [] }]);
    const [position] = group([`-2 ${P480} @ 3.10`], [opening]);
    expect(position?.entry).toMatchObject({ kind: 'credit', credit: x('3.1') });
    expect(position?.doubts.map(doubtText)).toEqual([
      expect.stringContaining('has not listed all fills of 480P'),
    ]);
  });

  it('counts a filled order as filled even while its remaining quantity lags', () => {
    const opening = order('10', [{ ...orderLeg(`sell-to-open 2 ${P480} @ 3`, 1), remaining: 1 }]);
    const [position] = group([`-2 ${P480} @ 3.10`], [opening]);
    expect(position?.units).toBe(2);
    expect(position?.doubts).toHaveLength(1);
  });

  it('takes no percentage of an opening price that nobody knows', () => {
    const legs = [`buy-to-open 1 ${P470} @ 1`, `sell-to-open 1 ${P480} @ 3`].map((text) => orderLeg(text));
    const opening = order(
      '10',
      legs.map((each, index) => (index === 1 ? { ...each, fills: [] } : each)),
    );
    const [position] = group([`1 ${P470} @ 1`], [opening]);
    expect(position?.entry).toMatchObject({ kind: 'credit', credit: null });
    expect(position?.doubts.map(doubtText)).toContainEqual(expect.stringContaining('is not known'));
  });

  it('trusts fills that run ahead of the remaining quantity', () => {
    const opening = order('10', [{ ...orderLeg(`sell-to-open 2 ${P480} @ 3`), remaining: 2 }], {
      state: 'working',
    });
    const [position] = group([`-2 ${P480} @ 9`], [opening]);
    expect(position).toMatchObject({ units: 2, opening: false, doubts: [] });
    expect(position?.legs[0]?.openPrice?.toString()).toBe('3');
  });
});

describe('closing orders', () => {
  it('a filled target leaves a Trident with fewer legs', () => {
    const close = filledOrder('20', [`buy-to-close 1 ${P480} @ 2`, `sell-to-close 1 ${P470} @ 0.9`], day(9));
    const [position] = group([`1 ${P470}`, `-1 ${P480}`, `-1 ${C480}`, `1 ${C490}`], [trident('10'), close]);
    expect(position).toMatchObject({ strategy: 'senex-trident', doubts: [], units: 1 });
    expect(shape(position as Position)).toEqual(['470P 1/2', '480P -1/2', '480C -1/1', '490C 1/1']);
  });

  it('keeps closed legs at zero, so that the strategy is still known', () => {
    const close = filledOrder('20', [`buy-to-close 2 ${P480} @ 2`, `sell-to-close 2 ${P470} @ 0.9`], day(9));
    const [position] = group([`-1 ${C480}`, `1 ${C490}`], [trident('10'), close]);
    expect(position?.strategy).toBe('senex-trident');
    expect(shape(position as Position)).toEqual(['470P 0/2', '480P 0/2', '480C -1/1', '490C 1/1']);
  });

  const twins = [
    filledOrder('10', [`buy-to-open 1 ${P470} @ 1`, `sell-to-open 1 ${P480} @ 4`], day(2)),
    filledOrder('11', [`buy-to-open 1 ${P470} @ 1`, `sell-to-open 1 ${P480} @ 3`], day(3)),
  ];
  const close = filledOrder('20', [`sell-to-close 1 ${P470} @ 1`, `buy-to-close 1 ${P480} @ 2`], day(9));

  it('go to the position they were placed for', () => {
    const positions = group([`1 ${P470}`, `-1 ${P480}`], [...twins, close], new Map([['20', 'order:11']]));
    expect(keys(positions)).toEqual(['order:10']);
    expect(positions[0]?.doubts).toEqual([]);
  });

  it('without a link go to the oldest look-alike, and the other says so', () => {
    const positions = group([`1 ${P470}`, `-1 ${P480}`], [...twins, close]);
    expect(keys(positions)).toEqual(['order:11']);
    expect(positions[0]?.doubts.map(doubtText)).toEqual([expect.stringContaining('Closing order 20')]);
  });

  it('that came after an unclear one are unclear themselves', () => {
    const vertical = (id: string, count: number, at: number) =>
      filledOrder(
        id,
        [`buy-to-open ${count} ${P470} @ 1.00`, `sell-to-open ${count} ${P480} @ 4.00`],
        day(at),
      );
    const orders = [
      vertical('100', 1, 1),
      filledOrder('101', [`sell-to-open 1 ${P480} @ 4.00`], day(2)),
      // Of the short put alone, though the vertical's short leg fits as well.
      filledOrder('102', [`buy-to-close 1 ${P480} @ 1.00`], day(3)),
      vertical('103', 2, 4),
      // Of the first vertical, whose short leg seems to be gone.
      filledOrder('104', [`sell-to-close 1 ${P470} @ 1.00`, `buy-to-close 1 ${P480} @ 1.00`], day(5)),
    ];
    const positions = group([`2 ${P470} @ 1.00`, `-2 ${P480} @ 4.00`], orders);
    expect(positions.every(({ doubts }) => doubts.length > 0)).toBe(true);
  });

  it('go to the only one that holds enough without a doubt', () => {
    const big = filledOrder('12', [`buy-to-open 2 ${P470} @ 1`, `sell-to-open 2 ${P480} @ 3`], day(4));
    const double = filledOrder('20', [`sell-to-close 2 ${P470} @ 1`, `buy-to-close 2 ${P480} @ 2`], day(9));
    const positions = group([`1 ${P470}`, `-1 ${P480}`], [...twins.slice(0, 1), big, double]);
    expect(keys(positions)).toEqual(['order:10']);
    expect(positions[0]?.doubts).toEqual([]);
  });

  it('may close several positions at once', () => {
    const double = filledOrder('20', [`sell-to-close 2 ${P470} @ 1`, `buy-to-close 2 ${P480} @ 2`], day(9));
    const later = filledOrder('30', [`sell-to-open 1 ${P480} @ 3`], day(10));
    expect(keys(group([`-1 ${P480}`], [...twins, double, later]))).toEqual(['order:30']);
  });

  it('never close what was opened after them', () => {
    const late = filledOrder('12', [`buy-to-open 1 ${P470} @ 1`, `sell-to-open 1 ${P480} @ 3`], day(12));
    const positions = group([`1 ${P470}`, `-1 ${P480}`], [...twins.slice(0, 1), close, late]);
    expect(keys(positions)).toEqual(['order:12']);
    expect(positions[0]?.doubts).toEqual([]);
  });

  it('may take legs of two positions', () => {
    const orders = [
      filledOrder('10', [`buy-to-open 1 ${P470} @ 1`, `sell-to-open 1 ${P480} @ 4`], day(2)),
      filledOrder('11', [`sell-to-open 1 ${C480} @ 4`, `buy-to-open 1 ${C490} @ 1`], day(3)),
      filledOrder('20', [`buy-to-close 1 ${P480} @ 4`, `buy-to-close 1 ${C480} @ 4`], day(9)),
    ];
    const positions = group([`1 ${P470}`, `1 ${C490}`], orders);
    expect(positions.map(shape)).toEqual([
      ['470P 1/1', '480P 0/1'],
      ['480C 0/1', '490C 1/1'],
    ]);
    expect(positions.map(titleOf)).toEqual([
      'Long put, rest of a bull put vertical',
      'Long call, rest of a bear call vertical',
    ]);
    expect(positions.flatMap(({ doubts }) => doubts)).toEqual([]);
  });

  it('a roll reduces the old position and defines the new one from its opening legs', () => {
    const roll = filledOrder(
      '20',
      [`buy-to-close 1 ${P480} @ 2`, 'sell-to-open 1 QQQ 2027-01-15 480 P @ 5'],
      day(9),
    );
    const old = filledOrder('10', [`sell-to-open 1 ${P480} @ 4`], day(2));
    const positions = group(['-1 QQQ 2027-01-15 480 P'], [old, roll]);
    expect(keys(positions)).toEqual(['order:20']);
    expect(positions[0]?.entry).toMatchObject({ kind: 'credit', credit: x(5) });
  });
});

describe('what is really held', () => {
  it('reduces plainly where only one position has the contract', () => {
    const [position] = group([`-1 ${C480}`, `1 ${C490}`], [trident('10')]);
    expect(shape(position as Position)).toEqual(['470P 0/2', '480P 0/2', '480C -1/1', '490C 1/1']);
    expect(position?.doubts).toEqual([]);
  });

  it('names what a leg left without the others is now', () => {
    const [position] = group([`-2 ${P480}`, `-1 ${C480}`, `1 ${C490}`], [trident('10')]);
    expect(titleOf(position as Position)).toBe('Call vertical + Short put × 2, rest of a Senex Trident');
  });

  it('reduces the oldest of several, and all say so', () => {
    const orders = ['10', '11', '12'].map((id, index) =>
      filledOrder(id, [`sell-to-open 1 ${P480} @ 3`], day(2 + index)),
    );
    const positions = group([`-2 ${P480}`], orders);
    expect(keys(positions)).toEqual(['order:11', 'order:12']);
    for (const { doubts } of positions)
      expect(doubts.map(doubtText)).toEqual([expect.stringContaining('Fewer 480P are held')]);
  });

  it('takes from the one that lost its other leg rather than from the oldest', () => {
    const orders = [
      filledOrder('10', [`sell-to-open 1 ${P480} @ 3`, `buy-to-open 1 ${P470} @ 1`], day(2)),
      filledOrder('11', [`sell-to-open 1 ${P480} @ 3`, 'buy-to-open 1 QQQ 2026-12-18 460 P @ 1'], day(3)),
    ];
    const positions = group([`-1 ${P480}`, `1 ${P470}`], orders);
    expect(keys(positions)).toEqual(['order:10']);
    expect(positions[0]?.doubts).toHaveLength(1);
  });

  it('counts nothing where the account is on the other side', () => {
    expect(keys(group([`1 ${P480}`], [filledOrder('10', [`sell-to-open 1 ${P480} @ 3`])]))).toEqual([
      'inferred:QQQ:2026-12-18',
    ]);
  });
});

describe('leftovers', () => {
  it('are grouped by underlying and expiration from average prices, marked inferred', () => {
    const since = new Date('2026-10-01T14:00:00Z');
    const positions = group(
      [
        holding(`1 ${P470} @ 1.10`, { createdAt: day(2) }),
        holding(`-1 ${P480} @ 2.60`, { createdAt: since }),
        holding(`-1 ${C490} @ 1`, { createdAt: day(3) }),
        holding(`1 QQQ 2026-12-18 500 C @ 0.4`, { createdAt: day(3) }),
        '1 QQQ 2027-01-15 500 C @ 7',
        '-1 SPXW/SPX 2026-12-18 5800 P @ 30',
      ],
      [],
    );
    expect(new Set(keys(positions))).toEqual(
      new Set(['inferred:QQQ:2026-12-18', 'inferred:QQQ:2027-01-15', 'inferred:SPX:2026-12-18']),
    );
    const condor = positions.find(({ key }) => key === 'inferred:QQQ:2026-12-18');
    expect(condor).toMatchObject({
      strategy: 'iron-condor',
      inferred: true,
      openedAt: since,
      openingOrderId: null,
      entry: { kind: 'credit', credit: x('2.1') },
    });
    expect(condor?.doubts.map(doubtText)).toEqual([expect.stringContaining('No opening order is known')]);
  });

  it('say that an average price is shared with another position', () => {
    const positions = group([`-3 ${P480} @ 2`], [filledOrder('10', [`sell-to-open 1 ${P480} @ 3`])]);
    const leftover = positions.find(({ inferred }) => inferred);
    expect(shape(leftover as Position)).toEqual(['480P -2/2']);
    expect(leftover?.doubts.map(doubtText)).toContainEqual(
      expect.stringContaining('average price is over both'),
    );
    expect(positions.find(({ inferred }) => !inferred)?.doubts).toEqual([]);
  });
});

it('a contract has the size its holding states, whatever its order was read with', () => {
  const text = '-1 QQQ 2026-12-18 480 C @ 3';
  const stated = holding(text);
  stated.instrument = { ...stated.instrument, multiplier: 10 };
  const [position] = groupPositions({
    account: 'A',
    holdings: [stated],
    orders: [filledOrder('1', ['sell-to-open 1 QQQ 2026-12-18 480 C @ 3'])],
  });
  expect(position?.legs.map(({ instrument }) => instrument.multiplier)).toEqual([10]);
});

describe('covered calls', () => {
  const call = 'AAPL 2026-12-18 210 C';
  const sold = (id: string, count: number, at = day(2)) =>
    filledOrder(id, [`sell-to-open ${count} ${call} @ 3`], at);

  it('are short calls over enough shares, whether bought together or not', () => {
    const together = filledOrder('10', ['buy-to-open 200 AAPL @ 200', `sell-to-open 2 ${call} @ 3`]);
    for (const opening of [together, sold('10', 2)]) {
      const [position] = group(['200 AAPL @ 198', `-2 ${call}`], [opening]);
      expect(position).toMatchObject({
        strategy: 'covered-call',
        underlying: 'AAPL',
        units: 2,
        entry: { kind: 'credit', credit: x(3) },
      });
      expect(shape(position as Position)).toEqual(['210C -2/2', 'AAPL 200/200']);
    }
  });

  it('need all their shares, and shares cover one call only', () => {
    expect(group(['199 AAPL', `-2 ${call}`], [sold('10', 2)])[0]?.strategy).toBe('single-short');
    const two = group(['150 AAPL', `-2 ${call}`], [sold('10', 1), sold('11', 1, day(3))]);
    expect(two.map(({ strategy }) => strategy)).toEqual(['covered-call', 'single-short']);
  });

  it('are not seen over short shares, nor for adjusted calls', () => {
    expect(group(['-200 AAPL', `-2 ${call}`], [sold('10', 2)])[0]?.strategy).toBe('single-short');
    const adjusted = { ...holding(`-1 ${call}`), instrument: option('AAPL1/AAPL 2026-12-18 210 C') };
    expect(group(['100 AAPL', adjusted], [])[0]?.strategy).toBe('single-short');
  });

  it('need as many shares as the contract says', () => {
    const mini = { ...holding(`-1 ${call}`), instrument: option(call, 10) };
    expect(group(['10 AAPL', mini], [])[0]?.strategy).toBe('covered-call');
    expect(group(['9 AAPL', mini], [])[0]?.strategy).toBe('single-short');
  });

  it('leave stock alone otherwise', () => {
    expect(group(['100 AAPL @ 200'], [])).toEqual([]);
  });
});
