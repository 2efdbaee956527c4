import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupPositions } from '../../src/domain/grouping.js';
import { isOpen } from '../../src/domain/order-fills.js';
import type { Position } from '../../src/domain/types.js';
import { type History, messyHistories, orderlyHistories } from './history.js';

function group({ orders, holdings }: History, links = new Map<string, string>()): Position[] {
  return groupPositions({ account: 'A', holdings, orders, links });
}

function heldBySymbol(positions: readonly Position[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const { instrument, held } of positions.flatMap(({ legs }) => legs)) {
    total.set(instrument.symbol, (total.get(instrument.symbol) ?? 0) + held);
  }
  return total;
}

describe('laws of grouping', () => {
  it('every contract held is in exactly one position, and none that is not held', () => {
    fc.assert(
      fc.property(messyHistories, (history) => {
        const total = heldBySymbol(group(history));
        for (const { instrument, quantity } of history.holdings) {
          expect(total.get(instrument.symbol)).toBe(quantity);
          total.delete(instrument.symbol);
        }
        expect([...total.values()].every((held) => held === 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('with all orders known and linked, every position has just what its own orders left it', () => {
    fc.assert(
      fc.property(orderlyHistories, (history) => {
        const positions = group(history, history.links);
        const found = new Map(positions.map(({ key, legs }) => [key, legs]));
        for (const [key, left] of history.truth) {
          if ([...left.values()].every((count) => count === 0)) expect(found.has(key)).toBe(false);
          else
            expect(new Map(found.get(key)?.map(({ instrument, held }) => [instrument.symbol, held]))).toEqual(
              left,
            );
        }
        expect(
          positions.flatMap(({ inferred, doubts }) =>
            inferred ? ['inferred'] : doubts.map(({ code }) => code),
          ),
        ).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('without links it is either right or says that it may not be', () => {
    fc.assert(
      fc.property(orderlyHistories, (history) => {
        const positions = group(history);
        const silent = positions.filter(({ doubts }) => doubts.length === 0);
        for (const { key, legs } of silent) {
          const left = history.truth.get(key);
          expect(new Map(legs.map(({ instrument, held }) => [instrument.symbol, held]))).toEqual(left);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('neither the order of the input nor repeats change the result', () => {
    fc.assert(
      fc.property(messyHistories, fc.infiniteStream(fc.nat()), (history, randoms) => {
        const shuffled = [...history.orders, ...history.orders]
          .map((order) => ({ order, rank: randoms.next().value }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ order }) => order);
        expect(group({ ...history, orders: shuffled })).toEqual(group(history));
      }),
    );
  });

  it('says opening only of positions whose order still works', () => {
    fc.assert(
      fc.property(messyHistories, (history) => {
        const open = new Set(history.orders.filter(isOpen).map(({ id }) => id));
        for (const { opening, openingOrderId } of group(history)) {
          expect(opening).toBe(openingOrderId !== null && open.has(openingOrderId));
        }
      }),
    );
  });

  it('leaves its input alone', () => {
    fc.assert(
      fc.property(messyHistories, (history) => {
        const before = JSON.stringify(history.orders) + JSON.stringify(history.holdings);
        group(history);
        expect(JSON.stringify(history.orders) + JSON.stringify(history.holdings)).toBe(before);
      }),
      { numRuns: 30 },
    );
  });
});
