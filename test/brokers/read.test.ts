import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Broker } from '../../src/ports/broker.js';
import { realClock, VirtualClock } from './support/clocks.js';
import {
  ACCOUNT,
  type Answer,
  brokerOn,
  data,
  FakeApi,
  failure,
  grant,
  hangUp,
  items,
  silence,
} from './support/fake-api.js';
import { told } from './support/told.js';
import { wirePosition } from './support/wire.js';

const ACCOUNTS = 'GET /customers/me/accounts';
const LIVE = `GET /accounts/${ACCOUNT}/orders/live`;
const POSITIONS = `GET /accounts/${ACCOUNT}/positions`;

let api: FakeApi;
let sut: Broker;

beforeEach(async () => {
  api = await FakeApi.start();
  sut = brokerOn(api);
});
afterEach(() => api.close());

describe('a read', () => {
  it('carries token, user agent and accept, and the version of the order API where that is asked, if it is pinned', async () => {
    api.on(ACCOUNTS, items([]));
    await sut.accounts();
    const pinned = brokerOn(api, { pinVersion: true });
    await pinned.accounts();
    api.on(LIVE, items([]), items([]));
    await sut.openOrders(ACCOUNT);
    await pinned.openOrders(ACCOUNT);
    const [plain, other] = api.asked(ACCOUNTS);
    const [unversioned, versioned] = api.asked(LIVE);
    expect(plain?.headers).toMatchObject({
      authorization: 'Bearer access-token-1-abcdef',
      'user-agent': 'profit-target-bot/0.0.0-test',
      accept: 'application/json',
    });
    for (const none of [plain, other, unversioned]) expect(none?.headers['accept-version']).toBeUndefined();
    expect(versioned?.headers['accept-version']).toBe('20261012');
  });

  it.each<[string, Answer]>([
    ['a 500', { status: 500, body: '' }],
    ['a 503 page', { status: 503, body: '<html>' }],
    ['a 429', failure(429, 'too_many_requests', 'Slow down')],
    ['a dropped connection', hangUp],
  ])('is tried twice more after %s', async (_, fault) => {
    api.on(ACCOUNTS, fault, fault, items([]));
    expect(await sut.accounts()).toEqual([]);
    expect(api.asked(ACCOUNTS)).toHaveLength(3);
  });

  it.each<[string, Answer, string]>([
    ['a 500', failure(500, 'internal', 'Support id 77'), 'BrokerUnreachable'],
    ['a dropped connection', hangUp, 'BrokerUnreachable'],
    ['a 429', failure(429, 'too_many_requests', 'Slow down'), 'BrokerRefusal'],
  ])('gives up after three times %s', async (_, fault, name) => {
    api.on(ACCOUNTS, fault);
    await expect(sut.accounts()).rejects.toMatchObject({ name, retryable: true });
    expect(api.asked(ACCOUNTS)).toHaveLength(3);
  });

  it('pauses a little longer each time, with jitter', async () => {
    const clock = new VirtualClock();
    api.on(ACCOUNTS, { status: 500 });
    await expect(brokerOn(api, { clock }).accounts()).rejects.toThrow();
    // Waits for the route's ceiling are longer than any pause here.
    const [first = 0, second = 0] = clock.slept.filter((ms) => ms <= 500);
    expect(first).toBeGreaterThanOrEqual(125);
    expect(first).toBeLessThanOrEqual(250);
    expect(second).toBeGreaterThanOrEqual(250);
  });

  it.each<[string, Answer, object]>([
    [
      '403',
      failure(403, 'not_permitted', 'No'),
      { name: 'BrokerRefusal', status: 403, code: 'not_permitted' },
    ],
    ['406', failure(406, 406, 'Version'), { name: 'BrokerRefusal', code: '406', message: 'Version' }],
    ['a 404 page', { status: 404, body: '<html>' }, { name: 'BrokerRefusal', code: 'http_404' }],
    [
      '400 with reasons',
      failure(400, 'validation_error', 'Bad', [{ domain: 'start-at', reason: 'is invalid' }]),
      { details: [{ code: 'start-at', message: 'is invalid' }] },
    ],
    ['a page', { body: '<html>' }, { name: 'BrokerProtocolError' }],
    ['half an answer', { body: '{"data":{"items":[' }, { name: 'BrokerProtocolError' }],
    ['an empty answer', { body: '' }, { name: 'BrokerProtocolError' }],
    ['another shape', { body: { data: [] } }, { name: 'BrokerProtocolError' }],
  ])('is not repeated after %s', async (_, answer, error) => {
    api.on(ACCOUNTS, answer);
    await expect(sut.accounts()).rejects.toMatchObject(error);
    expect(api.asked(ACCOUNTS)).toHaveLength(1);
  });

  it('never follows a redirect', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      api.on(ACCOUNTS, { status, headers: { Location: `${api.url}/elsewhere` } });
      await expect(sut.accounts()).rejects.toMatchObject({ name: 'BrokerProtocolError' });
    }
    expect(api.seen.filter(({ url }) => url === '/elsewhere')).toEqual([]);
  });

  it('renews the token once after a 401 and repeats', async () => {
    api.on(ACCOUNTS, failure(401, 'unauthorized', 'Expired'), items([]));
    await sut.accounts();
    expect(api.asked(ACCOUNTS).map(({ headers }) => headers.authorization)).toEqual([
      'Bearer access-token-1-abcdef',
      'Bearer access-token-2-abcdef',
    ]);
  });

  it('is a login error when the new token is refused as well', async () => {
    api.on(ACCOUNTS, { status: 401, body: 'no' });
    await expect(sut.accounts()).rejects.toMatchObject({ name: 'BrokerLoginError' });
    expect(api.asked(ACCOUNTS)).toHaveLength(2);
  });

  it('lets many refused at once share one new token', async () => {
    const seen = new Set<string>();
    const refuseFirst: Answer = (response, { headers, url }) => {
      const expired = headers.authorization === 'Bearer access-token-1-abcdef';
      if (!expired) seen.add(headers.authorization ?? '');
      response.writeHead(expired ? 401 : 200);
      response.end(JSON.stringify({ data: { symbol: url.slice(-1), 'is-index': false } }));
    };
    const symbols = ['A', 'B', 'C', 'D'];
    for (const symbol of symbols) api.on(`GET /instruments/equities/${symbol}`, refuseFirst);
    // Asked for at the very same moment they would share one request.
    const oneByOne = symbols.map(async (symbol, turn) => {
      for (let wait = 0; wait < turn; wait += 1) await null;
      await sut.underlying(symbol);
    });
    await Promise.all(oneByOne);
    expect([...seen]).toEqual(['Bearer access-token-2-abcdef']);
  });

  it('does not wait for a body that never ends', async () => {
    const half: Answer = (response) => response.writeHead(200).write('{"data":');
    api.on(ACCOUNTS, half);
    const hurried = brokerOn(api, { timeouts: { readMs: 60 } });
    expect(await told(hurried.accounts())).toMatch(/no answer within 60 ms/);
  });

  it('does not wait for an answer that never begins', async () => {
    api.on(ACCOUNTS, silence);
    await expect(brokerOn(api, { timeouts: { readMs: 60 } }).accounts()).rejects.toMatchObject({
      name: 'BrokerUnreachable',
    });
  });

  it('stops reading an answer beyond 8 MiB', async () => {
    api.on(ACCOUNTS, (response) => {
      response.writeHead(200);
      response.end(Buffer.alloc(8 * 1024 * 1024 + 1, 32));
    });
    await expect(sut.accounts()).rejects.toMatchObject({ name: 'BrokerProtocolError' });
    expect(api.asked(ACCOUNTS)).toHaveLength(1);
  });

  it('says unreachable where nothing listens', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => gone.once('listening', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    await expect(brokerOn({ url: `http://127.0.0.1:${port}` }).accounts()).rejects.toMatchObject({
      name: 'BrokerUnreachable',
    });
  });

  it('survives login trouble and works again afterwards', async () => {
    api.on('POST /oauth/token', { status: 503 }, { status: 503 }, grant('late')).on(ACCOUNTS, items([]));
    expect(await sut.accounts()).toEqual([]);
  });

  it('shares a request that still waits for its turn, never one that has left', async () => {
    let release = () => {};
    const answers = [wirePosition({ quantity: '1' }), wirePosition({ quantity: '2' })];
    api.on(POSITIONS, (response) => {
      const position = answers.shift();
      release = () => response.end(JSON.stringify({ data: { items: [position] } }));
      if (answers.length === 0) release();
    });
    const client = brokerOn(api, { clock: realClock });
    const first = client.holdings(ACCOUNT);
    await expect.poll(() => api.asked(POSITIONS).length).toBe(1);
    const later = Array.from({ length: 20 }, () => client.holdings(ACCOUNT));
    release();
    expect((await first).held[0]?.quantity).toBe(1);
    expect((await Promise.all(later)).map(({ held: [holding] }) => holding?.quantity)).toEqual(
      Array(20).fill(2),
    );
    expect(api.asked(POSITIONS)).toHaveLength(2);
  });
});

describe('accounts and balances', () => {
  it('leaves closed accounts out', async () => {
    api.on(
      ACCOUNTS,
      items([
        {
          account: {
            'account-number': ACCOUNT,
            nickname: 'Main',
            'margin-or-cash': 'Margin',
            'is-closed': false,
          },
          'authority-level': 'owner',
        },
        { account: { 'account-number': '5WT00002', 'is-closed': true } },
        { account: { 'account-number': '5WT00003', nickname: null } },
      ]),
    );
    expect(await sut.accounts()).toEqual([
      { number: ACCOUNT, nickname: 'Main', type: 'Margin' },
      { number: '5WT00003', nickname: null, type: null },
    ]);
  });

  it('reads balances without passing them through a float', async () => {
    const route = `GET /accounts/${ACCOUNT}/balances/USD`;
    api.on(route, {
      body: '{"data":{"net-liquidating-value":12345678901234567.89,"cash-balance":"100.10","x":null}}',
    });
    const balances = await sut.balances(ACCOUNT);
    expect(balances.netLiquidatingValue?.toFixed()).toBe('12345678901234567.89');
    expect(balances.cash?.toFixed()).toBe('100.1');
    expect(balances.derivativeBuyingPower).toBeNull();
    api.on(route, data({}));
    expect((await brokerOn(api).balances(ACCOUNT)).cash).toBeNull();
  });
});
