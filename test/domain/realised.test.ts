import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact, sumExact } from '../../src/domain/exact.js';
import { closedSince, type LedgerRow, realised } from '../../src/domain/realised.js';
import type { LegAction } from '../../src/domain/types.js';
import { d, option, stock } from './build.js';

const PUT = option('QQQ 2026-12-18 480 P');
const WING = option('QQQ 2026-12-18 475 P');
const EPOCH = new Date(0);
let next = 1;

/** `sell-to-open 2 @ 3.10` on day 1 of December, net of a dollar a contract. */
function row(
  action: LegAction | null,
  quantity: number,
  price: string,
  more: Partial<LedgerRow> = {},
): LedgerRow {
  const value = d(price).times(quantity * 100 * (action?.startsWith('sell') ? 1 : -1));
  const fees = d(quantity);
  return {
    id: String(next++),
    instrument: PUT,
    action,
    subType: action ?? 'Expiration',
    quantity: d(quantity),
    price: d(price),
    net: value.minus(fees),
    fees,
    orderId: 'A',
    at: new Date('2026-12-01T15:00:00Z'),
    reverses: null,
    ...more,
  };
}

const settled = (quantity: number, more: Partial<LedgerRow> = {}): LedgerRow =>
  row(null, quantity, '0', { net: d(0), fees: d(0), price: null, orderId: null, ...more });
const on = (day: number): { at: Date } => ({ at: new Date(Date.UTC(2026, 11, day, 15)) });
const netOf = (rows: LedgerRow[]) =>
  closedSince(realised(rows), EPOCH).map(({ opening, net }) => [opening, net.toString()]);

describe('what options made', () => {
  it('is net value in and out, first in first out, a part with its part of what it was opened for', () => {
    const rows = [
      row('sell-to-open', 3, '1.00', { orderId: 'A', ...on(1) }),
      row('sell-to-open', 2, '1.50', { orderId: 'B', ...on(2) }),
      row('buy-to-close', 4, '0.50', { orderId: 'C', ...on(3) }),
    ];
    // A: 297 in; 3 of the 4 × 51 out. B: half of 298 in; 51 out.
    expect(netOf(rows)).toEqual([
      ['order:A', '144'],
      ['order:B', '98'],
    ]);
    const [a, b] = closedSince(realised(rows), EPOCH);
    expect([a?.whole, b?.whole]).toEqual([true, false]);
    expect(b?.legs).toMatchObject([{ opened: 2, held: 1, side: 'short' }]);
  });

  it('has what expired, was settled in cash, assigned or exercised in it', () => {
    const expired = [row('sell-to-open', 1, '1.00'), settled(1, on(18))];
    expect(netOf(expired)).toEqual([['order:A', '99']]);
    const cash = settled(1, { subType: 'Cash Settled Assignment', net: d('-305'), fees: d(5), ...on(18) });
    expect(netOf([row('sell-to-open', 1, '1.00'), cash])).toEqual([['order:A', '-206']]);
    const [position] = closedSince(
      realised([row('buy-to-open', 1, '1.00'), settled(1, { subType: 'Exercise' })]),
      EPOCH,
    );
    expect(position?.endings).toEqual(new Set(['exercised']));
  });

  it('has the fee for shares that came by an assignment in it, and nothing else of shares', () => {
    const assigned = settled(1, { subType: 'Assignment', ...on(18) });
    const shares = {
      instrument: stock('QQQ'),
      subType: 'Buy to Open',
      price: d(480),
      net: d('-48005'),
      fees: d(5),
    };
    const rows = [row('sell-to-open', 1, '1.00'), assigned, settled(100, { ...shares, ...on(18) })];
    expect(netOf(rows)).toEqual([['order:A', '94']]);
    // Of another strike, another day or another underlying it belongs to something else.
    for (const other of [{ price: d(475) }, on(16), { instrument: stock('SPY') }]) {
      const delivery = settled(100, { ...shares, ...on(18), ...other });
      expect(netOf([row('sell-to-open', 1, '1.00'), assigned, delivery])).toEqual([['order:A', '99']]);
    }
  });

  describe('and shares that came by it', () => {
    const delivered = (contracts: number, more: Partial<LedgerRow> = {}) =>
      settled(contracts * 100, {
        instrument: stock('QQQ'),
        action: 'buy-to-open',
        subType: 'Buy to Open',
        price: d(480),
        net: d(-48_005 * contracts),
        fees: d(5 * contracts),
        ...on(18),
        ...more,
      });
    const assigned = (contracts: number, more: Partial<LedgerRow> = {}) =>
      settled(contracts, { subType: 'Assignment', ...on(18), ...more });
    const sold = (contracts: number, orderId: string, more: Partial<LedgerRow> = {}) =>
      row('sell-to-open', contracts, '1.00', { orderId, ...more });

    it('costs each position its part of the fee, however the broker books it', () => {
      const opened = [sold(1, 'A'), sold(3, 'B', on(2))];
      const expected = [
        ['order:A', '94'],
        ['order:B', '282'],
      ];
      expect(netOf([...opened, assigned(4), delivered(4)])).toEqual(expected);
      const each = [1, 3].flatMap((contracts) => [assigned(contracts), delivered(contracts)]);
      expect(netOf([...opened, ...each])).toEqual(expected);
    });

    it('costs what was assigned on that day, where the same strike was on the day before as well', () => {
      const monday = option('QQQ 2026-12-17 480 P');
      const rows = [
        sold(1, 'A', { instrument: monday }),
        sold(1, 'B'),
        assigned(1, { instrument: monday, ...on(17) }),
        delivered(1, { ...on(17), fees: d(7) }),
        assigned(1),
        delivered(1),
      ];
      expect(new Map(netOf(rows) as [string, string][])).toEqual(
        new Map([
          ['order:A', '92'],
          ['order:B', '94'],
        ]),
      );
    });

    it('costs nothing that went the other way at the same strike', () => {
      const call = option('QQQ 2026-12-18 480 C');
      const rows = [
        sold(1, 'A', { instrument: call }),
        sold(1, 'B', on(2)),
        assigned(1, { instrument: call }),
        assigned(1),
        delivered(1),
      ];
      expect(new Map(netOf(rows) as [string, string][]).get('order:A')).toBe('99');
    });
  });

  it('is of what settles in cash the money, however its removal is booked beside it', () => {
    const PUT_OF = { SPX: option('SPX 2026-12-18 480 P'), QQQ: PUT };
    for (const instrument of Object.values(PUT_OF)) {
      const sold = row('sell-to-open', 2, '1.00', { instrument });
      const cash = settled(2, {
        instrument,
        subType: 'Cash Settled Assignment',
        net: d('-610'),
        fees: d(10),
        ...on(18),
      });
      for (const subType of ['Assignment', 'Exercise', 'Expiration']) {
        for (const hours of [0, 12, -6]) {
          const at = new Date(cash.at.getTime() + hours * 3_600_000);
          const told = realised([sold, settled(2, { instrument, subType, at }), cash]);
          expect([closedSince(told, EPOCH)[0]?.net.toString(), told.unexplained]).toEqual(['-412', []]);
          expect(told.closings.map(({ ending }) => ending)).toEqual(['cash-settled']);
        }
      }
    }
    // What an index option was worth isn't told by its removal alone: the money is booked in a row that is missing yet.
    const instrument = PUT_OF.SPX;
    const removal = settled(1, { instrument, subType: 'Assignment', ...on(18) });
    const early = realised([row('sell-to-open', 1, '1.00', { instrument }), removal]);
    expect([early.closings, early.unexplained]).toEqual([[], [removal]]);
    // That it expired tells all there is.
    expect(
      netOf([row('sell-to-open', 1, '1.00', { instrument }), settled(1, { instrument, ...on(18) })]),
    ).toEqual([['order:A', '99']]);
  });

  it('leaves out what was undone, and what undid it', () => {
    const wrong = row('buy-to-close', 1, '9.00', on(2));
    const undone = row('sell-to-open', 1, '9.00', { reverses: wrong.id, ...on(2) });
    const rows = [row('sell-to-open', 1, '1.00'), wrong, undone, row('buy-to-close', 1, '0.50', on(3))];
    expect(netOf(rows)).toEqual([['order:A', '48']]);
  });

  it('names what it can’t explain: more closed than opened, and contracts that a split or a rename moved', () => {
    const late = row('buy-to-close', 2, '0.50', on(3));
    expect(realised([row('sell-to-open', 1, '1.00'), late]).unexplained).toEqual([late]);
    const moved = settled(1, { subType: 'Symbol Change', ...on(4) });
    const { closings, unexplained } = realised([row('sell-to-open', 1, '1.00'), moved]);
    expect([closings, unexplained]).toEqual([[], [moved]]);
  });

  it('counts from a moment on, of one underlying or all, and says that some went before', () => {
    const rows = [
      row('sell-to-open', 2, '1.00'),
      row('buy-to-close', 1, '0.50', on(3)),
      row('buy-to-close', 1, '0.30', on(5)),
    ];
    const [position, ...others] = closedSince(realised(rows), new Date('2026-12-04T00:00:00Z'));
    expect(others).toEqual([]);
    expect(position?.net.toString()).toBe('68');
    expect([position?.whole, position?.begunEarlier]).toEqual([true, true]);
    expect(closedSince(realised(rows), EPOCH, ({ underlying }) => underlying === 'SPY')).toEqual([]);
  });

  it('puts the legs of one opening order together, with their average prices', () => {
    const rows = [
      row('sell-to-open', 1, '3.10'),
      row('sell-to-open', 1, '3.20'),
      row('buy-to-open', 2, '2.00', { instrument: WING }),
      settled(2, on(18)),
      settled(2, { instrument: WING, ...on(18) }),
    ];
    const [position] = closedSince(realised(rows), EPOCH);
    const legs = position?.legs.map(({ side, opened, openPrice }) => [side, opened, openPrice?.toString()]);
    expect(legs).toEqual([
      ['short', 2, '3.15'],
      ['long', 2, '2'],
    ]);
  });

  describe('by an order that was placed elsewhere', () => {
    const FAR = option('QQQ 2026-12-18 470 P');
    const older = [
      row('sell-to-open', 1, '3.00', { orderId: 'A', ...on(1) }),
      row('buy-to-open', 1, '1.00', { orderId: 'A', instrument: FAR, ...on(1) }),
    ];
    const younger = [
      row('sell-to-open', 1, '4.00', { orderId: 'B', ...on(2) }),
      row('buy-to-open', 1, '2.00', { orderId: 'B', instrument: WING, ...on(2) }),
    ];
    const out = [
      row('buy-to-close', 1, '2.50', { orderId: 'C', ...on(3) }),
      row('sell-to-close', 1, '1.50', { orderId: 'C', instrument: WING, ...on(3) }),
    ];
    const told = (rows: LedgerRow[], links: [string, string][] = []) =>
      closedSince(realised(rows, new Map(links)), EPOCH).map(({ opening, whole, net }) => [
        opening,
        whole,
        net.toString(),
      ]);

    it('falls to the oldest opening that has all of its legs', () => {
      // 200 in, 100 out, a dollar for each of four contracts.
      expect(told([...older, ...younger, ...out])).toEqual([['order:B', true, '96']]);
    });

    it('of one contract alone is first in first out, whoever has all of it', () => {
      const one = row('sell-to-open', 1, '1.00', { orderId: 'A', ...on(1) });
      const three = row('sell-to-open', 3, '1.00', { orderId: 'B', ...on(2) });
      const close = (quantity: number) => row('buy-to-close', quantity, '0.50', { orderId: 'C', ...on(3) });
      expect(told([one, three, close(3)])).toEqual([
        ['order:A', true, '48'],
        ['order:B', false, '96'],
      ]);
    });

    it('falls to the one it is known to be for, whoever is older', () => {
      const twin = younger.map((each) => ({ ...each, id: `${each.id}0`, orderId: 'D', ...on(3) }));
      expect(told([...younger, ...twin, ...out], [['C', 'order:D']])).toEqual([['order:D', true, '96']]);
    });

    it('leaves no cent out and makes none up: over what is closed in full, it makes what its rows say', () => {
      const trade = fc.record({
        symbols: fc.subarray([PUT, WING, FAR], { minLength: 1 }),
        quantity: fc.integer({ min: 1, max: 4 }),
        cents: fc.integer({ min: -50_000, max: 50_000 }),
        open: fc.boolean(),
      });
      const check = fc.property(fc.array(trade, { maxLength: 30 }), (trades) => {
        const open = new Map<string, number>();
        const rows: LedgerRow[] = [];
        const add = (orderId: string | null, instrument: typeof PUT, quantity: number, cents: number) =>
          rows.push(
            settled(quantity, {
              instrument,
              orderId,
              net: d(cents).div(100),
              at: new Date(1_000 * rows.length),
            }),
          );
        for (const [index, { symbols, quantity, cents, open: opens }] of trades.entries()) {
          for (const instrument of symbols) {
            const held = open.get(instrument.symbol) ?? 0;
            const count = opens ? quantity : Math.min(quantity, held);
            if (count === 0) continue;
            open.set(instrument.symbol, held + (opens ? count : -count));
            add(`o${index}`, instrument, count, cents);
            Object.assign(rows.at(-1) ?? {}, { action: opens ? 'sell-to-open' : 'buy-to-close' });
          }
        }
        for (const instrument of [PUT, WING, FAR]) {
          const held = open.get(instrument.symbol) ?? 0;
          if (held > 0) add(null, instrument, held, 0);
        }
        const { closings, openings, unexplained } = realised(rows, new Map());
        expect(unexplained).toEqual([]);
        expect([...openings.values()].flat().every(({ held }) => held === 0)).toBe(true);
        const net = sumExact(rows.map((each) => Exact.of(each.net)));
        expect(sumExact(closings.map((each) => each.net)).toString()).toBe(net.toString());
      });
      fc.assert(check, { numRuns: Number(process.env.LEDGER_RUNS ?? 300) });
    });
  });

  /**
   * The same money by another way of counting: contract by contract in whole cents, from a queue. Prices are such that each
   * contract's part of a row is a whole number of cents.
   */
  it('is to the cent what an independent ledger says, for any history', () => {
    const trade = fc.record({
      symbol: fc.constantFrom(PUT, WING),
      quantity: fc.integer({ min: 1, max: 7 }),
      price: fc.integer({ min: 0, max: 900 }),
      fee: fc.integer({ min: 0, max: 300 }),
      end: fc.constantFrom<'trade' | 'settle'>('trade', 'trade', 'trade', 'settle'),
      open: fc.boolean(),
    });
    const check = fc.property(fc.array(trade, { maxLength: 40 }), fc.constantFrom(1, -1), (trades, side) => {
      const queues = new Map<string, bigint[]>();
      const rows: LedgerRow[] = [];
      let cents = 0n;
      let closed = 0;
      for (const [index, { symbol, price, fee, end, open, ...each }] of trades.entries()) {
        const queue = queues.get(symbol.symbol) ?? [];
        queues.set(symbol.symbol, queue);
        const quantity = open ? each.quantity : Math.min(each.quantity, queue.length);
        if (quantity === 0) continue;
        const settles = !open && end === 'settle';
        const sign = (open ? side : -side) * (settles && price % 2 === 0 ? 0 : 1);
        const perContract = BigInt(sign * price * 100 - fee);
        if (open) queue.push(...Array(quantity).fill(perContract));
        else for (const opened of queue.splice(0, quantity)) cents += opened + perContract;
        if (!open) closed += quantity;
        const net = d(String(perContract)).times(quantity).div(100);
        const [opens, closes]: LegAction[] =
          side > 0 ? ['sell-to-open', 'buy-to-close'] : ['buy-to-open', 'sell-to-close'];
        const action = (open ? opens : closes) ?? null;
        rows.push({
          ...settled(quantity, { instrument: symbol, at: new Date(1_000 * index), orderId: `o${index}` }),
          action: settles ? null : action,
          subType: settles ? 'Cash Settled Assignment' : String(action),
          net,
          fees: d(fee * quantity).div(100),
        });
      }
      const told = realised([...rows].reverse());
      expect(told.unexplained).toEqual([]);
      expect(sumExact(told.closings.map(({ net }) => net)).toString()).toBe(
        d(String(cents)).div(100).toString(),
      );
      expect(sumExact(told.closings.map(({ quantity }) => quantity)).eq(closed)).toBe(true);
      const grouped = closedSince(told, EPOCH);
      expect(sumExact(grouped.map(({ net }) => net)).eq(d(String(cents)).div(100))).toBe(true);
      const open = [...told.openings.values()].flat().reduce((total, { held }) => total + held, 0);
      expect(open).toBe([...queues.values()].flat().length);
    });
    fc.assert(check, { numRuns: Number(process.env.LEDGER_RUNS ?? 300) });
  });
});
