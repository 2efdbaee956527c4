import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oddOrders } from '../../src/domain/odd-rows.js';
import { isOpen } from '../../src/domain/order-fills.js';
import type { BrokerOrder } from '../../src/domain/types.js';
import type { Broker } from '../../src/ports/broker.js';
import { ACCOUNT, brokerOn, data, FakeApi, failure, items } from './support/fake-api.js';
import { worded } from './support/told.js';
import { LONG_PUT, SHORT_PUT, wireLeg, wireOrder, wirePosition } from './support/wire.js';

const LIVE = `GET /accounts/${ACCOUNT}/orders/live`;
const HISTORY = `GET /accounts/${ACCOUNT}/orders`;
const OPTIONS = 'GET /instruments/equity-options';
/** As it is told. */
const SHORT = 'SPXW 18 Dec 26 5800 P';
const OTHER = 'SPXW  261218P05000000';
const WINDOW = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-23T15:00:00Z') };

let api: FakeApi;
let sut: Broker;

beforeEach(async () => {
  api = await FakeApi.start();
  sut = brokerOn(api);
});
afterEach(() => api.close());

const one = async (change: Record<string, unknown>) => {
  api.on(`${HISTORY}/1`, data(wireOrder(change)));
  return sut.order(ACCOUNT, '1');
};

describe('an order', () => {
  it('reads the recorded shape', async () => {
    const order = await one({});
    expect({ ...order, legs: [], price: order.price?.toFixed() }).toEqual({
      id: '417895808',
      account: ACCOUNT,
      underlying: 'SPX',
      state: 'submitted',
      status: 'Routed',
      step: 'routed',
      cancellable: true,
      timeInForce: 'GTC',
      orderType: 'Limit',
      price: '1.1',
      effect: 'debit',
      stopTrigger: null,
      contingent: false,
      complex: null,
      replaces: null,
      size: 2,
      legs: [],
      externalIdentifier: 'ptb-1',
      rejectReason: null,
      receivedAt: new Date('2026-11-23T15:00:00.123Z'),
      updatedAt: new Date(1795446000456),
    });
    expect(order.legs.map(({ action, quantity, remaining }) => [action, quantity, remaining])).toEqual([
      ['buy-to-close', 2, 2],
      ['sell-to-close', 2, 2],
    ]);
    expect(order.legs[0]?.instrument).toMatchObject({ underlying: 'SPX', option: { root: 'SPXW' } });
  });

  it('reads what a stop of a complex order adds, with ids as numbers or text', async () => {
    const stop = { 'order-type': 'Stop Limit', 'stop-trigger': '3.1', 'complex-order-id': 90 };
    const order = await one({ ...stop, 'complex-order-tag': 'OCO::order', 'replaces-order-id': '12' });
    expect(order).toMatchObject({ orderType: 'Stop Limit', contingent: false, replaces: '12' });
    expect(order.complex).toEqual({ id: '90', tag: 'OCO::order' });
    expect(order.stopTrigger?.toFixed()).toBe('3.1');
    expect((await one({ 'complex-order-id': '90' })).complex).toEqual({ id: '90', tag: null });
    expect((await one({ status: 'Contingent', 'contingent-status': 'Pending Condition' })).contingent).toBe(
      true,
    );
  });

  it('keeps every digit of a long id', async () => {
    api.on(`${HISTORY}/1`, {
      body: JSON.stringify({ data: wireOrder() }).replace('417895808', '9007199254740993123'),
    });
    expect((await sut.order(ACCOUNT, '1')).id).toBe('9007199254740993123');
  });

  it('reads strings for numbers, nulls and missing fields', async () => {
    const order = await one({
      id: '5',
      size: '2',
      price: null,
      'price-effect': 'None',
      'updated-at': 0,
      'received-at': undefined,
      'external-identifier': null,
      'time-in-force': undefined,
      'account-number': undefined,
      legs: [wireLeg({ quantity: '3', 'remaining-quantity': undefined, fills: null })],
    });
    expect(order).toMatchObject({
      id: '5',
      account: ACCOUNT,
      size: 2,
      price: null,
      effect: null,
      updatedAt: null,
      receivedAt: null,
      externalIdentifier: null,
      legs: [{ quantity: 3, remaining: 3, fills: [] }],
    });
  });

  it('takes fills once each, in time order, with exact prices', async () => {
    const fill = (id: string, at: string, price: unknown) => ({
      'fill-id': id,
      quantity: 1,
      'fill-price': price,
      'filled-at': at,
      'destination-venue': 'CBOE',
    });
    const late = fill('b', '2026-11-02T15:31:08.000+00:00', '3.05');
    const early = fill('a', '2026-11-02T15:31:07.000+00:00', '3.10');
    const order = await one({
      legs: [wireLeg({ 'remaining-quantity': undefined, fills: [late, early, late] })],
    });
    expect(order.legs[0]?.fills.map(({ id, price }) => [id, price.toFixed()])).toEqual([
      ['a', '3.1'],
      ['b', '3.05'],
    ]);
    expect(order.legs[0]?.remaining).toBe(0);
  });

  it.each([
    ['Received', 'submitted', true],
    ['Routed', 'submitted', true],
    ['In Flight', 'submitted', true],
    ['Contingent', 'submitted', true],
    ['Live', 'working', true],
    ['Cancel Requested', 'working', true],
    ['Replace Requested', 'working', true],
    ['Filled', 'filled', false],
    ['Cancelled', 'cancelled', false],
    ['Removed', 'cancelled', false],
    ['Partially Removed', 'cancelled', false],
    ['Rejected', 'rejected', false],
    ['Expired', 'expired', false],
    ['Dead', 'unrecognised', true],
    ['Pondering', 'unrecognised', true],
    ['constructor', 'unrecognised', true],
  ])('reads status %s as %s', async (status, state, open) => {
    const order = await one({ status });
    expect(order).toMatchObject({ status, state });
    expect(isOpen(order)).toBe(open);
  });

  const both = { symbols: [SHORT_PUT, LONG_PUT], kin: null };
  const first = { symbols: [SHORT_PUT], kin: null };
  const spx = (symbols: string[]) => ({ symbols, kin: { underlying: 'SPX', type: null } });
  const fill = { 'fill-id': 'a', quantity: 1, 'fill-price': '1.0', 'filled-at': '2026-11-02T15:31:07Z' };

  it.each([
    ['no id', { id: null }, 'its id is missing', both],
    ['a placeholder id', { id: 0 }, 'its id reads “0”, which is no order id', both],
    ['no status', { status: null }, 'its status is missing', both],
    ['no legs', { legs: [] }, 'its list of legs is empty', 'account'],
    ['legs that are none', { legs: 'gone' }, 'its list of legs reads “gone”, which I don’t know', 'account'],
    ['a signed price', { price: '-1.10' }, 'its price reads “-1.10”, which is negative', both],
    ['a price that is no number', { price: 'NaN' }, 'its price reads “NaN”, which is no number', both],
    [
      'an unknown action',
      { legs: [wireLeg({ action: 'Hedge' })] },
      `the side (buy or sell, open or close) of ${SHORT} reads “Hedge”, which I don’t know`,
      first,
    ],
    [
      'no action',
      { legs: [wireLeg({ action: null })] },
      `the side (buy or sell, open or close) of ${SHORT} is missing`,
      first,
    ],
    [
      'part of a contract',
      { legs: [wireLeg({ quantity: 1.5 })] },
      `the quantity of ${SHORT} reads “1.5”, which is no whole number of contracts`,
      first,
    ],
    [
      'an option without quantity',
      { legs: [wireLeg({ quantity: null })] },
      `the quantity of ${SHORT} is missing`,
      first,
    ],
    [
      'nothing ordered',
      { legs: [wireLeg({ quantity: 0, 'remaining-quantity': 0 })] },
      `it orders none of ${SHORT}`,
      first,
    ],
    [
      'a symbol that is no option',
      { legs: [wireLeg({ symbol: 'SPXW' })] },
      'SPXW is called “Equity Option”, which its symbol isn’t',
      spx([]),
    ],
    [
      'a symbol that names nothing',
      { legs: [wireLeg({ symbol: 'null' })] },
      '“null” is called “Equity Option”, which its symbol isn’t',
      spx([]),
    ],
    [
      'a leg without symbol',
      { legs: [wireLeg(), wireLeg({ symbol: null })] },
      'the symbol of leg 2 is missing',
      spx([SHORT_PUT]),
    ],
    [
      'a leg of an unknown type',
      { legs: [wireLeg({ 'instrument-type': 'Spread' })] },
      `${SHORT} is called “Spread”, which I don’t know`,
      first,
    ],
    [
      'an option among crypto',
      { legs: [wireLeg({ 'instrument-type': 'Future' })] },
      `${SHORT} is called “Future”, which its symbol isn’t`,
      first,
    ],
    [
      'a leg twice',
      { legs: [wireLeg(), wireLeg()] },
      'it names a contract twice',
      { ...first, symbols: [SHORT_PUT, SHORT_PUT] },
    ],
    [
      'more left than ordered',
      { legs: [wireLeg({ 'remaining-quantity': 9 })] },
      `it says that 9 of 2 of ${SHORT} are left`,
      first,
    ],
    [
      'more filled than ordered',
      { legs: [wireLeg({ fills: [{ ...fill, quantity: 3 }] })] },
      `it says that 3 of 2 of ${SHORT} are filled`,
      first,
    ],
    [
      'nothing left and nothing filled',
      { legs: [wireLeg({ 'remaining-quantity': 0 })] },
      `it still works, yet says that none of ${SHORT} is left`,
      first,
    ],
    [
      'a negative fill',
      { legs: [wireLeg({ fills: [{ ...fill, quantity: -1 }] })] },
      `the quantity of a fill of ${SHORT} reads “-1”, which is negative`,
      first,
    ],
    [
      'a fill at a negative price',
      { legs: [wireLeg({ fills: [{ ...fill, 'fill-price': '-0.5' }] })] },
      `the price of a fill of ${SHORT} reads “-0.5”, which is negative`,
      first,
    ],
    [
      'an underlying that is no ticker',
      { 'underlying-symbol': 'NaN' },
      'its underlying reads “NaN”, which is no ticker',
      both,
    ],
    ['another account’s number', { 'account-number': '5WT99999' }, 'it is of another account', both],
  ])('is not guessed at with %s', async (_, change, why, concern) => {
    api.on(LIVE, items([wireOrder({ id: 5 }), wireOrder(change)]));
    const [clean, odd] = await sut.openOrders(ACCOUNT);
    expect(clean).toMatchObject({ id: '5', legs: [{ quantity: 2 }, { quantity: 2 }] });
    expect(clean?.odd).toBeUndefined();
    expect(odd).toMatchObject({
      legs: [],
      externalIdentifier: 'ptb-1',
      odd: { what: 'order', doubts: 'coverage', concern },
    });
    expect(worded(oddOrders([odd as BrokerOrder]))).toMatchObject([{ why }]);
    expect(odd?.odd?.name).toBe(['no id', 'a placeholder id'].includes(_) ? null : '417895808');
  });

  it.each([
    ['an open one that only opens', 'Live', { action: 'Sell to Open' }, 'nothing'],
    [
      'an open one that only opens and has filled',
      'Live',
      { action: 'Sell to Open', fills: [fill] },
      'price',
    ],
    ['a filled one', 'Filled', { fills: [fill] }, 'price'],
    ['a filled one without fills', 'Filled', {}, 'price'],
    ['a cancelled one', 'Cancelled', {}, 'nothing'],
    ['a cancelled one that filled in part', 'Cancelled', { fills: [fill] }, 'price'],
    ['one of an unknown status', 'Pondering', {}, 'coverage'],
  ])('that can’t be read leaves unsure what it can: %s', async (_, status, leg, doubts) => {
    const order = await one({ status, price: 'NaN', legs: [wireLeg(leg)] });
    expect(order.odd).toMatchObject({ doubts });
  });

  it('asked for by its id is that order, whatever can’t be read', async () => {
    expect(await one({ id: null })).toMatchObject({ id: '1', odd: { name: '1' } });
    api.on(`${HISTORY}/2`, { body: { data: ['?'] } });
    expect(await sut.order(ACCOUNT, '2')).toMatchObject({ id: '2', odd: { name: '2', concern: 'account' } });
  });

  it('of a part of a share has no size that matters', async () => {
    const stock = { 'instrument-type': 'Equity', symbol: 'AAPL', action: 'Buy to Open', quantity: '0.7512' };
    const order = await one({ status: 'Filled', size: '0.7512', legs: [wireLeg(stock)] });
    expect(order).toMatchObject({ size: null, legs: [{ quantity: 0.7512 }] });
    expect(order.odd).toBeUndefined();
  });

  it('is a refusal where there is none', async () => {
    api.on(`${HISTORY}/9`, failure(404, 'record_not_found', 'No such order'));
    await expect(sut.order(ACCOUNT, '9')).rejects.toMatchObject({ name: 'BrokerRefusal', status: 404 });
  });
});

describe('contract sizes', () => {
  const ADJUSTED = 'AAPL1 261218C00110000';
  const legs = [wireLeg({ symbol: ADJUSTED }), wireLeg()];
  const sizes = async () => (await one({ legs })).legs.map((leg) => leg.instrument.multiplier);

  it("come from the broker for a root with a digit, since an order doesn't say", async () => {
    api.on(OPTIONS, items([{ symbol: ADJUSTED, 'shares-per-contract': 120 }]));
    expect(await sizes()).toEqual([120, 100]);
    await sizes();
    expect(api.asked(OPTIONS).map(({ url }) => url.split('?')[1])).toEqual([
      'symbol%5B%5D=AAPL1%20261218C00110000&with-expired=true',
    ]);
  });

  it('come from the broker for the one series of letters that is no hundred of anything', async () => {
    const symbol = 'NANOS 261218C00680000';
    api.on(OPTIONS, items([{ symbol, 'shares-per-contract': 1 }]));
    const order = await one({ 'underlying-symbol': 'NANOS', legs: [wireLeg({ symbol })] });
    expect(order.legs.map((leg) => leg.instrument.multiplier)).toEqual([1]);
  });

  it('come from the position where one was read', async () => {
    api.on(
      `GET /accounts/${ACCOUNT}/positions`,
      items([wirePosition({ symbol: ADJUSTED, multiplier: 42 }), wirePosition({ multiplier: 10 })]),
    );
    await sut.holdings(ACCOUNT);
    expect(await sizes()).toEqual([42, 10]);
    expect(api.asked(OPTIONS)).toEqual([]);
  });

  it('count anew for orders read before, once the position says otherwise', async () => {
    const order = wireOrder({ status: 'Live', legs: [wireLeg()] });
    api.on(LIVE, items([order]));
    const read = async () => (await sut.openOrders(ACCOUNT))[0];
    const before = await read();
    expect(await read()).toBe(before);
    api.on(`GET /accounts/${ACCOUNT}/positions`, items([wirePosition({ multiplier: 10 })]));
    await sut.holdings(ACCOUNT);
    expect((await read())?.legs.map((leg) => leg.instrument.multiplier)).toEqual([10]);
    expect(before?.legs.map((leg) => leg.instrument.multiplier)).toEqual([100]);
  });

  it.each([
    ['no size', { symbol: ADJUSTED, 'shares-per-contract': null }],
    ['a part of a share', { symbol: ADJUSTED, 'shares-per-contract': '1.5' }],
    ['no symbol', { 'shares-per-contract': 120 }],
  ])('are not guessed where the broker’s row has %s', async (_, row) => {
    api.on(OPTIONS, items([row]), items([{ symbol: ADJUSTED, 'shares-per-contract': 120 }]));
    expect(worded(oddOrders([await one({ legs })]))).toMatchObject([
      { why: 'how many shares a contract of AAPL1 18 Dec 26 110 C is for isn’t told' },
    ]);
    expect(await sizes()).toEqual([120, 100]);
  });

  it('are standard for a series the broker forgot', async () => {
    api.on(OPTIONS, failure(404, 'not_found', 'No'));
    expect(await sizes()).toEqual([100, 100]);
  });
});

describe('openOrders', () => {
  it('keeps what can still fill, from a list of all states', async () => {
    const statuses = ['Live', 'Filled', 'Cancelled', 'Received', 'Rejected', 'Contingent', 'Pondering'];
    api.on(LIVE, items(statuses.map((status, id) => wireOrder({ id: id + 1, status }))));
    expect((await sut.openOrders(ACCOUNT)).map(({ status }) => status)).toEqual([
      'Live',
      'Received',
      'Contingent',
      'Pondering',
    ]);
  });

  it('leaves futures and crypto out and stock in, fractions of a share included', async () => {
    const future = { 'instrument-type': 'Future', symbol: '/ESZ6', action: 'Buy' };
    const stock = { 'instrument-type': 'Equity', symbol: 'AAPL', action: 'Sell to Close', quantity: '0.5' };
    api.on(
      LIVE,
      items([wireOrder({ id: 1, legs: [wireLeg(future)] }), wireOrder({ id: 2, legs: [wireLeg(stock)] })]),
    );
    const orders = await sut.openOrders(ACCOUNT);
    expect(orders.map(({ id }) => id)).toEqual(['2']);
    expect(orders[0]?.legs[0]).toMatchObject({ quantity: 0.5, instrument: { option: null, multiplier: 1 } });
  });

  it('believes neither of two different orders with one id', async () => {
    api.on(LIVE, items([wireOrder(), wireOrder({ legs: [wireLeg({ symbol: OTHER })] })]));
    const orders = await sut.openOrders(ACCOUNT);
    expect(orders).toMatchObject([
      { legs: [], odd: { doubts: 'coverage', concern: { symbols: [SHORT_PUT, LONG_PUT, OTHER] } } },
    ]);
  });
});

describe('searchOrders', () => {
  const at = (minute: number) => `2026-11-20T15:${String(minute).padStart(2, '0')}:00.000+00:00`;
  const history = (ids: number[]) =>
    ids.map((id) => wireOrder({ id, status: 'Filled', 'received-at': at(id) }));

  /** Serves a list in pages as tastytrade does, with `page-offset` as a page index. */
  function paged(list: unknown[], withPagination = true) {
    api.on(HISTORY, (response, { url }) => {
      const query = new URL(url, 'http://x').searchParams;
      const per = Number(query.get('per-page') ?? 10);
      const page = Number(query.get('page-offset') ?? 0);
      const pagination = { 'total-pages': Math.ceil(list.length / per), 'total-items': list.length };
      const body = { data: { items: list.slice(page * per, (page + 1) * per) }, pagination };
      response.end(JSON.stringify(withPagination ? body : { data: body.data }));
    });
  }

  it.each([0, 1, 49, 50, 51, 100, 101])('reads all of %i orders, oldest first', async (count) => {
    const ids = Array.from({ length: count }, (_, index) => count - index);
    for (const withPagination of [true, false]) {
      paged(
        ids.map((id) => wireOrder({ id, 'received-at': new Date(Date.UTC(2026, 10, 2) + id * 1_000) })),
        withPagination,
      );
      const found = await sut.searchOrders(ACCOUNT, WINDOW);
      expect(found.map(({ id }) => Number(id))).toEqual([...ids].reverse());
    }
  });

  it('sends window, underlying and status as the broker names them', async () => {
    api.on(HISTORY, items([]));
    await sut.searchOrders(ACCOUNT, { ...WINDOW, underlying: 'BRK/B', filledOnly: true });
    expect(Object.fromEntries(new URL(api.seen.at(-1)?.url ?? '', 'http://x').searchParams)).toEqual({
      'start-at': '2026-11-01T00:00:00.000Z',
      'end-at': '2026-11-23T15:00:00.000Z',
      'underlying-symbol': 'BRK/B',
      'status[]': 'Filled',
      sort: 'Desc',
      'per-page': '50',
      'page-offset': '0',
    });
  });

  it('gives an order that slipped to the next page once, as last read', async () => {
    const pagination = { 'total-pages': 2 };
    api.on(
      HISTORY,
      items([wireOrder({ id: 3, status: 'Live' }), wireOrder({ id: 2, status: 'Live' })], pagination),
      items([wireOrder({ id: 2, status: 'Filled' }), wireOrder({ id: 1, status: 'Live' })], pagination),
    );
    const found = await sut.searchOrders(ACCOUNT, WINDOW);
    expect(found.map(({ id, status }) => `${id} ${status}`)).toEqual(['1 Live', '2 Filled', '3 Live']);
  });

  it('drops what is not filled if only filled ones are wanted and the broker sends more', async () => {
    api.on(HISTORY, items([...history([2]), wireOrder({ id: 1, status: 'Cancelled' })]));
    expect(await sut.searchOrders(ACCOUNT, { ...WINDOW, filledOnly: true })).toHaveLength(1);
  });

  it('never takes a part for the whole when a page fails', async () => {
    api.on(HISTORY, items(history([2]), { 'total-pages': 2 }), { status: 500 });
    await expect(sut.searchOrders(ACCOUNT, WINDOW)).rejects.toMatchObject({ name: 'BrokerUnreachable' });
  });
});

describe('prices on the wire', () => {
  it('come back digit for digit, sent as a string or as a number', async () => {
    const price = fc
      .tuple(fc.bigInt({ min: 1n, max: 10n ** 18n }), fc.integer({ min: 0, max: 9 }))
      .map(([digits, scale]) => {
        const padded = digits.toString().padStart(scale + 1, '0');
        return scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
      });
    await fc.assert(
      fc.asyncProperty(price, fc.boolean(), async (text, quoted) => {
        const body = JSON.stringify({ data: wireOrder({ price: 'PRICE' }) });
        api.on(`${HISTORY}/1`, { body: body.replace('"PRICE"', quoted ? `"${text}"` : text) });
        const order = await sut.order(ACCOUNT, '1');
        const expected = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
        expect(order.price?.toFixed()).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });
});
