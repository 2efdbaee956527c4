import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractsOf, type InTheWay, toEnd, wholeOf } from '../../../src/domain/closing.js';
import { costAt, limitAt } from '../../../src/domain/closing-price.js';
import type { Grid } from '../../../src/domain/ticks.js';
import { isOnTick } from '../../../src/domain/ticks.js';
import type { BrokerOrder, Quote } from '../../../src/domain/types.js';
import { type CloseAt, parseClose } from '../../../src/services/previews/close-wish.js';
import { type Market, marketOf, planClose, priceClose } from '../../../src/services/previews/closing.js';
import { d, filledOrder, holding, workingOrder, x } from '../../domain/build.js';
import { bookOf, TRIDENT } from '../support/scene.js';

const ALL = { at: 'mid', portion: null } as const;
const NICKEL: Grid = [{ below: null, increment: d('0.05') }];
const PUTS = (count: number) => [
  `buy-to-close ${count} QQQ 2026-12-18 480 P @ 1`,
  `sell-to-close ${count} QQQ 2026-12-18 475 P @ 1`,
];
const CALLS = ['buy-to-close 1 QQQ 2026-12-18 520 C @ 1', 'sell-to-close 1 QQQ 2026-12-18 525 C @ 1'];

const trident = (orders: BrokerOrder[]) => {
  const book = bookOf(TRIDENT.held, [TRIDENT.opening], orders);
  const [view] = book.positions;
  if (!view) throw new Error('no position');
  return { book, view };
};
const ends = (orders: BrokerOrder[], wish: Parameters<typeof planClose>[2] = ALL) => {
  const { book, view } = trident(orders);
  return planClose(book, view, wish, null)
    .givingWay.map(({ id }) => id)
    .sort();
};

describe('what a close comes to', () => {
  it('is all option legs as one order in the proportion held, and whatever works on them ends first', () => {
    const stop = workingOrder('703', CALLS, { orderType: 'Stop', price: null });
    const { book, view } = trident([workingOrder('701', PUTS(1)), workingOrder('702', PUTS(1)), stop]);
    const { whole, units, givingWay } = planClose(book, view, ALL, null);
    expect(units).toBe(1);
    expect(whole.legs.map(({ side, ratio }) => `${side} ${ratio}`)).toEqual([
      'short 2',
      'long 2',
      'short 1',
      'long 1',
    ]);
    expect(givingWay.map(({ id }) => id).sort()).toEqual(['701', '702', '703']);
  });

  it('needs nothing to end where all is free', () => {
    expect(ends([])).toEqual([]);
  });

  it('ends a complex order as a whole, with what it works on elsewhere', () => {
    const complex = { id: '55', tag: 'OCO::order' };
    const pair = [
      workingOrder('701', PUTS(2), { complex }),
      workingOrder('702', PUTS(2), { complex, orderType: 'Stop Limit' }),
    ];
    expect(ends(pair)).toEqual(['701', '702']);
  });

  it('leaves what the broker cancels not now, and then nothing of the proportion can be closed', () => {
    const stuck = { ...workingOrder('701', PUTS(1)), cancellable: false };
    expect(() => ends([stuck])).toThrow(
      expect.objectContaining({ code: 'CLOSE_IMPOSSIBLE', facts: { id: 37, why: 'stuck' } }),
    );
  });

  describe('of three verticals', () => {
    const held = ['-3 QQQ 2026-12-18 480 P @ 4.00', '3 QQQ 2026-12-18 475 P @ 2.00'].map((text) =>
      holding(text),
    );
    const opening = filledOrder('100', [
      'sell-to-open 3 QQQ 2026-12-18 480 P @ 4.00',
      'buy-to-open 3 QQQ 2026-12-18 475 P @ 2.00',
    ]);
    const planned = (portion: string, orders: BrokerOrder[] = []) => {
      const book = bookOf(held, [opening], orders);
      const [view] = book.positions;
      if (!view) throw new Error('no position');
      const plan = planClose(book, view, parseClose({ at: null, portion }), null);
      return [plan.units, ...plan.givingWay.map(({ id }) => id)];
    };

    it.each([
      ['2', 2],
      ['2 lots', 2],
      ['100 %', 3],
      ['50%', 1],
      ['2/3', 2],
      ['all', 3],
    ])('%s is %s', (portion, units) => {
      expect(planned(portion)).toEqual([units]);
    });

    it.each(['4', '20%'])('%s can’t be', (portion) => {
      expect(() => planned(portion)).toThrow(expect.objectContaining({ code: 'PORTION_IMPOSSIBLE' }));
    });

    it.each(['0', 'some', '0%', '4/3', '101%', '1.5', '-1'])('%s isn’t read', (portion) => {
      expect(() => planned(portion)).toThrow(expect.objectContaining({ code: 'CLOSE_UNREADABLE' }));
    });

    it('ends no order whose contracts are not needed', () => {
      const two = workingOrder('702', PUTS(2));
      const one = workingOrder('701', PUTS(1));
      expect(planned('1', [two])).toEqual([1]);
      expect(planned('1', [one, two])).toEqual([1, expect.stringMatching(/^70[12]$/)]);
      expect(planned('2', [one, two])).toEqual([2, '702']);
    });
  });

  it('is no more than is held, whatever an order claims that fits no position', () => {
    const opened = (id: string, day: string) =>
      filledOrder(id, ['buy-to-open 2 QQQ 2026-12-18 480 P @ 4.00'], new Date(`${day}T15:00:00Z`));
    const stray = workingOrder('701', ['buy-to-close 4 QQQ 2026-12-18 480 P @ 1']);
    const orders = [opened('100', '2026-11-02'), opened('101', '2026-11-03')];
    const book = bookOf([holding('4 QQQ 2026-12-18 480 P @ 4.00')], orders, [stray]);
    const [older] = book.positions;
    if (!older) throw new Error('no position');
    const planned = (portion: string) => planClose(book, older, parseClose({ at: null, portion }), null);
    expect(planned('2')).toMatchObject({ units: 2, givingWay: [{ id: '701' }] });
    expect(() => planned('3')).toThrow(
      expect.objectContaining({ code: 'PORTION_IMPOSSIBLE', facts: { id: 37, asked: 3, most: 2, held: 2 } }),
    );
  });

  it('frees what is needed where that is possible, and not one order more', () => {
    const symbols = ['A', 'B', 'C'];
    const counts = fc.record({ A: fc.nat(3), B: fc.nat(3), C: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 5 }), counts, counts, (each, wanted, unclaimed) => {
        const mapped = (of: typeof wanted) => new Map(Object.entries(of));
        const candidates = each.map((of) => ({ frees: mapped(of) }) as unknown as InTheWay);
        const [need, free] = [mapped(wanted), mapped(unclaimed)];
        const enough = (chosen: readonly InTheWay[]) =>
          symbols.every((symbol) => {
            const freed = chosen.reduce((sum, { frees }) => sum + (frees.get(symbol) ?? 0), 0);
            return freed + (free.get(symbol) ?? 0) >= (need.get(symbol) ?? 0);
          });
        const chosen = toEnd(candidates, need, free);
        if (!enough(candidates)) return;
        expect(enough(chosen)).toBe(true);
        for (const one of chosen) expect(enough(chosen.filter((other) => other !== one))).toBe(false);
      }),
    );
  });
});

describe('an order placed anew', () => {
  const order = workingOrder('701', [...PUTS(2), ...CALLS]);
  const instead = (of: BrokerOrder, left: Record<string, number>) => ({
    order: of,
    contracts: new Map(Object.entries(left)),
  });
  const symbols = order.legs.map(({ instrument }) => instrument.symbol);

  it('closes what it left, in its own proportion', () => {
    const { book, view } = trident([order]);
    const left = Object.fromEntries(
      order.legs.map(({ instrument, quantity }) => [instrument.symbol, quantity]),
    );
    const plan = planClose(book, view, ALL, instead(order, left));
    expect([...contractsOf(plan.whole.legs, plan.units).values()]).toEqual([2, 2, 1, 1]);
    expect(plan.givingWay).toEqual([order]);
  });

  it('can’t be where it has traded unevenly', () => {
    const { book, view } = trident([order]);
    const left = {
      [symbols[0] ?? '']: 2,
      [symbols[1] ?? '']: 2,
      [symbols[2] ?? '']: 0,
      [symbols[3] ?? '']: 0,
    };
    expect(() => planClose(book, view, ALL, instead(order, left))).toThrow(
      expect.objectContaining({ code: 'CHANGE_IMPOSSIBLE' }),
    );
  });

  describe('once it has ended', () => {
    const gone = workingOrder('701', PUTS(2), { state: 'cancelled' });
    const contracts = { [symbols[0] ?? '']: 2, [symbols[1] ?? '']: 2 };
    const opened = (id: string, day: string) =>
      filledOrder(
        id,
        ['sell-to-open 2 QQQ 2026-12-18 480 P @ 4.00', 'buy-to-open 2 QQQ 2026-12-18 475 P @ 2.00'],
        new Date(`${day}T15:00:00Z`),
      );
    const held = ['-4 QQQ 2026-12-18 480 P @ 4.00', '4 QQQ 2026-12-18 475 P @ 2.00'].map((text) =>
      holding(text),
    );
    /** Of the older of two positions of the same contracts, two verticals each. */
    const unitsBeside = (orders: BrokerOrder[]) => {
      const book = bookOf(held, [opened('100', '2026-11-02'), opened('101', '2026-11-03')], orders);
      const [older] = book.positions;
      if (!older) throw new Error('no position');
      return planClose(book, older, ALL, instead(gone, contracts)).units;
    };

    it('closes all that it left', () => {
      expect(unitsBeside([])).toBe(2);
    });

    it('closes nothing of another position where others close its own contracts by now', () => {
      expect(unitsBeside([workingOrder('702', PUTS(1))])).toBe(1);
      expect(() => unitsBeside([workingOrder('702', PUTS(2))])).toThrow(
        expect.objectContaining({ code: 'CHANGE_IMPOSSIBLE', facts: { orderId: '701', why: 'filled' } }),
      );
    });
  });
});

describe('the price of a close', () => {
  const [view] = trident([]).book.positions;
  const whole = wholeOf(view?.position ?? { legs: [] }, 'Senex Trident');
  const quote = (bid: string, ask: string, mark: string, at?: Date): Quote => ({
    bid: d(bid),
    ask: d(ask),
    mark: d(mark),
    ...(at && { at }),
  });
  const [shortPut = '', longPut = '', shortCall = '', longCall = ''] = whole.legs.map(
    ({ instrument }) => instrument.symbol,
  );
  const quotes = new Map([
    [shortPut, quote('3.00', '3.20', '3.11', new Date(5_000))],
    [longPut, quote('1.80', '2.00', '1.90', new Date(4_000))],
    [shortCall, quote('1.00', '1.10', '1.05', new Date(7_000))],
    [longCall, quote('0.50', '0.60', '0.55', new Date(6_000))],
  ]);
  const market = marketOf(whole, quotes);
  const priced = (at: CloseAt, on: Market = market) =>
    priceClose({ whole, units: 1 }, at, { market: on, grid: NICKEL, rounding: 'nearest', instead: null });

  it('stands on the quotes of all legs, as old as the oldest', () => {
    // 2 × (3.20 − 1.80) + 1.10 − 0.50; 2 × (3.10 − 1.90) + 1.05 − 0.55; 2 × (3.11 − 1.90) + 1.05 − 0.55
    expect(market).toEqual({ natural: d('3.40'), mid: d('2.90'), mark: d('2.92'), at: new Date(4_000) });
    const timeless = new Map([...quotes, [longCall, quote('0.50', '0.60', '0.55')]]);
    expect(marketOf(whole, timeless).at).toBeNull();
  });

  it.each<[CloseAt, string]>([
    ['mid', '2.90'],
    ['mark', '2.90'],
    ['natural', '3.40'],
    [{ price: d('3.05') }, '3.05'],
  ])('at %o', (at, price) => {
    // Opened for 2 × 2.00 + 1.00.
    const made = d('5.00').minus(price).times(100);
    const { limit, effect, profit, lossMaking } = priced(at);
    expect([limit.toFixed(2), effect, profit?.eq(made), lossMaking]).toEqual([price, 'debit', true, false]);
  });

  it('says what is missing, or what a price can’t be', () => {
    const none = { natural: null, mid: null, mark: null, at: null };
    expect(() => priced('natural', none)).toThrow(expect.objectContaining({ code: 'CLOSE_UNQUOTED' }));
    expect(priced({ price: d('3.00') }, none).effect).toBe('debit');
    expect(() => priced({ price: d('3.01') })).toThrow(expect.objectContaining({ code: 'PRICE_OFF_TICK' }));
  });

  it('goes the way the money goes now, also where it was opened the other way', () => {
    const paid = priced('mid', { ...market, mid: d('-0.22') });
    expect([paid.effect, paid.limit.toFixed(2), paid.profit?.eq(520)]).toEqual(['credit', '0.20', true]);
    const loss = priced('natural', { ...market, natural: d('6.01') });
    expect([loss.limit.toFixed(2), loss.profit?.eq(-105), loss.lossMaking]).toEqual(['6.05', true, true]);
  });

  describe('of a vertical near nothing, whose legs’ quotes add up to the wrong side of it', () => {
    const verticalAt = (opening: readonly string[], at: CloseAt, mark: string) => {
      const [leg = '', other = ''] = opening;
      const book = bookOf([holding(leg), holding(other)], []);
      const vertical = wholeOf(book.positions[0]?.position ?? { legs: [] }, 'Vertical');
      expect(vertical.legs).toHaveLength(2);
      const on: Market = { natural: d('0.05'), mid: d(mark), mark: d(mark), at: null };
      const { limit, effect } = priceClose({ whole: vertical, units: 1 }, at, {
        market: on,
        grid: NICKEL,
        rounding: 'nearest',
        instead: null,
      });
      return `${effect} ${limit.toFixed(2)}`;
    };
    const BOUGHT = ['1 QQQ 2026-12-18 480 P @ 4.00', '-1 QQQ 2026-12-18 475 P @ 2.00'];
    const SOLD = ['-1 QQQ 2026-12-18 480 P @ 4.00', '1 QQQ 2026-12-18 475 P @ 2.00'];

    it('a price of the trader’s own sells what was bought, and buys back what was sold', () => {
      expect(verticalAt(BOUGHT, { price: d('0.80') }, '0.01')).toBe('credit 0.80');
      expect(verticalAt(SOLD, { price: d('0.05') }, '-0.01')).toBe('debit 0.05');
    });

    it.each(['mid', 'mark'] as const)('nobody pays at the %s for what can only be worth something', (at) => {
      expect(verticalAt(BOUGHT, at, '0.02')).toBe('credit 0.05');
    });
  });

  it('a step is one tick from the order’s limit, until that is at the market', () => {
    const order = workingOrder('701', [...PUTS(2), ...CALLS], { price: d('3.30'), effect: 'debit' });
    const step = (price: string) =>
      priceClose({ whole, units: 1 }, 'step', {
        market,
        grid: NICKEL,
        rounding: 'nearest',
        instead: { order: { ...order, price: d(price) }, contracts: new Map() },
      });
    expect(step('3.30').limit.toFixed(2)).toBe('3.35');
    expect(() => step('3.40')).toThrow(expect.objectContaining({ code: 'CLOSE_AT_MARKET' }));
  });

  it('what is only sold is never paid for: an option nobody bids for is offered at the least', () => {
    const book = bookOf(
      [holding('2 QQQ 2026-12-18 480 P @ 1.00')],
      [filledOrder('100', ['buy-to-open 2 QQQ 2026-12-18 480 P @ 1.00'])],
    );
    const [long] = book.positions;
    const put = wholeOf(long?.position ?? { legs: [] }, 'Long put');
    const worthless = marketOf(put, new Map([[shortPut, quote('0', '0.05', '0.02')]]));
    const { effect, limit, profit } = priceClose({ whole: put, units: 2 }, 'natural', {
      market: worthless,
      grid: NICKEL,
      rounding: 'nearest',
      instead: null,
    });
    expect([effect, limit.toFixed(2), profit?.eq(-190)]).toEqual(['credit', '0.05', true]);
  });

  it('is on tick whatever the quotes, the mid’s never worse than the natural one', () => {
    const leg = fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(fc.tuple(leg, leg, leg, leg), (legs) => {
        const random = new Map(
          legs.map(([bid, spread], at) => {
            const low = d(bid).div(100);
            const high = low.plus(d(spread).div(100));
            return [
              whole.legs[at]?.instrument.symbol ?? '',
              { bid: low, ask: high, mark: low.plus(high).div(2) },
            ];
          }),
        );
        const now = marketOf(whole, random);
        const at = (which: 'mid' | 'natural') => {
          const { limit: price, effect } = priced(which, now);
          expect(isOnTick(NICKEL, price)).toBe(true);
          return costAt({ price, effect });
        };
        expect(at('mid').lte(at('natural'))).toBe(true);
        expect(at('natural').eq(costAt(limitAt(NICKEL, now.natural ?? d(0), 'met', 'debit')))).toBe(true);
      }),
    );
  });
});

describe('what somebody types', () => {
  it.each([
    [null, 'mid'],
    ['', 'mid'],
    [' Natural', 'natural'],
    ['$1.25', { price: d('1.25') }],
  ])('%s', (typed, at) => {
    expect(parseClose({ at: typed, portion: null }).at).toEqual(at);
  });

  it('is no price: refused, and nothing is guessed', () => {
    expect(() => parseClose({ at: 'cheap', portion: null })).toThrow(
      expect.objectContaining({ code: 'CLOSE_UNREADABLE', facts: { typed: 'cheap', what: 'at' } }),
    );
    expect(() => parseClose({ at: '1,25', portion: null })).toThrow(
      expect.objectContaining({ code: 'COMMA_UNCLEAR' }),
    );
    expect(parseClose({ at: null, portion: '1/3' }).portion).toEqual({ share: x('1/3') });
  });
});
