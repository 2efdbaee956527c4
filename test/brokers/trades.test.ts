import { describe, expect, it } from 'vitest';
import { d } from '../domain/build.js';
import { brokerOf } from './support/canned.js';

const SYMBOL = 'XYZ   270115P00090000';
const SINCE = new Date('2026-11-30T02:00:00Z');
const row = (change: Record<string, unknown> = {}) => ({
  id: 1,
  'account-number': '5WT00001',
  symbol: SYMBOL,
  'transaction-type': 'Trade',
  action: 'Buy to Close',
  quantity: '2.0',
  value: '260.0',
  'value-effect': 'Debit',
  'net-value': '260.24',
  'net-value-effect': 'Debit',
  'order-id': 700123,
  ...change,
});

async function read(...items: unknown[]) {
  const asked: string[] = [];
  const broker = brokerOf((path) => {
    asked.push(path);
    return { data: { items } };
  });
  return { trades: await broker.trades('5WT00001', { symbol: SYMBOL, since: SINCE }), asked };
}

describe('the ledger’s trades', () => {
  it('are asked for by contract, from a day of the exchange on', async () => {
    const { asked } = await read();
    expect(asked).toEqual([
      '/accounts/5WT00001/transactions?type=Trade&symbol=XYZ%20%20%20270115P00090000&start-date=2026-11-29&per-page=250&page-offset=0',
    ]);
  });

  it('cost what net value and value differ by, whichever way money went', async () => {
    const sold = {
      action: 'Sell to Close',
      'value-effect': 'Credit',
      'net-value': '259.71',
      'net-value-effect': 'Credit',
    };
    const { trades } = await read(row(), row(sold), row({ 'reverses-id': 1 }));
    expect(trades).toEqual([
      { orderId: '700123', quantity: d(2), fees: d('0.24'), reverses: false },
      { orderId: '700123', quantity: d(2), fees: d('0.29'), reverses: false },
      { orderId: '700123', quantity: d(2), fees: d('0.24'), reverses: true },
    ]);
  });

  it('that can’t be read, or are of another contract or account, are left out', async () => {
    const { trades } = await read(
      row({ quantity: 'NaN' }),
      row({ value: null }),
      row({ symbol: 'XYZ   270115P00085000' }),
      row({ 'account-number': '5WT00009' }),
      null,
      row({ 'order-id': null }),
    );
    expect(trades).toEqual([{ orderId: null, quantity: d(2), fees: d('0.24'), reverses: false }]);
  });
});
