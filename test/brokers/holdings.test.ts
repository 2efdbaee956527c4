import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/money.js';
import type { Broker } from '../../src/ports/broker.js';
import { ACCOUNT, brokerOn, FakeApi, items } from './support/fake-api.js';
import { worded } from './support/told.js';
import { LONG_PUT, SHORT_PUT, wirePosition } from './support/wire.js';

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
  const { held: holdings, odd } = await sut.holdings(ACCOUNT);
  expect(odd).toEqual([]);
  return holdings;
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
    const {
      held: [holding],
    } = await sut.holdings(ACCOUNT);
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

  const CLEAN = wirePosition({ symbol: LONG_PUT, 'quantity-direction': 'Long' });
  const PUTS = { underlying: 'SPX', type: 'put' };
  const only = { symbols: [SHORT_PUT], kin: null };
  const related = { symbols: [SHORT_PUT], kin: PUTS };

  // What is clear of the contract, its side and count stays shown; the doubt covers it all the same.
  it.each([
    [
      'part of a contract',
      { quantity: '1.5' },
      'its quantity reads “1.5”, which is no whole number of contracts',
      related,
      false,
    ],
    ['a negative quantity', { quantity: '-2' }, 'its quantity reads “-2”, which is negative', related, false],
    ['no quantity', { quantity: null }, 'its quantity is missing', related, false],
    [
      'a quantity beyond any account',
      { quantity: '1e30' },
      'its quantity reads “1e30”, which can be no quantity',
      related,
      false,
    ],
    [
      'a quantity that is no number',
      { quantity: 'NaN' },
      'its quantity reads “NaN”, which is no number',
      related,
      false,
    ],
    ['no direction', { 'quantity-direction': null }, 'its side (long or short) is missing', related, false],
    [
      'a direction that contradicts its quantity',
      { 'quantity-direction': 'Zero' },
      'its side (long or short) reads “Zero”, which is neither long nor short',
      related,
      false,
    ],
    [
      'an unknown type',
      { 'instrument-type': 'Equity Optio' },
      'it is called “Equity Optio”, which I don’t know',
      related,
      false,
    ],
    ['no type', { 'instrument-type': null }, 'its kind (stock or option) is missing', related, false],
    [
      'a type that contradicts its symbol',
      { 'instrument-type': 'Future' },
      'it is called “Future”, which its symbol isn’t',
      related,
      false,
    ],
    [
      'an underlying that is no ticker',
      { 'underlying-symbol': 'NaN' },
      'its underlying reads “NaN”, which is no ticker',
      { symbols: [SHORT_PUT], kin: { underlying: 'SPX', type: 'put' } },
      false,
    ],
    [
      'a restriction beyond any account',
      { 'restricted-quantity': '1e400' },
      'its restricted quantity reads “1e400”, which can be no quantity',
      only,
      true,
    ],
    [
      'an opening price beyond any',
      { 'average-open-price': '1e400' },
      'its opening price reads “1e400”, which can be no price',
      only,
      true,
    ],
    ['no multiplier', { multiplier: null }, 'its contract size is missing', only, true],
    [
      'a multiplier of nothing',
      { multiplier: 0 },
      'its contract size reads “0”, which is no number of shares',
      only,
      true,
    ],
    ['no opening price', { 'average-open-price': null }, 'its opening price is missing', only, true],
    [
      'an opening price that is no number',
      { 'average-open-price': 'NaN' },
      'its opening price reads “NaN”, which is no number',
      only,
      true,
    ],
    [
      'a restriction that is no number',
      { 'restricted-quantity': {} },
      'its restricted quantity has a form I don’t know',
      only,
      true,
    ],
    [
      'neither frozen nor not',
      { 'is-frozen': 'perhaps' },
      'its mark as frozen reads “perhaps”, which is neither yes nor no',
      only,
      true,
    ],
    [
      'the number of another account',
      { 'account-number': '5WT99999' },
      'it is of another account',
      only,
      true,
    ],
  ])('sets aside an option with %s, and nothing else', async (_, change, why, concern, shown) => {
    api.on(POSITIONS, items([CLEAN, wirePosition(change)]));
    const { held: holdings, odd } = await sut.holdings(ACCOUNT);
    expect(holdings.map(({ instrument }) => instrument.symbol)).toEqual(
      shown ? [LONG_PUT, SHORT_PUT] : [LONG_PUT],
    );
    expect(worded(odd)).toEqual([{ what: 'holding', name: SHORT_PUT, why, doubts: 'coverage', concern }]);
  });

  it('cannot tell which contract a row without a readable symbol is about', async () => {
    const symbol = (change: Record<string, unknown>) => wirePosition({ symbol: 'SPXW', ...change });
    api.on(POSITIONS, items([CLEAN, symbol({}), symbol({ symbol: 7, 'underlying-symbol': null }), null]));
    const { held: holdings, odd } = await sut.holdings(ACCOUNT);
    expect(holdings).toHaveLength(1);
    expect(odd.map(({ name, concern }) => [name, concern])).toEqual([
      ['SPXW', { symbols: ['SPXW'], kin: { underlying: 'SPX', type: null } }],
      ['7', 'account'],
      [null, 'account'],
    ]);
  });

  it('takes a contract of which no underlying is told for what its root says', async () => {
    api.on(POSITIONS, items([CLEAN, wirePosition({ 'underlying-symbol': null })]));
    const { held: holdings } = await sut.holdings(ACCOUNT);
    expect(holdings.map(({ instrument }) => instrument.underlying)).toEqual(['SPX', 'SPX']);
  });

  it('is not sure of shares that are said to be another account’s', async () => {
    const stock = { 'instrument-type': 'Equity', 'underlying-symbol': 'AAPL', symbol: 'AAPL', multiplier: 1 };
    api.on(POSITIONS, items([wirePosition({ ...stock, quantity: '100', 'account-number': '5WT99999' })]));
    expect((await sut.holdings(ACCOUNT)).odd).toMatchObject([
      { name: 'AAPL', doubts: 'coverage', concern: { symbols: ['AAPL'] } },
    ]);
  });

  it('believes no contract that is listed twice', async () => {
    api.on(POSITIONS, items([CLEAN, wirePosition({ symbol: LONG_PUT, quantity: 5 })]));
    const { odd } = await sut.holdings(ACCOUNT);
    expect(worded(odd)).toMatchObject([{ name: LONG_PUT, why: 'it is listed twice', doubts: 'coverage' }]);
  });

  it('believes none that is listed twice in the very same words', async () => {
    api.on(POSITIONS, items([CLEAN, CLEAN]), items([CLEAN]));
    const { held: holdings, odd } = await sut.holdings(ACCOUNT);
    expect(holdings).toHaveLength(1);
    expect(worded(odd)).toMatchObject([{ name: LONG_PUT, why: 'it is listed twice', doubts: 'coverage' }]);
    expect((await sut.holdings(ACCOUNT)).odd).toEqual([]);
  });

  it('makes the same of a row that says the same, and reads one that changed', async () => {
    const grown = wirePosition({ quantity: 3 });
    api.on(POSITIONS, items([CLEAN, wirePosition()]), items([CLEAN, grown]), items([grown, CLEAN]));
    const [first, second, third] = [
      (await sut.holdings(ACCOUNT)).held,
      (await sut.holdings(ACCOUNT)).held,
      (await sut.holdings(ACCOUNT)).held,
    ];
    expect(second[0]).toBe(first[0]);
    expect([first[1]?.quantity, second[1]?.quantity]).toEqual([2, 3]);
    expect(third).toEqual([second[1], first[0]]);
  });

  it('knows shares whose average price it can’t read', async () => {
    const stock = { 'instrument-type': 'Equity', 'underlying-symbol': 'AAPL', symbol: 'AAPL', multiplier: 1 };
    const bought = { ...stock, quantity: '100', 'quantity-direction': 'Long', 'average-open-price': 'NaN' };
    api.on(POSITIONS, items([wirePosition(bought)]));
    const { held: holdings, odd } = await sut.holdings(ACCOUNT);
    expect(holdings).toMatchObject([{ quantity: 100, restricted: 0 }]);
    expect(odd).toMatchObject([{ name: 'AAPL', doubts: 'nothing' }]);
  });

  it('reads every page if the list has several', async () => {
    const page = (symbol: string) =>
      items([wirePosition({ symbol })], { 'total-pages': 2, 'total-items': 2, 'page-offset': 0 });
    api.on(POSITIONS, page(SHORT_PUT), page(LONG_PUT));
    expect((await sut.holdings(ACCOUNT)).held).toHaveLength(2);
    expect(api.asked(POSITIONS).map(({ url }) => url.split('?')[1])).toEqual([undefined, 'page-offset=1']);
  });
});
