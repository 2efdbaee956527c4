import { describe, expect, it } from 'vitest';
import { grantBody, gtc, leg, MONDAY, putSpread, QQQ_TRIDENT, startRig } from './harness.js';

const DECIMAL = /^\d+\.\d+$/;

describe('login', () => {
  it('grants a bearer token for 900 seconds without an envelope', async () => {
    const { broker, request } = await startRig();
    const { status, body } = await request('POST', '/oauth/token', grantBody(broker));
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 900, access_token: expect.any(String) });
  });

  it('takes the grant form-encoded as well', async () => {
    const { broker } = await startRig();
    const answer = await fetch(`${broker.url}/oauth/token`, {
      method: 'POST',
      headers: { 'user-agent': 'x/1' },
      body: new URLSearchParams(grantBody(broker)),
    });
    expect(answer.status).toBe(200);
  });

  it.each([
    ['a wrong secret', { client_secret: 'nope' }, 'invalid_grant'],
    ['a wrong refresh token', { refresh_token: 'nope' }, 'invalid_grant'],
    ['another grant', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no grant', { grant_type: undefined }, 'invalid_request'],
  ])('refuses %s with the code as error_code', async (_what, change, error_code) => {
    const { broker, request } = await startRig();
    const { status, body } = await request('POST', '/oauth/token', { ...grantBody(broker), ...change });
    expect(status).toBe(400);
    expect(body).toEqual({ error_code, error_description: expect.any(String) });
  });

  it('lets a token live for 15 minutes and no longer', async () => {
    const { admin, request } = await startRig();
    await admin.clock({ advanceMs: 899_000 });
    expect((await request('GET', '/customers/me/accounts')).status).toBe(200);
    await admin.clock({ advanceMs: 1_001 });
    const { status, body } = await request('GET', '/customers/me/accounts');
    expect([status, body.error.code]).toEqual([401, 'token_expired']);
  });

  it('does not age tokens by the speed of the market', async () => {
    const { admin, request } = await startRig({ speed: 100_000 });
    await admin.clock({ speed: 100_000 });
    expect((await request('GET', '/customers/me/accounts')).status).toBe(200);
  });

  it('refuses requests without a token, with a made-up one, and without a User-Agent', async () => {
    const { request } = await startRig();
    const read = (headers: Record<string, string>) =>
      request('GET', '/customers/me/accounts', undefined, headers);
    expect((await read({ authorization: '' })).status).toBe(401);
    expect((await read({ authorization: 'Bearer made-up' })).body.error.code).toBe('invalid_token');
    expect((await read({ 'user-agent': '' })).status).toBe(401);
    expect((await read({ 'user-agent': 'tastytrade-sdk-js' })).status).toBe(200);
  });

  it('answers an unsupported version with a numeric code', async () => {
    const { request } = await startRig();
    const { status, body } = await request('GET', '/customers/me/accounts', undefined, {
      'accept-version': 'v2',
    });
    expect([status, body.error.code]).toEqual([406, 406]);
  });

  it.each([
    ['20250812', 406],
    ['20250813', 200],
    ['20261011', 200],
    ['20261012', 400],
    ['20270101', 400],
    [undefined, 200],
  ])('a search of orders without a start, at version %s, is answered with %i', async (version, expected) => {
    const { request, account } = await startRig();
    const headers = version === undefined ? {} : { 'accept-version': version };
    const search = async (query: string) =>
      (await request('GET', `/accounts/${account}/orders${query}`, undefined, headers)).status;
    expect(await search('')).toBe(expected);
    if (expected !== 406) expect(await search('?start-date=2026-01-01')).toBe(200);
  });
});

describe('accounts', () => {
  it('lists an open and a closed account with the authority beside each', async () => {
    const { request, account } = await startRig();
    const { body } = await request('GET', '/customers/me/accounts');
    expect(body.context).toBe('/customers/me/accounts');
    expect(body.data.items).toMatchObject([
      { account: { 'account-number': account, 'is-closed': false }, 'authority-level': 'owner' },
      { account: { 'is-closed': true, 'closed-at': expect.any(String) } },
    ]);
  });

  it('gives balances as one object and as a list, money in decimal strings', async () => {
    const { onAccount } = await startRig();
    const one = (await onAccount('GET', '/balances/USD')).body.data;
    const list = (await onAccount('GET', '/balances')).body.data.items;
    expect(list).toEqual([{ ...one, 'updated-at': expect.any(String) }]);
    for (const name of ['cash-balance', 'net-liquidating-value', 'derivative-buying-power']) {
      expect(one[name]).toMatch(DECIMAL);
    }
    expect(one['pending-cash-effect']).toBe('None');
  });

  // A widely used typed client refuses an answer that lacks any of them.
  it('says nothing and zero of what is not simulated, instead of leaving it out', async () => {
    const { onAccount, request } = await startRig();
    expect((await onAccount('GET', '/balances/USD')).body.data).toMatchObject({
      'long-futures-value': '0.0',
      'short-cryptocurrency-value': '0.0',
      'pending-margin-interest': '0.0',
      'unsettled-cryptocurrency-fiat-effect': 'None',
      'available-trading-funds': expect.stringMatching(DECIMAL),
      'reg-t-margin-requirement': expect.stringMatching(DECIMAL),
    });
    expect((await onAccount('GET', '/trading-status')).body.data).toMatchObject({
      'is-futures-enabled': false,
      'is-cryptocurrency-enabled': false,
      'futures-margin-rate-multiplier': '0.0',
    });
    const [metrics] = (await request('GET', '/market-metrics?symbols=QQQ')).body.data.items;
    expect(metrics).toMatchObject({ 'market-cap': '0.0', 'updated-at': expect.any(String) });
  });

  it('does not let anybody read a foreign account', async () => {
    const { request } = await startRig();
    const { status, body } = await request('GET', '/accounts/5WT99999/positions');
    expect([status, body.error.code]).toEqual([403, 'not_permitted']);
  });

  it("does not show one account's orders under another's number", async () => {
    const { request, onAccount } = await startRig({ startAt: MONDAY });
    const [{ id }] = (await onAccount('GET', '/orders?per-page=1')).body.data.items;
    expect((await onAccount('GET', `/orders/${id}`)).status).toBe(200);
    expect((await request('GET', `/accounts/5WT00002/orders/${id}`)).status).toBe(404);
  });

  it('says of a closed account that it is closed wherever it shows it', async () => {
    const { request, onAccount, admin } = await startRig();
    await admin.tradingStatus({ isClosed: true });
    expect((await onAccount('GET', '/trading-status')).body.data['is-closed']).toBe(true);
    const { items } = (await request('GET', '/customers/me/accounts')).body.data;
    expect(items[0].account['is-closed']).toBe(true);
  });

  it('gives trading status and position limits with the recorded types', async () => {
    const { onAccount } = await startRig();
    expect((await onAccount('GET', '/trading-status')).body.data).toMatchObject({
      id: expect.any(Number),
      'is-closing-only': false,
      'options-level': expect.any(String),
      'day-trade-count': 0,
    });
    expect((await onAccount('GET', '/position-limit')).body.data).toMatchObject({
      'equity-option-order-size': expect.any(Number),
    });
  });
});

describe('positions', () => {
  it('have string quantities, numeric multipliers and prices per share', async () => {
    const { onAccount } = await startRig({ startAt: MONDAY });
    const { items } = (await onAccount('GET', '/positions?underlying-symbol[]=QQQ')).body.data;
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) {
      expect(item).toMatchObject({
        'instrument-type': 'Equity Option',
        'underlying-symbol': 'QQQ',
        quantity: expect.stringMatching(/^\d+$/),
        'quantity-direction': expect.stringMatching(/^(Long|Short)$/),
        'average-open-price': expect.stringMatching(DECIMAL),
        multiplier: 100,
        'restricted-quantity': '0.0',
      });
      expect(item.symbol).toHaveLength(21);
      expect(item).not.toHaveProperty('mark-price');
    }
  });

  it('carry marks only where asked for', async () => {
    const { onAccount } = await startRig();
    const { items } = (await onAccount('GET', '/positions?include-marks=true')).body.data;
    for (const item of items) expect(item['mark-price']).toMatch(DECIMAL);
  });

  it('leave out closed ones unless they are asked for', async () => {
    const { onAccount, admin } = await startRig();
    const [first] = (await onAccount('GET', '/positions')).body.data.items;
    await admin.position(first.symbol, { quantity: 0 });
    const symbols = async (query: string) =>
      (await onAccount('GET', `/positions${query}`)).body.data.items.map(
        (each: { symbol: string }) => each.symbol,
      );
    expect(await symbols('')).not.toContain(first.symbol);
    expect(await symbols('?include-closed-positions=true')).toContain(first.symbol);
  });
});

describe('instruments', () => {
  it('give an index as inactive Equity without price ticks but with option ticks', async () => {
    const { request } = await startRig();
    const { data } = (await request('GET', '/instruments/equities/SPX')).body;
    expect(data).toMatchObject({
      'instrument-type': 'Equity',
      'is-index': true,
      active: false,
      'listed-market': 'OTC',
    });
    expect(data).not.toHaveProperty('tick-sizes');
    expect(data['option-tick-sizes']).toEqual([{ value: '0.05', threshold: '3.0' }, { value: '0.1' }]);
  });

  it.each([
    ['SPY', [{ value: '0.01' }]],
    ['AAPL', [{ value: '0.01', threshold: '3.0' }, { value: '0.05' }]],
    ['YMM', [{ value: '0.05', threshold: '3.0' }, { value: '0.1' }]],
  ])('give %s its option schedule', async (symbol, ticks) => {
    const { request } = await startRig();
    const { items } = (await request('GET', `/instruments/equities?symbol[]=${symbol}`)).body.data;
    expect(items[0]['option-tick-sizes']).toEqual(ticks);
    expect(items[0]['tick-sizes']).toEqual([{ value: '0.0001', threshold: '1.0' }, { value: '0.01' }]);
  });

  it('know no equity called SPXW, and only listed options', async () => {
    const { request } = await startRig();
    expect((await request('GET', '/instruments/equities/SPXW')).status).toBe(404);
    const wrong = encodeURIComponent('QQQ   261231P00602500');
    expect((await request('GET', `/instruments/equity-options/${wrong}`)).status).toBe(404);
  });

  it('describe an option by its OCC symbol', async () => {
    const { request } = await startRig({ startAt: MONDAY });
    const symbol = 'SPXW  261231P06700000';
    const { data } = (await request('GET', `/instruments/equity-options/${encodeURIComponent(symbol)}`)).body;
    expect(data).toMatchObject({
      symbol,
      'root-symbol': 'SPXW',
      'underlying-symbol': 'SPX',
      'strike-price': '6700.0',
      'option-type': 'P',
      'settlement-type': 'PM',
      'exercise-style': 'European',
      'streamer-symbol': '.SPXW261231P6700',
      'days-to-expiration': 38,
      'expires-at': '2026-12-31T21:00:00.000Z',
      'shares-per-contract': 100,
    });
  });

  it('nest the SPX chain by root: monthlies settle in the morning, SPXW in the afternoon', async () => {
    const { request } = await startRig({ startAt: MONDAY });
    const { items } = (await request('GET', '/option-chains/SPX/nested')).body.data;
    const [am, pm] = items;
    expect([am['root-symbol'], pm['root-symbol']]).toEqual(['SPX', 'SPXW']);
    expect(am.expirations.every((each: Record<string, unknown>) => each['settlement-type'] === 'AM')).toBe(
      true,
    );
    const dates = pm.expirations.map((each: Record<string, unknown>) => each['expiration-date']);
    // Thanksgiving has no expiration, Christmas week ends on Thursday.
    expect(dates).not.toContain('2026-11-26');
    expect(dates).toContain('2026-12-24');
    expect(pm.expirations[0].strikes[0]).toMatchObject({
      'strike-price': expect.stringMatching(DECIMAL),
      call: expect.stringMatching(/^SPXW {2}\d{6}C\d{8}$/),
      'put-streamer-symbol': expect.stringMatching(/^\.SPXW\d{6}P\d+$/),
    });
  });
});

describe('market data', () => {
  it('reads [] lists and repeated bare keys alike, and leaves unknown symbols out', async () => {
    const { request } = await startRig();
    const symbols = async (query: string) =>
      (await request('GET', `/market-data/by-type?${query}`)).body.data.items.map(
        (each: { symbol: string }) => each.symbol,
      );
    expect(await symbols('equity[]=QQQ&equity[]=SPY')).toEqual(['QQQ', 'SPY']);
    expect(await symbols('equity=QQQ&equity=SPY&equity=NOPE')).toEqual(['QQQ', 'SPY']);
  });

  it('has dasherized keys and decimal strings; an index has no sides', async () => {
    const { request } = await startRig();
    const { items } = (await request('GET', '/market-data/by-type?index=SPX&equity=QQQ')).body.data;
    const [qqq, spx] = items.sort((a: { symbol: string }, b: { symbol: string }) =>
      a.symbol.localeCompare(b.symbol),
    );
    expect(qqq).toMatchObject({
      bid: expect.stringMatching(DECIMAL),
      'is-trading-halted': false,
      'halt-end-time': -1,
    });
    expect(spx).toMatchObject({
      'instrument-type': 'Equity',
      'bid-size': '0.0',
      mark: expect.stringMatching(DECIMAL),
    });
    for (const side of ['bid', 'ask', 'mid']) expect(spx).not.toHaveProperty(side);
  });

  it('takes a hundred symbols and refuses one more', async () => {
    const { request } = await startRig();
    const ask = (count: number) =>
      request(
        'GET',
        `/market-data/by-type?${Array.from({ length: count }, (_, i) => `equity=S${i}`).join('&')}`,
      );
    expect((await ask(100)).status).toBe(200);
    expect((await ask(101)).status).toBe(400);
  });
});

describe('market time', () => {
  const calendar = { alwaysOpen: false };

  it('tells an open session with its times', async () => {
    const { request } = await startRig({ startAt: MONDAY, ...calendar });
    expect((await request('GET', '/market-time/equities/sessions/current')).body.data).toMatchObject({
      state: 'Open',
      'open-at': '2026-11-23T14:30:00.000Z',
      'close-at': '2026-11-23T21:00:00.000Z',
      'next-session': { 'session-date': '2026-11-24' },
      'previous-session': { 'session-date': '2026-11-20' },
    });
  });

  it('leaves out the times of a closed day and points at the next session', async () => {
    const { request } = await startRig({ startAt: '2026-11-26T17:00:00Z', ...calendar });
    const { items } = (await request('GET', '/market-time/sessions/current?instrument-collections[]=Equity'))
      .body.data;
    expect(items[0].state).toBe('Closed');
    expect(items[0]).not.toHaveProperty('open-at');
    // The day after Thanksgiving ends at 13:00.
    expect(items[0]['next-session']).toMatchObject({
      'session-date': '2026-11-27',
      'close-at': '2026-11-27T18:00:00.000Z',
    });
  });

  it.each([
    ['2026-11-23T13:30:00Z', 'Pre-market'],
    ['2026-11-23T21:30:00Z', 'Extended'],
    ['2026-11-24T02:00:00Z', 'Closed'],
  ])('calls %s %s', async (startAt, state) => {
    const { request } = await startRig({ startAt, ...calendar });
    expect((await request('GET', '/market-time/equities/sessions/current')).body.data.state).toBe(state);
  });

  it('lists holidays and half days as dates', async () => {
    const { request } = await startRig({ startAt: MONDAY });
    const { data } = (await request('GET', '/market-time/equities/holidays')).body;
    expect(data['market-holidays']).toEqual(
      expect.arrayContaining(['2026-04-03', '2026-11-26', '2027-01-01', '2027-06-18']),
    );
    expect(data['market-half-days']).toEqual(expect.arrayContaining(['2026-11-27', '2026-12-24']));
  });

  it('lists the sessions between two days', async () => {
    const { request } = await startRig({ startAt: MONDAY });
    const { items } = (await request('GET', '/market-time/sessions?from-date=2026-11-23&to-date=2026-11-29'))
      .body.data;
    expect(items.map((each: Record<string, string>) => each['session-date'])).toEqual([
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
      '2026-11-27',
    ]);
  });
});

describe('a window that cannot be read', () => {
  it.each([
    ['/orders?start-date=yesterday', 'start-date'],
    ['/orders?end-date=2026-02-30', 'end-date'],
    ['/orders?start-at=soon', 'start-at'],
    ['/transactions?start-date=2026-13-01', 'start-date'],
    ['/transactions?end-date=11/23/2026', 'end-date'],
    ['/transactions/total-fees?date=today', 'date'],
  ])('%s is malformed, not empty', async (path, domain) => {
    const { onAccount } = await startRig({ startAt: MONDAY });
    const { status, body } = await onAccount('GET', path);
    expect([status, body.error?.errors?.[0]?.domain]).toEqual([400, domain]);
  });
});

describe('orders on the wire', () => {
  it('carry numbers and strings as recorded', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT);
    const { status, body } = await rig.onAccount(
      'POST',
      '/orders',
      gtc('0.5', 'Debit', legs, { 'external-identifier': 'x-1' }),
    );
    expect(status).toBe(201);
    const { order } = body.data;
    expect(order).toMatchObject({
      id: expect.any(Number),
      size: 1,
      price: '0.5',
      'price-effect': 'Debit',
      'time-in-force': 'GTC',
      'underlying-symbol': 'QQQ',
      'underlying-instrument-type': 'Equity',
      status: 'Routed',
      cancellable: true,
      edited: false,
      'external-identifier': 'x-1',
      'updated-at': expect.any(Number),
    });
    expect(order['received-at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/);
    expect(order.legs[0]).toEqual({ ...legs[0], 'remaining-quantity': 1, fills: [] });
    for (const absent of ['terminal-at', 'reject-reason', 'gtc-date', 'stop-trigger']) {
      expect(order).not.toHaveProperty(absent);
    }
  });

  it('come from a dry-run without id, receipt or trace', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const before = await rig.admin.orders();
    const legs = await putSpread(rig, 'SPX', '270108');
    const { status, body } = await rig.onAccount('POST', '/orders/dry-run', gtc('5.00', 'Debit', legs));
    expect(status).toBe(200);
    expect(body.data.order).toMatchObject({ status: 'Received', 'updated-at': 0 });
    for (const absent of ['id', 'received-at']) expect(body.data.order).not.toHaveProperty(absent);
    expect(await rig.admin.orders()).toEqual(before);
    expect(await rig.admin.received()).toEqual([]);
  });

  it('tell fees and buying power with an effect beside each amount', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const legs = await putSpread(rig, 'SPX', '270108', 2);
    const { data } = (await rig.onAccount('POST', '/orders/dry-run', gtc('5.00', 'Debit', legs))).body;
    // Closing: no commission; 4 contracts clear at 0.10, pay 0.02 ORF and 0.60 to the exchange, 2 are sold (TAF).
    expect(data['fee-calculation']).toMatchObject({
      commission: '0.0',
      'commission-effect': 'None',
      'clearing-fees': '0.4',
      'clearing-fees-effect': 'Debit',
      'proprietary-index-option-fees': '2.4',
      'regulatory-fees': '0.08658',
      'total-fees': '2.88658',
      'total-fees-effect': 'Debit',
    });
    expect(data['buying-power-effect']).toMatchObject({
      'is-spread': true,
      impact: expect.stringMatching(DECIMAL),
    });
    expect(data.warnings).toEqual([]);
  });

  it('are opened with a commission of a dollar a contract', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const order = gtc('1.00', 'Debit', [leg('Buy to Open', 'QQQ   261231C00640000', 3)]);
    const { data } = (await rig.onAccount('POST', '/orders/dry-run', order)).body;
    expect(data['fee-calculation']).toMatchObject({ commission: '3.0', 'total-fees': '3.36' });
    expect(data['buying-power-effect']).toMatchObject({
      'change-in-buying-power': '303.36',
      'change-in-buying-power-effect': 'Debit',
    });
  });
});
