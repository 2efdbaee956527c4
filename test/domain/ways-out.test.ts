import { describe, expect, it } from 'vitest';
import { type LedgerRow, realised } from '../../src/domain/realised.js';
import { waysOut } from '../../src/domain/ways-out.js';
import { d, option } from './build.js';
import { ledgerRow } from './ledger-row.js';

const WING = option('QQQ 2026-12-18 475 P');
const on = (day: number) => new Date(Date.UTC(2026, 10, day, 15));
const two = { quantity: d(2) };
const told = (rows: LedgerRow[]) =>
  waysOut(realised(rows).closings, rows).map(({ orderId, ending, at, net, price }) => [
    orderId ?? ending,
    at.getUTCDate(),
    net.toString(),
    price?.toString() ?? null,
  ]);

const opened = [
  ledgerRow(1, 'sell-to-open', on(2), 200, two),
  ledgerRow(2, 'buy-to-open', on(2), -100, { ...two, instrument: WING, orderId: '1' }),
];

describe('the ways out of a position', () => {
  it('are its orders, each with its net price per unit and what it made', () => {
    const first = [
      ledgerRow(11, 'buy-to-close', on(9), -61, { price: d('0.60'), orderId: '7' }),
      ledgerRow(12, 'sell-to-close', on(9), 19, { price: d('0.20'), orderId: '7', instrument: WING }),
    ];
    const rest = [
      ledgerRow(13, 'buy-to-close', on(12), -31, { price: d('0.30'), orderId: '8' }),
      ledgerRow(14, 'sell-to-close', on(13), 9, { price: d('0.10'), orderId: '8', instrument: WING }),
    ];
    expect(told([...opened, ...first, ...rest])).toEqual([
      ['7', 9, '8', '-0.4'],
      ['8', 13, '28', '-0.2'],
    ]);
  });

  it('have the price of one unit of an order over several fills, whatever positions it closed', () => {
    const more = ledgerRow(3, 'sell-to-open', on(3), 100, { orderId: '3' });
    const closed = [
      ledgerRow(11, 'buy-to-close', on(9), -102, { ...two, price: d('0.50'), orderId: '7' }),
      ledgerRow(12, 'buy-to-close', on(9), -81, { price: d('0.80'), orderId: '7' }),
    ];
    const [short] = opened;
    if (!short) throw new Error('none');
    const rows = [short, more, ...closed];
    const { closings } = realised(rows);
    const one = closings.filter(({ opening }) => opening === 'order:3');
    expect(waysOut(one, rows).map(({ price }) => price?.toString())).toEqual(['-0.6']);
  });

  it('are how it settled as well, which has no price', () => {
    const expired = ledgerRow(11, null, on(18), 0, { ...two, price: null });
    const wing = ledgerRow(12, null, on(18), 0, { ...two, price: null, instrument: WING });
    expect(told([...opened, expired, wing])).toEqual([['expired', 18, '100', null]]);
  });

  it('have no price where the order opened something as well, or a row tells none', () => {
    const [short] = opened;
    if (!short) throw new Error('none');
    const close = ledgerRow(11, 'buy-to-close', on(9), -122, { ...two, orderId: '7' });
    const into = ledgerRow(12, 'sell-to-open', on(9), 200, { ...two, orderId: '7', instrument: WING });
    expect(told([short, close, into])).toEqual([['7', 9, '78', null]]);
    expect(told([short, { ...close, price: null }])).toEqual([['7', 9, '78', null]]);
  });
});
