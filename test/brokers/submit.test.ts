import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exchange, neverLeft } from '../../src/brokers/tastytrade/transport.js';
import { Decimal } from '../../src/domain/money.js';
import type { Broker, OrderRequest } from '../../src/ports/broker.js';
import { NO_DEADLINE, VirtualClock } from './support/clocks.js';
import {
  ACCOUNT,
  type Answer,
  brokerOn,
  data,
  FakeApi,
  failure,
  hangUp,
  items,
  silence,
} from './support/fake-api.js';
import { told } from './support/told.js';
import { closing, LONG_PUT, placedAnswer, SHORT_PUT, wireOrder } from './support/wire.js';

const SUBMIT = `POST /accounts/${ACCOUNT}/orders`;

let api: FakeApi;
let sut: Broker;

beforeEach(async () => {
  api = await FakeApi.start();
  sut = brokerOn(api);
});
afterEach(() => api.close());

const submit = (broker = sut, order: OrderRequest = closing(), deadline = NO_DEADLINE) =>
  broker.submit(ACCOUNT, order, 'ptb-1', deadline);
const accepted: Answer = { ...data(placedAnswer(wireOrder())), status: 201 };

/** A port on which nothing listens. */
async function deadPort(): Promise<number> {
  const gone = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => gone.once('listening', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  return port;
}

describe('submit', () => {
  it('sends a GTC limit order with strict validation and our own mark', async () => {
    api.on(SUBMIT, accepted);
    await submit();
    const [seen] = api.asked(SUBMIT);
    expect(JSON.parse(seen?.body ?? '')).toEqual({
      'time-in-force': 'GTC',
      'order-type': 'Limit',
      price: '1.1',
      'price-effect': 'Debit',
      source: 'profit-target-bot/0.0.0-test',
      'external-identifier': 'ptb-1',
      'advanced-instructions': { 'strict-position-effect-validation': true },
      legs: [
        { 'instrument-type': 'Equity Option', symbol: SHORT_PUT, quantity: 2, action: 'Buy to Close' },
        { 'instrument-type': 'Equity Option', symbol: LONG_PUT, quantity: 2, action: 'Sell to Close' },
      ],
    });
    expect(seen?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(seen?.body.length),
    });
    expect(seen?.headers['transfer-encoding']).toBeUndefined();
  });

  it('gives the order and every remark of the broker', async () => {
    const warnings = [{ code: 'tif.next_valid_session', message: 'Routes at the open' }, 'plain words'];
    api.on(SUBMIT, data(placedAnswer(wireOrder({ status: 'Received' }), { warnings })));
    const receipt = await submit();
    expect(receipt.order).toMatchObject({ id: '417895808', state: 'submitted', externalIdentifier: 'ptb-1' });
    expect(receipt.warnings).toEqual([
      { code: 'tif.next_valid_session', message: 'Routes at the open' },
      { code: 'plain words', message: 'plain words' },
    ]);
  });

  it('takes an id for proof that the order exists, even beside errors', async () => {
    const errors = [{ code: 'odd', message: 'Something' }];
    api.on(SUBMIT, {
      body: { data: placedAnswer(wireOrder(), { errors }), error: { code: 'outer', message: 'Outer' } },
    });
    expect((await submit()).warnings.map(({ code }) => code)).toEqual(['outer', 'odd']);
  });

  it('lets the orders of one plan leave side by side', async () => {
    const waiting: (() => void)[] = [];
    api.on(SUBMIT, (response) => {
      waiting.push(() => response.end(JSON.stringify({ data: placedAnswer(wireOrder()) })));
      if (waiting.length === 3) for (const answer of waiting) answer();
    });
    await Promise.all([submit(), submit(), submit()]);
    expect(api.asked(SUBMIT)).toHaveLength(3);
  });

  it.each<[string, Answer]>([
    [
      'a 422',
      failure(422, 'preflight_check_failure', 'No', [{ code: 'margin_check_failed', message: 'Short' }]),
    ],
    ['a 429', failure(429, 'too_many_requests', 'Slow down')],
    ['a 400', failure(400, 'validation_error', 'Bad')],
    ['a 401', failure(401, 'unauthorized', 'Expired')],
    ['a 403', failure(403, 'not_permitted', 'Scope')],
  ])("is refused by the broker's own envelope on %s, after one request", async (_, answer) => {
    api.on(SUBMIT, answer);
    await expect(submit()).rejects.toMatchObject({ name: 'BrokerRefusal' });
    expect(api.asked(SUBMIT)).toHaveLength(1);
  });

  it('keeps the reasons of a refusal', async () => {
    const reasons = [{ code: 'cant_buy_for_credit', message: 'Buy for a debit' }];
    api.on(SUBMIT, failure(422, 'preflight_check_failure', 'Checks failed', reasons));
    await expect(submit()).rejects.toMatchObject({
      status: 422,
      code: 'preflight_check_failure',
      message: 'Checks failed',
      details: reasons,
    });
  });

  it.each<[string, Answer]>([
    ['a 500 envelope', failure(500, 'internal', 'Oops')],
    ['a 502 page', { status: 502, body: '<html>' }],
    ['a 408 envelope', failure(408, 'timeout', 'Slow')],
    ['a 403 page of a proxy', { status: 403, body: '<html>' }],
    ['a 429 page of a proxy', { status: 429, body: '' }],
    ['a 401 page of a proxy', { status: 401, body: '' }],
    ['JSON of another kind on a 400', { status: 400, body: { message: 'blocked' } }],
    ['a 303', { status: 303, headers: { Location: '/elsewhere' } }],
    ['a 307', { status: 307, headers: { Location: '/elsewhere' } }],
    ['a 421', { status: 421, body: '' }],
    ['success that is not JSON', { status: 201, body: 'OK' }],
    ['half a success', { status: 201, body: '{"data":{"order":{"id":4' }],
    ['success without an order', { status: 200, body: { data: {} } }],
    ['success without an id', data(placedAnswer(wireOrder({ id: undefined })))],
    ['errors in a 200 without an id', data(placedAnswer({}, { errors: [{ code: 'x', message: 'y' }] }))],
    ['a dropped connection', hangUp],
    [
      'an answer cut short',
      (response) => {
        response.writeHead(201, { 'Content-Length': '1000' });
        response.write('{"data":', () => response.socket?.destroy());
      },
    ],
  ])('has an unknown outcome after %s, and one request', async (_, answer) => {
    api.on(SUBMIT, answer);
    await expect(submit()).rejects.toMatchObject({ name: 'OutcomeUnknown', retryable: false });
    expect(api.asked(SUBMIT)).toHaveLength(1);
    expect(api.seen.filter(({ url }) => url === '/elsewhere')).toEqual([]);
  });

  it('says in words that the connection was cut', async () => {
    api.on(SUBMIT, hangUp);
    expect(await told(submit())).toContain('no clear answer came: the connection was cut (');
  });

  it.each<[string, Answer]>([
    ['no answer begins', silence],
    ['the body does not end', (response) => response.writeHead(201).write('{"data":')],
  ])('has an unknown outcome when %s in time', async (_, answer) => {
    api.on(SUBMIT, answer);
    await expect(submit(brokerOn(api, { timeouts: { orderMs: 80 } }))).rejects.toMatchObject({
      name: 'OutcomeUnknown',
    });
    expect(api.asked(SUBMIT)).toHaveLength(1);
  });

  it('sends at most one request whatever the answer is', async () => {
    const answer = fc.record({
      status: fc.constantFrom(
        200,
        201,
        204,
        301,
        302,
        303,
        307,
        308,
        400,
        401,
        403,
        404,
        408,
        409,
        421,
        422,
        425,
        429,
        500,
        502,
        503,
        504,
      ),
      body: fc.oneof(
        fc.constant(''),
        fc.json({ maxDepth: 2 }),
        fc.constantFrom({ error: { code: 'x', message: 'y' } }, { data: placedAnswer(wireOrder()) }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(answer, async ({ status, body }) => {
        const before = api.asked(SUBMIT).length;
        api.on(SUBMIT, { status, body: status === 204 ? '' : body, headers: { Location: '/elsewhere' } });
        const outcome = await submit().then(
          () => 'Receipt',
          (error: Error) => error.name,
        );
        expect(api.asked(SUBMIT).length - before).toBe(1);
        expect(['Receipt', 'BrokerRefusal', 'OutcomeUnknown']).toContain(outcome);
        // Only a success places, and only a 4xx refuses.
        if (outcome === 'Receipt') expect(status).toBeLessThan(300);
        if (outcome === 'BrokerRefusal') expect(Math.floor(status / 100)).toBe(4);
      }),
      { numRuns: 120 },
    );
    expect(api.seen.filter(({ url }) => url === '/elsewhere')).toEqual([]);
  });

  it('was not sent if nothing listens', async () => {
    const token = brokerOn({ url: `http://127.0.0.1:${await deadPort()}` });
    await expect(submit(token)).rejects.toMatchObject({ name: 'BrokerUnreachable' });
  });

  it.each([
    [{ status: 503, body: '' }, 'BrokerUnreachable'],
    [{ status: 400, body: { error: 'invalid_grant' } }, 'BrokerLoginError'],
  ])('was not sent if the login failed', async (answer, name) => {
    api.on('POST /oauth/token', answer);
    await expect(submit()).rejects.toMatchObject({ name });
    expect(api.asked(SUBMIT)).toEqual([]);
  });

  it('asks for a new token after a 401, for the next call', async () => {
    api.on(SUBMIT, failure(401, 'unauthorized', 'Expired'), accepted);
    await expect(submit()).rejects.toMatchObject({ name: 'BrokerRefusal', status: 401 });
    await submit();
    expect(new Set(api.asked(SUBMIT).map(({ headers }) => headers.authorization)).size).toBe(2);
  });

  it('can be made sure of before: a token that died early is replaced, and one order is one request', async () => {
    const broker = brokerOn(api);
    const who = 'GET /customers/me/accounts';
    api.on(who, failure(401, 'unauthorized', 'Expired'), items([]));
    api.on(SUBMIT, accepted);
    await Promise.all([broker.ready(), broker.ready()]);
    // Whoever asks at the same time shares the question and the repeat with a new token.
    expect(api.asked(who)).toHaveLength(2);
    await submit(broker);
    expect(api.asked(SUBMIT)).toHaveLength(1);
    expect(api.asked(SUBMIT)[0]?.headers.authorization).toBe(api.asked(who)[1]?.headers.authorization);
    api.on(who, failure(401, 'unauthorized', 'No'));
    await expect(broker.ready()).rejects.toMatchObject({ name: 'BrokerLoginError' });
    api.on(who, failure(503, 'down', 'No'));
    await expect(broker.ready()).rejects.toMatchObject({ name: 'BrokerUnreachable' });
    expect(api.asked(SUBMIT)).toHaveLength(1);
  });

  it('keeps to 20 orders in a second', async () => {
    const clock = new VirtualClock();
    api.on(SUBMIT, accepted);
    const broker = brokerOn(api, { clock });
    const from = clock.now().getTime();
    await Promise.all(Array.from({ length: 41 }, () => submit(broker)));
    expect(clock.now().getTime() - from).toBeGreaterThanOrEqual(2_000);
    expect(api.asked(SUBMIT)).toHaveLength(41);
  });
});

describe('an order that cannot be put in these terms', () => {
  const leg = closing().legs[0];
  it.each<[string, Partial<OrderRequest>]>([
    ['a price of zero', { price: new Decimal(0) }],
    ['a negative price', { price: new Decimal('-0.05') }],
    ['no price', { price: new Decimal(Number.NaN) }],
    ['an endless price', { price: new Decimal(Number.POSITIVE_INFINITY) }],
    ['no direction', { effect: 'None' as 'debit' }],
    ['no legs', { legs: [] }],
    ['five legs', { legs: Array.from({ length: 5 }, (_, index) => ({ ...leg!, symbol: `S${index}` })) }],
    ['the same symbol twice', { legs: [leg!, leg!] }],
    ['no contracts', { legs: [{ ...leg!, quantity: 0 }] }],
    ['half a contract', { legs: [{ ...leg!, quantity: 0.5 }] }],
  ])('is never sent: %s', async (_, change) => {
    const refusal = { name: 'BrokerRefusal', status: 0, code: 'invalid_order' };
    await expect(submit(sut, closing(change))).rejects.toMatchObject(refusal);
    await expect(sut.dryRun(ACCOUNT, closing(change), 'trader')).rejects.toMatchObject(refusal);
    expect(api.seen).toEqual([]);
  });

  it('does not include four legs of distinct symbols', async () => {
    api.on(SUBMIT, accepted);
    await submit(
      sut,
      closing({ legs: Array.from({ length: 4 }, (_, index) => ({ ...leg!, symbol: `S${index}` })) }),
    );
    expect(api.asked(SUBMIT)).toHaveLength(1);
  });
});

describe('the price of an order', () => {
  it('goes out positive, exact, without sign or exponent, its effect beside it', async () => {
    api.on(SUBMIT, accepted);
    const price = fc
      .tuple(fc.bigInt({ min: 1n, max: 10n ** 24n }), fc.integer({ min: -12, max: 24 }))
      .map(([digits, exponent]) => new Decimal(`${digits}e${exponent}`));
    const effect = fc.constantFrom('debit' as const, 'credit' as const);
    await fc.assert(
      fc.asyncProperty(price, effect, async (amount, direction) => {
        await submit(sut, closing({ price: amount, effect: direction }));
        const body = JSON.parse(api.asked(SUBMIT).at(-1)?.body ?? '') as Record<string, string>;
        expect(body.price).toMatch(/^\d+(\.\d+)?$/);
        expect(new Decimal(body.price ?? 0).eq(amount)).toBe(true);
        expect(body['price-effect']).toBe(direction === 'debit' ? 'Debit' : 'Credit');
      }),
      { numRuns: 60 },
    );
  });
});

describe('a deadline', () => {
  /** Passes at the n-th time it is asked. */
  const passingAt = (count: number) => {
    let asked = 0;
    return { passed: () => ++asked >= count };
  };

  it('that passed keeps the order here, and says so', async () => {
    api.on(SUBMIT, accepted);
    const late = submit(sut, closing(), passingAt(1));
    await expect(late).rejects.toMatchObject({ name: 'BrokerTooLate', retryable: false });
    expect(api.asked(SUBMIT)).toEqual([]);
  });

  it('is asked after the wait for a turn', async () => {
    const clock = new VirtualClock();
    const broker = brokerOn(api, { clock });
    api.on(SUBMIT, accepted);
    await broker.accounts().catch(() => {});
    const until = clock.now().getTime() + 500;
    const deadline = { passed: () => clock.now().getTime() >= until };
    const answers = await Promise.allSettled(
      Array.from({ length: 30 }, () => submit(broker, closing(), deadline)),
    );
    const sent = answers.filter(({ status }) => status === 'fulfilled').length;
    expect(sent).toBe(20);
    expect(api.asked(SUBMIT)).toHaveLength(20);
  });

  it('that passes while the connection is made lets not a byte out', async () => {
    const seen = { connections: 0, bytes: 0 };
    const server = createTcpServer((socket) => {
      seen.connections += 1;
      socket
        .on('error', () => {})
        .on('data', (chunk) => {
          seen.bytes += chunk.length;
        });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const request = { method: 'POST', headers: {}, body: '{}', deadline: passingAt(2) } as const;
    await expect(
      exchange(`http://127.0.0.1:${port}`, request, { timeoutMs: 5_000, maxBytes: 1_000 }),
    ).rejects.toMatchObject({ kind: 'too-late' });
    await new Promise((resolve) => server.close(resolve));
    expect(seen).toEqual({ connections: 1, bytes: 0 });
  });
});

describe.each([
  ['once', {}],
  ['a trial', { repeatable: true }],
])('exchange: %s', (_way, more) => {
  const post = (url: string, timeoutMs = 5_000) =>
    exchange(url, { method: 'POST', headers: {}, body: '{}', ...more }, { timeoutMs, maxBytes: 1_000 });

  it('sends method and body as they are, and reads status and words', async () => {
    api.on('POST /', { status: 422, body: 'no – that won’t do' });
    expect(await post(api.url)).toEqual({ status: 422, text: 'no – that won’t do' });
    const [seen] = api.asked('POST /');
    expect(seen?.body).toBe('{}');
    expect(seen?.headers['content-length']).toBe('2');
  });

  it('follows no redirect and repeats no request by itself', async () => {
    const headers = { location: `${api.url}/elsewhere` };
    api.on(
      'POST /',
      { status: 307, headers, body: '' },
      { status: 421, body: '' },
      { status: 401, body: '' },
    );
    for (const status of [307, 421, 401]) {
      expect(await post(api.url).catch(({ kind }) => kind)).toMatchObject({ status });
    }
    expect(api.seen.map(({ url }) => url)).toEqual(['/', '/', '/']);
  });

  it('gives up on an answer that doesn’t begin, or doesn’t end', async () => {
    api.on('POST /', silence, (response) => void response.writeHead(200).write('{"data":'));
    for (const _ of [1, 2]) await expect(post(api.url, 300)).rejects.toMatchObject({ kind: 'no-answer' });
  });

  it('takes a body that is cut short for no answer', async () => {
    api.on('POST /', (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{}', () => response.destroy());
    });
    await expect(post(api.url)).rejects.toMatchObject({ kind: 'no-answer' });
  });

  it('knows that nothing left where nothing listens', async () => {
    await expect(post(`http://127.0.0.1:${await deadPort()}`)).rejects.toMatchObject({ kind: 'never-left' });
  });

  it('knows that nothing left where the other side does not speak TLS', async () => {
    const plain = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => plain.once('listening', resolve));
    const { port } = plain.address() as AddressInfo;
    await expect(post(`https://127.0.0.1:${port}`)).rejects.toMatchObject({
      kind: 'never-left',
      trouble: { code: 'CONNECTION_FAILED', named: 'ERR_SSL_WRONG_VERSION_NUMBER' },
    });
    plain.close();
  });

  it('does not know it once the server had the chance to read', async () => {
    api.on('POST /', hangUp);
    await expect(post(api.url)).rejects.toMatchObject({ kind: 'no-answer' });
  });

  it('reads a body of exactly the limit and none beyond', async () => {
    api.on('POST /', { body: 'x'.repeat(1_000) }, { body: 'x'.repeat(1_001) });
    expect((await post(api.url)).text).toHaveLength(1_000);
    await expect(post(api.url)).rejects.toMatchObject({ kind: 'too-large' });
  });
});

describe('neverLeft', () => {
  const fault = (code: string, syscall?: string) => Object.assign(new Error(code), { code, syscall });

  it('holds for failures of looking up, connecting and the TLS handshake', () => {
    expect(neverLeft(fault('ENOTFOUND', 'getaddrinfo'))).toBe(true);
    expect(neverLeft(fault('EAI_AGAIN', 'getaddrinfo'))).toBe(true);
    expect(neverLeft(fault('ECONNREFUSED', 'connect'))).toBe(true);
    expect(neverLeft(fault('ETIMEDOUT', 'connect'))).toBe(true);
    expect(neverLeft(fault('UND_ERR_CONNECT_TIMEOUT'))).toBe(true);
    expect(neverLeft(fault('DEPTH_ZERO_SELF_SIGNED_CERT'))).toBe(true);
    expect(neverLeft(fault('ERR_TLS_CERT_ALTNAME_INVALID'))).toBe(true);
  });

  it('does not hold for anything that can happen after the request was written', () => {
    expect(neverLeft(fault('ECONNRESET', 'read'))).toBe(false);
    expect(neverLeft(fault('ECONNRESET'))).toBe(false);
    expect(neverLeft(fault('EPIPE', 'write'))).toBe(false);
    expect(neverLeft(fault('ETIMEDOUT', 'read'))).toBe(false);
    expect(neverLeft(fault('UND_ERR_SOCKET'))).toBe(false);
    expect(neverLeft(fault('UND_ERR_HEADERS_TIMEOUT'))).toBe(false);
    expect(neverLeft(new Error('bad'))).toBe(false);
    expect(neverLeft(undefined)).toBe(false);
  });

  it('holds for a host with several addresses only if none was reached', () => {
    const refused = fault('ECONNREFUSED', 'connect');
    expect(neverLeft(new AggregateError([refused, refused]))).toBe(true);
    expect(neverLeft(new AggregateError([refused, fault('ECONNRESET', 'read')]))).toBe(false);
    expect(neverLeft(new AggregateError([]))).toBe(false);
  });
});
