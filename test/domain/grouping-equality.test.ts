import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractsIn, relevantOrders } from '../../src/domain/grouping/relevant.js';
import { groupPositions } from '../../src/domain/grouping.js';
import type { BrokerOrder, Holding, Instrument, LegAction, OrderLeg } from '../../src/domain/types.js';
import { d, order } from './build.js';
import { accountOf, CONTRACTS, chaos, SHARES } from './chaos.js';
import { formatOcc } from './format-occ.js';
import { messyHistories, orderlyHistories } from './history.js';
import { plainGrouping } from './plain-grouping.js';

describe('grouping fast is grouping plainly', () => {
  it('over whatever a broker may tell', () => {
    fc.assert(
      fc.property(chaos, (input) => {
        const account = accountOf(input);
        expect(groupPositions(account)).toEqual(plainGrouping(account));
      }),
      { numRuns: 3_000 },
    );
  }, 120_000);

  it.each([
    ['orderly', orderlyHistories],
    ['messy', messyHistories],
  ])('over %s histories, with and without links', (_name, histories) => {
    fc.assert(
      fc.property(histories, fc.boolean(), ({ links, ...history }, linked) => {
        const input = { account: 'A', ...history, links: linked ? links : new Map<string, string>() };
        expect(groupPositions(input)).toEqual(plainGrouping(input));
      }),
      { numRuns: 500 },
    );
  });
});

describe('relevant orders', () => {
  it('touch a contract asked for, or one that a relevant order traded; no other order touches any of these', () => {
    fc.assert(
      fc.property(chaos, fc.subarray(CONTRACTS, { maxLength: 3 }), (input, asked) => {
        const { orders } = accountOf(input);
        const symbols = asked.map(({ symbol }) => symbol);
        const relevant = new Set(relevantOrders(orders, symbols));
        const reached = new Set([...symbols, ...[...relevant].flatMap((each) => [...contractsIn(each)])]);
        for (const each of orders) {
          expect(relevant.has(each)).toBe([...contractsIn(each)].some((symbol) => reached.has(symbol)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leave out what shares no contract with what is held, and keep a roll’s whole chain', () => {
    const [first, second, third, fourth] = CONTRACTS;
    const legOf = (instrument: Instrument | undefined, action: LegAction): OrderLeg => {
      if (!instrument) throw new Error('no contract');
      return { instrument, action, quantity: 1, remaining: 0, fills: [] };
    };
    const opened = order('1', [legOf(first, 'sell-to-open')]);
    const rolled = order('2', [legOf(first, 'buy-to-close'), legOf(second, 'sell-to-open')]);
    const again = order('3', [legOf(second, 'buy-to-close'), legOf(third, 'sell-to-open')]);
    const other = order('4', [legOf(fourth, 'sell-to-open')]);
    expect(relevantOrders([opened, other, rolled, again], [third?.symbol ?? ''])).toEqual([
      opened,
      rolled,
      again,
    ]);
    expect(relevantOrders([opened, other, rolled, again], [SHARES.symbol])).toEqual([]);
  });
});

describe('an old account', () => {
  /** Condors opened and closed a day apart, each with contracts of its own, and one that is still held. */
  function condors(count: number, read: () => void): BrokerOrder[] {
    return Array.from({ length: count }, (_, index) => {
      const legs = [470, 480].flatMap((strike): OrderLeg[] => {
        const option = {
          root: 'SPXW',
          expiration: '2026-12-04',
          type: 'put' as const,
          strike: d(strike + 100 * index),
        };
        const instrument = { symbol: formatOcc(option), underlying: 'SPX', multiplier: 100, option };
        return [{ instrument, action: 'sell-to-open', quantity: 1, remaining: 0, fills: [] }];
      });
      const closing = legs.map((each): OrderLeg => ({ ...each, action: 'buy-to-close' }));
      return [order(`${2 * index}`, legs), order(`${2 * index + 1}`, index === 0 ? [] : closing)];
    })
      .flat()
      .map((each) => {
        const { legs } = each;
        return Object.defineProperty(each, 'legs', {
          enumerable: true,
          get: () => {
            read();
            return legs;
          },
        });
      });
  }

  function looks(count: number): number {
    let reads = 0;
    const orders = condors(count, () => {
      reads += 1;
    });
    const [first] = orders;
    const holdings = (first?.legs ?? []).map(
      ({ instrument }): Holding => ({
        instrument,
        side: 'short',
        quantity: 1,
        restricted: 0,
        averageOpenPrice: d(1),
        createdAt: null,
      }),
    );
    reads = 0;
    expect(groupPositions({ account: 'A', holdings, orders })).toHaveLength(1);
    return reads;
  }

  it('costs ten times as much with ten times the orders', () => {
    expect(looks(500)).toBeLessThanOrEqual(10 * looks(50));
  });
});
