import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumExact } from '../../src/domain/exact.js';
import { type LedgerRow, realised } from '../../src/domain/realised.js';
import { chainsOf, isRoll, runningTotal } from '../../src/domain/rolls.js';
import type { LegAction } from '../../src/domain/types.js';
import { d, filledOrder, option } from './build.js';
import { ledgerRow } from './ledger-row.js';

const on = (day: number) => new Date(Date.UTC(2026, 10, day, 15));
const contract = (strike: number) => ({ instrument: option(`QQQ 2026-12-18 ${strike} P`) });
let next = 1;
const row = (action: LegAction | null, order: string, day: number, net: number, strike: number, count = 1) =>
  ledgerRow(next++, action, on(day), net, { ...contract(strike), orderId: order, quantity: d(count) });

/** A short put rolled twice, and one beside it that never was. */
const ROWS = [
  row('sell-to-open', 'A', 1, 100, 480),
  row('buy-to-close', 'B', 3, -250, 480),
  row('sell-to-open', 'B', 3, 300, 470),
  row('buy-to-close', 'C', 5, -400, 470),
  row('sell-to-open', 'C', 5, 450, 460),
  row('sell-to-open', 'X', 2, 70, 500),
  row('buy-to-close', 'Y', 4, -30, 500),
];

describe('rolls', () => {
  it('are orders that close options and open others', () => {
    const order = (...legs: string[]) => filledOrder('1', legs, on(1));
    expect(
      isRoll(order('buy-to-close 1 QQQ 2026-12-18 480 P @ 1', 'sell-to-open 1 QQQ 2026-12-18 470 P @ 2')),
    ).toBe(true);
    expect(isRoll(order('buy-to-close 1 QQQ 2026-12-18 480 P @ 1'))).toBe(false);
    expect(isRoll(order('sell-to-open 1 QQQ 2026-12-18 480 P @ 1', 'buy-to-open 100 QQQ @ 500'))).toBe(false);
    expect(isRoll(order('sell-to-close 100 QQQ @ 500', 'sell-to-open 1 QQQ 2026-12-18 480 P @ 1'))).toBe(
      false,
    );
  });

  it('make a chain of openings, told by any of them, with all that was closed of it', () => {
    const chains = chainsOf(realised(ROWS));
    expect([...chains.keys()].sort()).toEqual(['order:A', 'order:B', 'order:C']);
    const chain = chains.get('order:C');
    if (!chain) throw new Error('none');
    expect(chains.get('order:A')).toBe(chain);
    expect([chain.rolls, chain.since]).toEqual([['B', 'C'], on(1)]);
    expect(runningTotal(chain).toString()).toBe('-250');
    const closed = [...ROWS, row('buy-to-close', 'D', 9, -40, 460)];
    const whole = chainsOf(realised(closed)).get('order:C');
    expect(whole && runningTotal(whole).toString()).toBe('160');
  });

  it('leave out what came after an order, or what that made', () => {
    const chain = chainsOf(realised(ROWS)).get('order:A');
    if (!chain) throw new Error('none');
    expect(runningTotal(chain, { through: 'B' }).toString()).toBe('-150');
    expect(runningTotal(chain, { without: 'B' }).toString()).toBe('-100');
    expect(runningTotal(chain, { through: 'unheard' }).eq(runningTotal(chain))).toBe(true);
  });

  it('keep what was rolled in part, and what else was closed of it, in one chain; and join two that one order rolls', () => {
    const rows = [
      row('sell-to-open', 'A', 1, 200, 480, 2),
      row('buy-to-close', 'B', 3, -150, 480),
      row('sell-to-open', 'B', 3, 180, 470),
      row('buy-to-close', 'T', 4, -40, 480),
      row('sell-to-open', 'K', 2, 90, 520),
      row('buy-to-close', 'M', 6, -20, 470),
      row('buy-to-close', 'M', 6, -10, 520),
      row('sell-to-open', 'M', 6, 250, 460),
    ];
    const chain = chainsOf(realised(rows)).get('order:A');
    expect([...(chain?.openings ?? [])].sort()).toEqual(['order:A', 'order:B', 'order:K', 'order:M']);
    expect(chain && runningTotal(chain).toString()).toBe('250');
  });

  it('are none where no order opened what took the place of what was closed or expired', () => {
    const again = [
      row('sell-to-open', 'A', 1, 100, 480),
      row('buy-to-close', 'B', 3, -50, 480),
      row('sell-to-open', 'C', 3, 60, 470),
      { ...row(null, '', 18, 0, 470), orderId: null },
    ];
    expect(chainsOf(realised(again)).size).toBe(0);
  });

  /**
   * The same money another way: each trade's cents are booked on the chain it belongs to as it is made up, and a chain of
   * which nothing is open has made the sum of all its rows, one with something open all but those contracts' part.
   */
  it('add up to the cent, whatever was rolled, closed or left open, in any order of rows', () => {
    const step = fc.record({
      what: fc.constantFrom('open', 'roll', 'roll', 'close', 'expire'),
      which: fc.nat(),
      count: fc.integer({ min: 1, max: 4 }),
      cents: fc.integer({ min: 1, max: 90_000 }),
      fee: fc.integer({ min: 0, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const rows: LedgerRow[] = [];
        const lots: { chain: number; strike: number; left: number; each: number }[] = [];
        const made = new Map<number, number>();
        const rolled = new Set<number>();
        const add = (
          at: number,
          action: LegAction | null,
          lot: (typeof lots)[number],
          count: number,
          each: number,
        ) =>
          rows.push(
            ledgerRow(rows.length + 1, action, new Date(at * 60_000), 0, {
              ...contract(lot.strike),
              orderId: action && String(at),
              quantity: d(count),
              net: d(each * count).div(100),
            }),
          );
        const begin = (at: number, chain: number, count: number, each: number) => {
          const lot = { chain, strike: 100 + at, left: count, each };
          lots.push(lot);
          add(at, 'sell-to-open', lot, count, each);
        };
        for (const [at, { what, which, count, cents, fee }] of steps.entries()) {
          const open = lots.filter(({ left }) => left > 0);
          const lot = open[which % Math.max(1, open.length)];
          if (what === 'open' || !lot) {
            begin(at, at, count, cents - fee);
            continue;
          }
          const part = Math.min(count, lot.left);
          const each = what === 'expire' ? 0 : -cents - fee;
          lot.left -= part;
          made.set(lot.chain, (made.get(lot.chain) ?? 0) + (lot.each + each) * part);
          add(at, what === 'expire' ? null : 'buy-to-close', lot, part, each);
          if (what !== 'roll') continue;
          rolled.add(lot.chain);
          begin(at, lot.chain, part, cents + 100 - fee);
        }
        const told = realised(rows.toReversed());
        const chains = chainsOf(told);
        const distinct = [...new Set(chains.values())];
        const totals = distinct.map((chain) => runningTotal(chain).times(100).toString());
        expect(totals.sort()).toEqual([...rolled].map((chain) => String(made.get(chain))).sort());
        // Nothing is in two chains, and what was never rolled in none.
        const single = told.closings.filter(({ opening }) => !chains.has(opening)).map(({ net }) => net);
        const all = sumExact([...distinct.map((chain) => runningTotal(chain)), ...single]);
        expect(all.eq(sumExact(told.closings.map(({ net }) => net)))).toBe(true);
      }),
      { numRuns: Number(process.env.LEDGER_RUNS ?? 300) },
    );
  });
});
