import { describe, expect, it } from 'vitest';
import { d } from '../domain/build.js';
import { brokerOf } from './support/canned.js';

const SYMBOL = 'XYZ   270115P00090000';
const SINCE = new Date('2026-11-30T02:00:00Z');
const row = (change: Record<string, unknown> = {}) => ({
  id: 252640963,
  'account-number': '5WT00001',
  symbol: SYMBOL,
  'instrument-type': 'Equity Option',
  'underlying-symbol': 'XYZ',
  'transaction-type': 'Trade',
  'transaction-sub-type': 'Buy to Close',
  action: 'Buy to Close',
  quantity: '2.0',
  price: '1.3',
  value: '260.0',
  'value-effect': 'Debit',
  'net-value': '260.24',
  'net-value-effect': 'Debit',
  'order-id': 700123,
  'executed-at': '2026-12-01T15:00:00.200+00:00',
  ...change,
});

const read = (...items: unknown[]) => search({}, ...items);

async function search(of: { symbol?: string }, ...items: unknown[]) {
  const asked: string[] = [];
  const broker = brokerOf((path) => {
    asked.push(path);
    return { data: { items } };
  });
  return { ...(await broker.ledger('5WT00001', { since: SINCE, ...of })), asked };
}

describe('the ledger', () => {
  it('is asked for trades and settlements from a day of the exchange on', async () => {
    const { asked } = await read();
    expect(asked).toEqual([
      '/accounts/5WT00001/transactions?types%5B%5D=Trade&types%5B%5D=Receive%20Deliver&start-date=2026-11-29&per-page=2000&page-offset=0',
    ]);
  });

  it('is asked for one contract, and tells of no other', async () => {
    const { asked, rows } = await search(
      { symbol: SYMBOL },
      row(),
      row({ symbol: 'XYZ   270115P00085000' }),
      row({ 'account-number': '5WT00009' }),
      row({ 'order-id': null }),
    );
    expect(asked).toEqual([
      '/accounts/5WT00001/transactions?types%5B%5D=Trade&types%5B%5D=Receive%20Deliver&symbol=XYZ%20%20%20270115P00090000&start-date=2026-11-29&per-page=2000&page-offset=0',
    ]);
    expect(rows.map(({ orderId, quantity }) => [orderId, quantity])).toEqual([
      ['700123', d(2)],
      [null, d(2)],
    ]);
  });

  it('has as fees what net value and value differ by, whichever way money went', async () => {
    const sold = {
      action: 'Sell to Close',
      'value-effect': 'Credit',
      'net-value': '259.71',
      'net-value-effect': 'Credit',
    };
    const { rows } = await read(row(), row(sold), row({ 'reverses-id': 1 }));
    expect(rows.map(({ fees, reverses }) => [fees, reverses])).toEqual([
      [d('0.24'), null],
      [d('0.29'), null],
      [d('0.24'), '1'],
    ]);
  });

  it('says of a trade what moved, and what came in or went out after fees', async () => {
    const { rows, odd } = await read(row());
    expect(odd).toBe(0);
    expect(rows).toMatchObject([
      {
        id: '252640963',
        instrument: { symbol: SYMBOL, underlying: 'XYZ', multiplier: 100, option: { type: 'put' } },
        action: 'buy-to-close',
        quantity: d(2),
        net: d('-260.24'),
        fees: d('0.24'),
        orderId: '700123',
        at: new Date('2026-12-01T15:00:00.200Z'),
        reverses: null,
      },
    ]);
  });

  it('takes the multiplier of an adjusted contract from what was paid for it', async () => {
    const { rows } = await read(row({ value: '26.0', 'net-value': '26.24' }));
    expect(rows[0]?.instrument.multiplier).toBe(10);
  });

  it('says of what settled by itself how, without an order or an action', async () => {
    const expiry = row({
      'transaction-type': 'Receive Deliver',
      'transaction-sub-type': 'Expiration',
      action: undefined,
      price: undefined,
      value: '0.0',
      'value-effect': 'None',
      'net-value': '0.0',
      'net-value-effect': 'None',
      'order-id': undefined,
    });
    const { rows } = await read(expiry);
    expect(rows).toMatchObject([
      { action: null, subType: 'Expiration', net: d(0), fees: d(0), orderId: null, price: null },
    ]);
  });

  it('tells shares that an assignment brought as a trade without an order, and what only moves or ends as none', async () => {
    const moved = (type: string, action: string) =>
      row({
        'transaction-type': 'Receive Deliver',
        'transaction-sub-type': type,
        action,
        'order-id': undefined,
      });
    const { rows, odd } = await read(
      moved('Buy to Open', 'Buy to Open'),
      moved('Symbol Change', 'Buy to Close'),
      moved('Symbol Change', 'Sell to Open'),
      moved('Transfer', 'Sell to Open'),
      moved('ACAT', 'Buy to Open'),
      // As the broker closes what expired.
      moved('Expiration', 'Sell to Close'),
    );
    expect(odd).toBe(0);
    expect(rows.map(({ action, orderId }) => [action, orderId])).toEqual([
      ['buy-to-open', null],
      ...Array(5).fill([null, null]),
    ]);
  });

  it('counts what it can’t read, and leaves out other accounts and instruments', async () => {
    const { rows, odd } = await read(
      row({ quantity: 'NaN' }),
      row({ value: null }),
      row({ action: 'Sell Short' }),
      row({ 'executed-at': null }),
      row({ symbol: 'XYZ' }),
      null,
      row({ 'account-number': '5WT00009' }),
      row({ 'instrument-type': 'Cryptocurrency', action: 'Allocate' }),
      row(),
    );
    expect([rows.length, odd]).toEqual([1, 6]);
  });
});
