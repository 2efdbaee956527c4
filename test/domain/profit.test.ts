import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupPositions } from '../../src/domain/grouping.js';
import {
  alreadyPast,
  closingCost,
  distance,
  maximumProfit,
  openProfit,
  percentAtCost,
  type Quotes,
  realisedProfit,
} from '../../src/domain/profit.js';
import { componentsOf } from '../../src/domain/strategies/index.js';
import type { Position, Quote } from '../../src/domain/types.js';
import { d, filledOrder, holding, leg, option, order, orderLeg, x } from './build.js';

const P470 = 'QQQ 2026-12-18 470 P';
const P480 = 'QQQ 2026-12-18 480 P';
const C480 = 'QQQ 2026-12-18 480 C';
const C490 = 'QQQ 2026-12-18 490 C';

/** `480 P`: bid, mark, ask. */
function quotes(prices: Record<string, [string | null, string | null, string | null]>): Quotes {
  const price = (text: string | null) => (text === null ? null : d(text));
  return new Map(
    Object.entries(prices).map(([contract, [bid, mark, ask]]): [string, Quote] => [
      option(contract).symbol,
      { bid: price(bid), mark: price(mark), ask: price(ask) },
    ]),
  );
}

/** A position straight from legs, where the notation of an order would only be in the way. */
function fromLegs(texts: string[], held: number[] = []): Position {
  const holdings = texts.map((text, index) => {
    const each = holding(text);
    return { ...each, quantity: held[index] ?? each.quantity };
  });
  const orders = [
    order(
      '10',
      texts.map((text) => {
        const { side, opened, openPrice } = leg(text);
        const contract = text.split(' @ ')[0]?.split(' ').slice(1).join(' ');
        return orderLeg(`${side === 'short' ? 'sell' : 'buy'}-to-open ${opened} ${contract} @ ${openPrice}`);
      }),
    ),
  ];
  const [first] = groupPositions({
    account: 'A',
    holdings: holdings.filter(({ quantity }) => quantity > 0),
    orders,
  });
  if (!first) throw new Error('no position');
  return first;
}

describe('open profit', () => {
  const vertical = fromLegs([`2 ${P470} @ 1.20`, `-2 ${P480} @ 3.05`]);

  it('is in dollars at the marks and in percent of the credit', () => {
    const at = quotes({ [P470]: ['0.4', '0.5', '0.6'], [P480]: ['1.3', '1.425', '1.5'] });
    // Sold at 1.85, worth 0.925: half of the credit, 92.50 on each of two.
    expect(openProfit(vertical, at)).toMatchObject({ dollars: x(185), percent: x(50), percentOf: 'credit' });
  });

  it('is negative in a loss', () => {
    const at = quotes({ [P470]: [null, '3', null], [P480]: [null, '8', null] });
    const { dollars, percent } = openProfit(vertical, at);
    expect(dollars?.toString()).toBe('-630');
    expect(percent?.lt(-100)).toBe(true);
  });

  it('is unknown, never zero, when a mark is missing', () => {
    const unknown = { dollars: null, percent: null, percentOf: null };
    expect(openProfit(vertical, quotes({ [P480]: ['1', '1.4', '2'] }))).toEqual(unknown);
    expect(openProfit(vertical, quotes({ [P480]: ['1', '1.4', '2'], [P470]: ['1', null, '2'] }))).toEqual(
      unknown,
    );
  });

  it('takes a mark of zero for what it is', () => {
    const at = quotes({ [P470]: ['0', '0', '0.01'], [P480]: ['0', '0', '0.01'] });
    expect(openProfit(vertical, at).percent?.toString()).toBe('100');
  });

  it('needs marks only for what is still held', () => {
    const trident = fromLegs(
      [`2 ${P470} @ 1.20`, `-2 ${P480} @ 3.05`, `-1 ${C480} @ 4.00`, `1 ${C490} @ 1.60`],
      [0, 0, 1, 1],
    );
    const at = quotes({ [C480]: ['2', '2', '2'], [C490]: ['0.8', '0.8', '0.8'] });
    expect(openProfit(trident, at)).toMatchObject({ dollars: x(120), percent: x(50) });
  });

  it('counts both verticals of a Trident against both credits', () => {
    const trident = fromLegs([
      `2 ${P470} @ 1.20`,
      `-2 ${P480} @ 3.05`,
      `-1 ${C480} @ 4.00`,
      `1 ${C490} @ 1.60`,
    ]);
    const at = quotes({
      [P470]: [null, '1.20', null],
      [P480]: [null, '3.05', null],
      [C480]: [null, '4', null],
      [C490]: [null, '4', null],
    });
    const { dollars, percent } = openProfit(trident, at);
    expect(dollars?.toString()).toBe('240');
    expect(percent?.toDecimalPlaces(4).toString()).toBe(
      d(240).div(610).times(100).toDecimalPlaces(4).toString(),
    );
  });

  it('has no percentage when legs are left without the others, or the entry cannot be true', () => {
    const lone = fromLegs([`2 ${P470} @ 1.20`, `-2 ${P480} @ 3.05`], [2, 1]);
    const at = quotes({ [P470]: [null, '1', null], [P480]: [null, '2', null] });
    expect(openProfit(lone, at)).toMatchObject({ dollars: x(65), percent: null, percentOf: null });
    const odd = fromLegs([`1 ${P470} @ 4`, `-1 ${P480} @ 3`]);
    expect(openProfit(odd, at)).toMatchObject({ dollars: x(-200), percent: null });
  });

  it('is of the maximum profit for debit verticals and of the debit for long options', () => {
    const debit = fromLegs([`1 ${C480} @ 4`, `-1 ${C490} @ 1.5`]);
    const at = quotes({ [C480]: [null, '8', null], [C490]: [null, '3', null] });
    expect(openProfit(debit, at)).toMatchObject({ dollars: x(250), percentOf: 'maximum profit' });
    expect(openProfit(debit, at).percent?.toDecimalPlaces(2).toString()).toBe('33.33');
    expect(openProfit(fromLegs([`1 ${C480} @ 4`]), at)).toMatchObject({
      percent: x(100),
      percentOf: 'debit',
    });
  });

  it('leaves the shares of a covered call out', () => {
    const holdings = [holding('100 QQQ @ 400'), holding(`-1 ${C490} @ 2`)];
    const [covered] = groupPositions({ account: 'A', holdings, orders: [] });
    const at = quotes({ [C490]: [null, '0.5', null] });
    expect(covered?.strategy).toBe('covered-call');
    expect(openProfit(covered as Position, at)).toMatchObject({ dollars: x(150), percent: x(75) });
  });

  it('has no percentage where contracts differ in size: dollars add up, prices per share don’t', () => {
    const mixed = fromLegs([`1 ${P470} @ 1`, `-1 ${P480} @ 3`]);
    const [mini] = mixed.legs;
    if (!mini) throw new Error('no leg');
    mini.instrument = { ...mini.instrument, multiplier: 10 };
    const at = quotes({ [P470]: ['0.5', '0.5', '0.5'], [P480]: ['2', '2', '2'] });
    expect(openProfit(mixed, at)).toMatchObject({ dollars: x(95), percent: null, percentOf: null });
    const [component] = componentsOf(mixed);
    expect(component && closingCost(component.legs, at, 'mark')).toBeNull();
  });

  it('has a maximum only where the entry can be true', () => {
    const [component] = componentsOf(vertical);
    expect(component && maximumProfit(component)?.toString()).toBe('370');
    const [odd] = componentsOf(fromLegs([`1 ${P470} @ 4`, `-1 ${P480} @ 3`]));
    expect(odd && maximumProfit(odd)).toBeNull();
  });
});

describe('what closing costs now', () => {
  const [component] = componentsOf(fromLegs([`2 ${P470} @ 1.20`, `-2 ${P480} @ 3.05`]));
  const legs = component?.legs ?? [];
  const at = quotes({ [P470]: ['0.4', '0.5', '0.6'], [P480]: ['1.3', '1.4', '1.5'] });

  it('is the ask of what is bought less the bid of what is sold, or the mark between', () => {
    expect(closingCost(legs, at, 'natural')?.toString()).toBe('1.1');
    expect(closingCost(legs, at, 'mark')?.toString()).toBe('0.9');
  });

  it('is negative where closing pays', () => {
    const [long] = componentsOf(fromLegs([`1 ${C480} @ 4`]));
    expect(
      closingCost(long?.legs ?? [], quotes({ [C480]: ['5', '5.1', '5.2'] }), 'natural')?.toString(),
    ).toBe('-5');
  });

  it('is unknown when a side of the market is missing', () => {
    const oneSided = quotes({ [P470]: [null, '0.5', '0.6'], [P480]: ['1.3', '1.4', '1.5'] });
    expect(closingCost(legs, oneSided, 'natural')).toBeNull();
    expect(closingCost(legs, oneSided, 'mark')?.toString()).toBe('0.9');
    expect(closingCost([], at, 'mark')).toBeNull();
  });

  it('says how far a limit is, either way', () => {
    expect(distance(d('0.74'), 'debit', d('1.1')).toString()).toBe('0.36');
    expect(distance(d('6'), 'credit', d('-5')).toString()).toBe('1');
    expect(distance(d('6'), 'credit', d('-6.5')).toString()).toBe('-0.5');
  });

  it('says when a limit would fill at once, exactly at the price too', () => {
    expect(alreadyPast(d('1.10'), 'debit', d('1.1'))).toBe(true);
    expect(alreadyPast(d('1.09'), 'debit', d('1.1'))).toBe(false);
    expect(alreadyPast(d('5'), 'credit', d('-5'))).toBe(true);
    expect(alreadyPast(d('5.01'), 'credit', d('-5'))).toBe(false);
  });

  it('gives the percentage reached', () => {
    expect(percentAtCost({ kind: 'credit', credit: x(2) }, d('0.86'))?.toString()).toBe('57');
    expect(percentAtCost({ kind: 'debit', debit: x(4) }, d(-6))?.toString()).toBe('50');
    expect(percentAtCost({ kind: 'debit-vertical', debit: x(2), width: d(10) }, d(-6))?.toString()).toBe(
      '50',
    );
    expect(percentAtCost({ kind: 'credit', credit: x(0) }, d(1))).toBeNull();
  });
});

describe('realised profit', () => {
  const { legs } = fromLegs([`2 ${P470} @ 1.20`, `-2 ${P480} @ 3.05`]);

  it('is what fills made of the opening prices', () => {
    const close = filledOrder('20', [`sell-to-close 1 ${P470} @ 0.50`, `buy-to-close 1 ${P480} @ 1.24`]);
    // 1.85 less 0.74.
    expect(realisedProfit(legs, close)?.toString()).toBe('111');
  });

  it('follows the fills, not the limit, of a partly filled order', () => {
    const close = order('20', [orderLeg(`buy-to-close 2 ${P480} @ 1.05`, 1)], {
      state: 'working',
      price: d(9),
    });
    expect(realisedProfit(legs, close)?.toString()).toBe('200');
    const none = order('20', [orderLeg(`buy-to-close 2 ${P480} @ 1.05`, 0)], { state: 'working' });
    expect(realisedProfit(legs, none)?.toString()).toBe('0');
  });

  it('is unknown while fills are missing, or for contracts the position never had', () => {
    const late = order('20', [{ ...orderLeg(`buy-to-close 2 ${P480} @ 1.05`), fills: [] }]);
    expect(realisedProfit(legs, late)).toBeNull();
    const half = order('20', [{ ...orderLeg(`buy-to-close 2 ${P480} @ 1.05`, 1), remaining: 0 }]);
    expect(realisedProfit(legs, half)).toBeNull();
    const unpriced = [leg(`-2 ${P480} @ ?`)];
    expect(realisedProfit(unpriced, filledOrder('20', [`buy-to-close 1 ${P480} @ 1`]))).toBeNull();
    expect(realisedProfit(legs, filledOrder('20', [`buy-to-close 1 ${C480} @ 1`]))).toBeNull();
    expect(realisedProfit(legs, filledOrder('20', [`sell-to-open 1 ${P480} @ 1`]))).toBeNull();
  });

  it('of everything at the marks is the open profit', () => {
    const cents = fc.integer({ min: 0, max: 2000 }).map((value) => d(value).div(100));
    fc.assert(
      fc.property(cents, cents, fc.integer({ min: 1, max: 9 }), (low, high, count) => {
        const held = fromLegs([`${count} ${P470} @ 1.20`, `-${count} ${P480} @ 3.05`]);
        const at = quotes({ [P470]: [null, low.toString(), null], [P480]: [null, high.toString(), null] });
        const close = filledOrder('20', [
          `sell-to-close ${count} ${P470} @ ${low}`,
          `buy-to-close ${count} ${P480} @ ${high}`,
        ]);
        expect(realisedProfit(held.legs, close)?.toString()).toBe(openProfit(held, at).dollars?.toString());
      }),
    );
  });
});

it('an ask of zero is no offer: what nobody sells would not fill at once', () => {
  const [short] = componentsOf(fromLegs([`-1 ${P480} @ 3`]));
  const [long] = componentsOf(fromLegs([`1 ${P480} @ 3`]));
  const dark = quotes({ [P480]: ['0', '0.02', '0'] });
  expect(short && closingCost(short.legs, dark, 'natural')).toBeNull();
  expect(short && closingCost(short.legs, dark, 'mark')?.toString()).toBe('0.02');
  // A bid of zero is real: it is what a worthless option sells for.
  expect(long && closingCost(long.legs, dark, 'natural')?.isZero()).toBe(true);
});
