import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, type Demand, heldOf } from '../../src/domain/grouping/allocate.js';
import { leg, option } from './build.js';

const X = 'QQQ 2026-12-18 470 P';
const Y = 'QQQ 2026-12-18 480 P';

/** A holder of so many long X and short Y. */
function holder(name: string, x: number, y: number) {
  return { name, legs: [leg(`1 ${X}`, x), leg(`-1 ${Y}`, y)] };
}
function demand(x: number, y: number): Demand[] {
  const all: Demand[] = [
    { symbol: option(X).symbol, side: 'long', quantity: x },
    { symbol: option(Y).symbol, side: 'short', quantity: y },
  ];
  return all.filter(({ quantity }) => quantity > 0);
}
const left = (all: ReturnType<typeof holder>[]) => all.map(({ legs }) => legs.map(({ held }) => held));

describe('deciding which position a closing order takes from', () => {
  it('the oldest that has enough of every leg', () => {
    const all = [holder('a', 1, 2), holder('b', 2, 2), holder('c', 3, 3)];
    const { takes, contested } = allocate(demand(2, 2), all);
    expect(takes.map((take) => take.holder.name)).toEqual(['b']);
    expect(contested.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(left(all)).toEqual([
      [1, 2],
      [0, 0],
      [3, 3],
    ]);
  });

  it('whole units from several, before single legs from any', () => {
    const all = [holder('a', 3, 1), holder('b', 2, 2)];
    const { takes, contested } = allocate(demand(3, 3), all);
    expect(takes.map((take) => [take.holder.name, ...take.contracts.values()])).toEqual([
      ['a', 1, 1],
      ['b', 2, 2],
    ]);
    expect(left(all)).toEqual([
      [2, 0],
      [0, 0],
    ]);
    // More of X is held than was closed: it could have come from either.
    expect(contested.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('leg by leg where nobody has them all, without a doubt if each has one owner', () => {
    const all = [holder('a', 1, 0), holder('b', 0, 1)];
    const { takes, contested } = allocate(demand(1, 1), all);
    expect(takes).toHaveLength(2);
    expect(left(all)).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(contested).toEqual([]);
  });

  it('keeps the order’s proportions', () => {
    const all = [holder('a', 1, 3), holder('b', 5, 5)];
    const { takes } = allocate(demand(3, 6), all);
    expect(takes.map((take) => [...take.contracts.values()])).toEqual([
      [1, 2],
      [2, 4],
    ]);
  });

  it('nothing from the other side', () => {
    const all = [{ name: 'a', legs: [leg(`-1 ${X}`)] }];
    expect(allocate(demand(1, 0), all)).toEqual({ takes: [], contested: [] });
  });

  it('nothing when nothing is wanted', () => {
    expect(allocate([], [holder('a', 1, 1), holder('b', 1, 1)])).toEqual({ takes: [], contested: [] });
  });

  it('takes all that is wanted or all there is, never more, and says exactly what', () => {
    const small = fc.nat(4);
    fc.assert(
      fc.property(fc.array(fc.tuple(small, small), { maxLength: 4 }), small, small, (having, x, y) => {
        const all = having.map(([a, b], index) => holder(String(index), a, b));
        const wanted = demand(x, y);
        const before = wanted.map((want) => all.reduce((total, each) => total + heldOf(each, want), 0));
        const { takes } = allocate(wanted, all);
        for (const [index, want] of wanted.entries()) {
          const taken = takes.reduce((total, { contracts }) => total + (contracts.get(want.symbol) ?? 0), 0);
          const after = all.reduce((total, each) => total + heldOf(each, want), 0);
          expect(taken).toBe(Math.min(want.quantity, before[index] ?? 0));
          expect(after).toBe((before[index] ?? 0) - taken);
        }
      }),
    );
  });
});
