import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Exact, sumExact } from '../../src/domain/exact.js';
import { type LedgerRow, realised } from '../../src/domain/realised.js';
import type { Instrument } from '../../src/domain/types.js';
import { d, option, stock } from './build.js';

/** What the broker takes for a contract that is delivered or settled in cash, in dollars. */
const FEE = 5;
const OPENING_FEE = 1;

const series = fc.record({
  day: fc.integer({ min: 10, max: 14 }),
  strike: fc.constantFrom(480, 485),
  type: fc.constantFrom('P', 'C'),
  side: fc.constantFrom('short', 'long'),
  /** Contracts by opening order. */
  opened: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  end: fc.constantFrom('delivered', 'in cash', 'in cash, as an expiration', 'worthless'),
  /** One contract is booked apart from the others. */
  apart: fc.boolean(),
  /** Of what settles in cash, whether its removal comes before the money, hours apart. */
  removedFirst: fc.boolean(),
});
type Series = typeof series extends fc.Arbitrary<infer T> ? T : never;

class Booked {
  readonly rows: LedgerRow[] = [];
  /** Dollars that options make by these rows. */
  made = 0;

  book(
    row: Pick<LedgerRow, 'instrument' | 'at'> & { quantity: number; net?: number } & Partial<
        Omit<LedgerRow, 'net' | 'quantity'>
      >,
  ) {
    const { quantity, net = 0, ...more } = row;
    const id = String(this.rows.length + 1);
    const nothing = {
      action: null,
      subType: 'Expiration',
      price: null,
      fees: d(0),
      orderId: null,
      reverses: null,
    };
    this.rows.push({ id, ...nothing, ...more, quantity: d(quantity), net: d(net) });
  }

  open({ opened, side }: Series, instrument: Instrument): void {
    for (const quantity of opened) {
      const net = (side === 'short' ? 100 : -100) * quantity - OPENING_FEE * quantity;
      const order = this.rows.length + 1;
      this.book({
        instrument,
        quantity,
        net,
        action: side === 'short' ? 'sell-to-open' : 'buy-to-open',
        price: d(1),
        fees: d(OPENING_FEE * quantity),
        orderId: String(order),
        at: new Date(Date.UTC(2026, 11, 1, 15, 0, order)),
      });
      this.made += net;
    }
  }

  end(
    { day, strike, type, side, end, removedFirst }: Series,
    instrument: Instrument,
    quantity: number,
  ): void {
    const at = new Date(Date.UTC(2026, 11, day, 21));
    const how = side === 'short' ? 'Assignment' : 'Exercise';
    const fees = d(FEE * quantity);
    const remove = (subType: string) => this.book({ instrument, quantity, subType, at });
    if (end === 'worthless') {
      remove('Expiration');
      return;
    }
    if (end === 'delivered') {
      const buys = (type === 'P') === (side === 'short');
      const action = buys ? 'buy-to-open' : 'sell-to-open';
      const net = (buys ? -strike : strike) * 100 * quantity - FEE * quantity;
      remove(how);
      this.book({
        instrument: stock('QQQ'),
        quantity: 100 * quantity,
        action,
        price: d(strike),
        net,
        fees,
        at,
      });
      this.made -= FEE * quantity;
      return;
    }
    const removal = end === 'in cash' ? how : 'Expiration';
    const net = (side === 'short' ? -333 : 333) * quantity - FEE * quantity;
    if (removedFirst) remove(removal);
    const later = new Date(at.getTime() + (removedFirst ? 5 * 3_600_000 : 0));
    this.book({ instrument, quantity, subType: `Cash Settled ${how}`, net, fees, at: later });
    if (!removedFirst) remove(removal);
    this.made += net;
  }
}

it('leaves no cent out and counts none twice, however what settles is booked, and each contract bears its own fee', () => {
  const apart = ({ day, strike, type }: Series) => `${day} ${strike} ${type}`;
  const check = fc.property(fc.uniqueArray(series, { maxLength: 8, selector: apart }), (all) => {
    const ledger = new Booked();
    for (const each of all) {
      const root = each.end.startsWith('in cash') ? 'SPXW/SPX' : 'QQQ';
      const instrument = option(`${root} 2026-12-${each.day} ${each.strike} ${each.type}`);
      ledger.open(each, instrument);
      const held = each.opened.reduce((total, count) => total + count, 0);
      for (const part of each.apart && held > 1 ? [1, held - 1] : [held]) ledger.end(each, instrument, part);
    }
    const { closings, openings, unexplained } = realised(ledger.rows.toReversed());
    expect(unexplained).toEqual([]);
    expect([...openings.values()].flat().every(({ held }) => held === 0)).toBe(true);
    expect(sumExact(closings.map(({ net }) => net)).toString()).toBe(String(ledger.made));
    for (const { ending, fees, quantity } of closings) {
      const each = ending === 'expired' ? OPENING_FEE : OPENING_FEE + FEE;
      expect(fees.toString()).toBe(Exact.of(quantity).times(each).toString());
    }
  });
  fc.assert(check, { numRuns: Number(process.env.LEDGER_RUNS ?? 300) });
});
