import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPosition, movePosition } from '../src/account/ledger.js';
import { requirement } from '../src/account/margin.js';
import type { BrokerState } from '../src/state.js';

const SYMBOL = 'QQQ   261231P00600000';
const AT = Date.parse('2026-11-23T15:00:00Z');

const trade = fc.record({
  change: fc.integer({ min: -5, max: 5 }).filter((each) => each !== 0),
  cents: fc.integer({ min: 1, max: 5_000 }),
});

describe('the ledger', () => {
  it('loses and invents no money: realised gain and average together account for every dollar traded', () => {
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 12 }), (trades) => {
        const state = { positions: [] } as unknown as BrokerState;
        let cash = new Decimal(0);
        let quantity = 0;
        for (const { change, cents } of trades) {
          const price = new Decimal(cents).div(100);
          movePosition(
            state,
            { symbol: SYMBOL, instrumentType: 'Equity Option' },
            change,
            price.toString(),
            AT,
          );
          cash = cash.minus(price.times(change).times(100));
          quantity += change;
        }
        const position = findPosition(state, SYMBOL);
        expect(position?.quantity).toBe(quantity);
        const cost = new Decimal(position?.averageOpenPrice ?? 0).times(quantity).times(100);
        // Averages are kept to six places, so cents may differ in the fourth.
        expect(
          new Decimal(position?.realizedToday ?? 0).minus(cost).minus(cash).abs().toNumber(),
        ).toBeLessThan(0.05);
      }),
    );
  });
});

describe('margin', () => {
  const option = (right: 'C' | 'P', strike: number, quantity: number) => ({
    symbol: `QQQ   261231${right}${String(strike * 1000).padStart(8, '0')}`,
    quantity,
    multiplier: 100,
  });
  const spot = new Decimal(600);

  it.each<[string, ReturnType<typeof option>[], string]>([
    ['a put spread: its width', [option('P', 600, -1), option('P', 595, 1)], '500'],
    [
      'an iron condor: its wider side',
      [option('P', 580, -1), option('P', 575, 1), option('C', 620, -1), option('C', 630, 1)],
      '1000',
    ],
    [
      'a Trident: twice the put width',
      [option('P', 600, -2), option('P', 595, 2), option('C', 600, -1), option('C', 605, 1)],
      '1000',
    ],
    ['a long call: nothing beyond its price', [option('C', 610, 1)], '0'],
    ['a naked call: 20 % less the distance', [option('C', 620, -1)], '10000'],
    ['a far naked call: 10 % at least', [option('C', 720, -1)], '6000'],
    [
      'a covered call: the stock only',
      [{ symbol: 'QQQ', quantity: 100, multiplier: 1 }, option('C', 620, -1)],
      '30000',
    ],
  ])('of %s', (_what, holdings, dollars) => {
    expect(requirement(holdings, spot).toString()).toBe(dollars);
  });
});
