import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Decimal } from '../../src/services/domain/money.js';
import type { Broker } from '../../src/services/ports/broker.js';
import { ACCOUNT, brokerOn, FakeApi, items } from './support/fake-api.js';
import { SHORT_PUT, wirePosition } from './support/wire.js';

const POSITIONS = `GET /accounts/${ACCOUNT}/positions`;

let api: FakeApi;
let sut: Broker;

beforeEach(async () => {
  api = await FakeApi.start();
  sut = brokerOn(api);
});
afterEach(() => api.close());

const held = async (...positions: unknown[]) => {
  api.on(POSITIONS, items(positions));
  return sut.holdings(ACCOUNT);
};

describe('holdings', () => {
  it('turns a recorded option position into a holding', async () => {
    expect(await held(wirePosition())).toEqual([
      {
        instrument: {
          symbol: SHORT_PUT,
          underlying: 'SPX',
          multiplier: 100,
          option: { root: 'SPXW', expiration: '2026-12-18', type: 'put', strike: new Decimal(5800) },
        },
        side: 'short',
        quantity: 2,
        restricted: 0,
        averageOpenPrice: new Decimal('12.35'),
        createdAt: new Date('2026-11-02T15:31:07.041Z'),
      },
    ]);
  });

  it('reads numbers where strings are usual and the other way round, exactly', async () => {
    api.on(POSITIONS, {
      body: `{"data":{"items":[${JSON.stringify(wirePosition({ quantity: 3, multiplier: '10' })).replace(
        '"12.35"',
        '0.1234567890123456789',
      )}]}}`,
    });
    const [holding] = await sut.holdings(ACCOUNT);
    expect(holding).toMatchObject({ quantity: 3, instrument: { multiplier: 10 } });
    expect(holding?.averageOpenPrice.toFixed()).toBe('0.1234567890123456789');
  });

  it('leaves out what is closed and what is neither option nor stock', async () => {
    const zero = [
      wirePosition({ quantity: '0', 'quantity-direction': 'Zero', 'average-open-price': null }),
      wirePosition({ quantity: '0.0', 'quantity-direction': 'Short' }),
      wirePosition({ quantity: 0, 'quantity-direction': null }),
      wirePosition({ 'instrument-type': 'Future', symbol: '/ESZ6', multiplier: 50 }),
      wirePosition({ 'instrument-type': 'Cryptocurrency', symbol: 'BTC/USD', quantity: '0.5' }),
    ];
    expect(await held(...zero)).toEqual([]);
  });

  it('counts only whole shares of stock, and drops less than one', async () => {
    const stock = { 'instrument-type': 'Equity', 'underlying-symbol': 'AAPL', symbol: 'AAPL', multiplier: 1 };
    const holdings = await held(
      wirePosition({ ...stock, quantity: '100.75', 'quantity-direction': 'Long' }),
      wirePosition({ ...stock, symbol: 'F', quantity: '0.99', 'quantity-direction': 'Long' }),
    );
    expect(holdings).toHaveLength(1);
    expect(holdings[0]).toMatchObject({
      side: 'long',
      quantity: 100,
      instrument: { symbol: 'AAPL', multiplier: 1, option: null },
    });
  });

  it('counts restricted contracts, never more than held; a frozen position is restricted whole', async () => {
    const restricted = async (change: Record<string, unknown>) =>
      (await held(wirePosition(change)))[0]?.restricted;
    expect(await restricted({ 'restricted-quantity': '1.0' })).toBe(1);
    expect(await restricted({ 'restricted-quantity': '0.2' })).toBe(1);
    expect(await restricted({ 'restricted-quantity': '7' })).toBe(2);
    expect(await restricted({ 'restricted-quantity': null })).toBe(0);
    expect(await restricted({ 'is-frozen': true })).toBe(2);
  });

  it.each([
    ['part of a contract', { quantity: '1.5' }],
    ['no multiplier', { multiplier: null }],
    ['no opening price', { 'average-open-price': null }],
    ['no direction', { 'quantity-direction': null }],
    ['a negative quantity', { quantity: '-2' }],
    ['a symbol that is no option', { symbol: 'SPXW' }],
  ])('refuses to guess about an option with %s', async (_, change) => {
    await expect(held(wirePosition(), wirePosition(change))).rejects.toMatchObject({
      name: 'BrokerProtocolError',
    });
  });

  it('reads every page if the list has several', async () => {
    const page = (symbol: string) =>
      items([wirePosition({ symbol })], { 'total-pages': 2, 'total-items': 2, 'page-offset': 0 });
    api.on(POSITIONS, page(SHORT_PUT), page('SPXW  261218P05790000'));
    expect(await sut.holdings(ACCOUNT)).toHaveLength(2);
    expect(api.asked(POSITIONS).map(({ url }) => url.split('?')[1])).toEqual([undefined, 'page-offset=1']);
  });
});
