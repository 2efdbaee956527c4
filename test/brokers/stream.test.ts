import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_TIMEOUTS, type Timeouts } from '../../src/brokers/tastytrade/broker-settings.js';
import { ContractSizes } from '../../src/brokers/tastytrade/contract-sizes.js';
import { Session } from '../../src/brokers/tastytrade/session.js';
import { Watch } from '../../src/brokers/tastytrade/stream.js';
import type { Broker, StreamListener } from '../../src/ports/broker.js';
import { Secrets } from '../../src/ports/secrets.js';
import { AccountWatch } from '../../src/services/accounts/account-watch.js';
import { realClock } from './support/clocks.js';
import { ACCOUNT, CLIENT_SECRET, FakeApi, failure, grant, REFRESH_TOKEN } from './support/fake-api.js';
import { acknowledge, FakeStreamer, recorder } from './support/fake-streamer.js';
import { SHORT_PUT, wireLeg, wireOrder, wirePosition } from './support/wire.js';

let api: FakeApi;
let streamer: FakeStreamer;
let log: string[];
let open: Watch[];
/** How far the stream's clock is ahead. */
let skewMs: number;
let reconnectMs: number;

beforeEach(async () => {
  api = await FakeApi.start();
  streamer = await FakeStreamer.start();
  log = [];
  open = [];
  skewMs = 0;
  reconnectMs = 5;
});
afterEach(async () => {
  await Promise.all(open.map((stream) => stream.close()));
  await streamer.close();
  await api.close();
});

function watch(
  listener: StreamListener,
  timeouts: Partial<Timeouts> = {},
  streamerUrl = streamer.url,
): Watch {
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) });
  const clock = { ...realClock, now: () => new Date(Date.now() + skewMs) };
  const login = { apiUrl: api.url, clientSecret: CLIENT_SECRET, refreshToken: REFRESH_TOKEN };
  const shared = { userAgent: 'profit-target-bot/0.0.0-test', clock, secrets: new Secrets() };
  const stream = new Watch(
    {
      ...shared,
      streamerUrl,
      timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
      session: new Session({ ...login, ...shared, timeoutMs: 5_000, logger }),
      account: ACCOUNT,
      sizes: new ContractSizes(),
      logger,
      reconnectMs,
    },
    listener,
  );
  open.push(stream);
  return stream;
}

const heardEventually = (listener: { heard: string[] }, expected: unknown[]) =>
  expect.poll(() => listener.heard, { timeout: 20_000 }).toEqual(expected);

const note = (type: string, data: unknown) => ({ type, data, timestamp: 1795446000456 });

describe('the account stream', () => {
  it('connects for its account and is live only when that is acknowledged', async () => {
    let acknowledgeNow = () => {};
    streamer.reaction = (socket, message) => {
      acknowledgeNow = () => acknowledge(socket, message);
    };
    const listener = recorder();
    watch(listener);
    await expect.poll(() => streamer.messages.length).toBe(1);
    expect(streamer.messages[0]).toEqual({
      action: 'connect',
      value: [ACCOUNT],
      'auth-token': 'Bearer access-token-1-abcdef',
      'request-id': 1,
    });
    expect(streamer.handshakes[0]).toMatchObject({ 'user-agent': 'profit-target-bot/0.0.0-test' });
    expect(streamer.handshakes[0]).not.toHaveProperty('authorization');
    expect(listener.heard).toEqual([]);
    acknowledgeNow();
    await heardEventually(listener, ['live']);
  });

  it('sends heartbeats after the connect, each with the token of the moment', async () => {
    api.on('POST /oauth/token', grant('token-one'), grant('token-two'));
    const listener = recorder();
    watch(listener, { heartbeatMs: 5 });
    await expect.poll(() => streamer.sent('heartbeat').length, { timeout: 20_000 }).toBeGreaterThan(2);
    expect(streamer.messages[0]?.action).toBe('connect');
    skewMs = 14 * 60_000;
    await expect
      .poll(() => streamer.messages.at(-1)?.['auth-token'], { timeout: 20_000 })
      .toBe('Bearer token-two');
    expect(listener.heard).toEqual(['live']);
    expect(new Set(streamer.messages.map((message) => message['request-id'])).size).toBe(
      streamer.messages.length,
    );
  });

  it('passes orders and positions on, mapped as over REST', async () => {
    const orders: unknown[] = [];
    const listener = { ...recorder(), onOrder: (order: unknown) => void orders.push(order) };
    watch(listener);
    await heardEventually(listener, ['live']);
    streamer.say(note('Order', wireOrder({ status: 'Live' })));
    streamer.say(note('CurrentPosition', wirePosition()));
    await heardEventually(listener, ['live', `position ${SHORT_PUT}`]);
    expect(orders).toMatchObject([
      { id: '417895808', state: 'working', effect: 'debit', legs: [{ action: 'buy-to-close' }, {}] },
    ]);
  });

  it('reads batches', async () => {
    const listener = recorder();
    watch(listener);
    await heardEventually(listener, ['live']);
    streamer.say({ results: [note('Order', wireOrder()), note('CurrentPosition', wirePosition())] });
    await heardEventually(listener, ['live', 'order 417895808 Routed', `position ${SHORT_PUT}`]);
  });

  it('skips what it does not know or what does not concern it', async () => {
    const listener = recorder();
    watch(listener);
    await heardEventually(listener, ['live']);
    const future = {
      ...wireOrder(),
      legs: [{ 'instrument-type': 'Future', symbol: '/ESZ6', action: 'Buy' }],
    };
    for (const frame of [
      note('Order', wireOrder({ 'account-number': '5WT99999' })),
      note('Order', future),
      note('OrderChain', { anything: true }),
      note('AccountBalance', {}),
      { status: 'ok', action: 'something' },
      { status: 'error', message: 'about nothing we asked' },
    ]) {
      streamer.say(frame);
    }
    streamer.say(note('Order', wireOrder({ id: 2 })));
    await heardEventually(listener, ['live', 'order 2 Routed']);
    expect(streamer.handshakes).toHaveLength(1);
  });

  it.each([
    ['not json'],
    ['[]'],
    ['{"type":"Order"}'],
    [note('Order', { id: 1 })],
    [note('CurrentPosition', {})],
    [note('ComplexOrder', { id: 7 })],
  ])('owns up to a gap where it cannot tell what changed: %j', async (frame) => {
    const listener = recorder();
    watch(listener);
    await heardEventually(listener, ['live']);
    streamer.say(frame);
    streamer.say(note('Order', wireOrder({ id: 2 })));
    await heardEventually(listener, ['live', expect.stringMatching(/^down/), 'live', 'order 2 Routed']);
    expect(streamer.handshakes).toHaveLength(1);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a status that is missing', { status: null }, []],
    ['an unknown action', { legs: [wireLeg({ action: 'Hedge' })] }, []],
    ['part of a contract', { legs: [wireLeg({ quantity: '1.5' })] }, []],
    ['no legs', { legs: [] }, []],
    ['no id', { id: null }, []],
    ['a garbled account', { 'account-number': 'NaN' }, []],
    [
      'no number as its price, but our mark',
      { price: 'NaN', 'external-identifier': 'ptb-1' },
      ['order 1 Routed'],
    ],
  ])(
    'means by an order with %s what the same row means over REST: nobody may trust what was read before',
    async (_, change, ours) => {
      const of = { 'external-identifier': null, id: 1, ...change };
      const watching = new AccountWatch(
        { watch: (_account: string, each: StreamListener) => watch(each) } as unknown as Broker,
        realClock,
        'this',
      );
      const heard: string[] = [];
      watching.listen({
        onChange: () => {},
        onOrder: ({ id, status }) => void heard.push(`order ${id} ${status}`),
      });
      watching.start(ACCOUNT);
      await expect.poll(() => watching.state.live, { timeout: 20_000 }).toBe(true);
      const mark = watching.mark();
      expect(watching.unchangedSince(mark, ['SPY'])).toBe(true);
      streamer.say(note('Order', wireOrder(of)));
      await expect.poll(() => watching.unchangedSince(mark, ['SPY']), { timeout: 20_000 }).toBe(false);
      // It lives on: what is read from now on can be trusted, and the next order is heard.
      const next = watching.mark();
      expect(watching.unchangedSince(next, [SHORT_PUT])).toBe(true);
      streamer.say(note('Order', wireOrder({ id: 2 })));
      await expect.poll(() => heard, { timeout: 20_000 }).toEqual([...ours, 'order 2 Routed']);
      expect(watching.unchangedSince(next, [SHORT_PUT])).toBe(false);
      expect(streamer.handshakes).toHaveLength(1);
      await watching.stop();
    },
  );

  it('takes a position of which only the symbol can be read for a change of it', async () => {
    const listener = recorder();
    watch(listener);
    await heardEventually(listener, ['live']);
    streamer.say(note('CurrentPosition', wirePosition({ quantity: 'NaN', 'quantity-direction': null })));
    await heardEventually(listener, ['live', `position ${SHORT_PUT}`]);
  });

  it('takes a message of an unknown kind that speaks of legs or of what is held for a gap', async () => {
    const listener = recorder();
    watch(listener);
    await heardEventually(listener, ['live']);
    streamer.say(note('OrderV2', wireOrder()));
    streamer.say(note('Holding', wirePosition()));
    streamer.say(note('QuoteAlert', { symbol: 'QQQ' }));
    streamer.say(note('Order', wireOrder({ id: 2 })));
    const gap = [expect.stringMatching(/^down/), 'live'];
    await heardEventually(listener, ['live', ...gap, ...gap, 'order 2 Routed']);
  });

  it('outlives a listener that throws or rejects', async () => {
    const listener = recorder();
    watch({
      ...listener,
      onLive: () => {
        listener.onLive();
        throw new Error('thrown in onLive');
      },
      onOrder: (async () => {
        throw new Error('rejected in onOrder');
      }) as unknown as StreamListener['onOrder'],
    });
    await heardEventually(listener, ['live']);
    streamer.say(note('Order', wireOrder()));
    streamer.say(note('CurrentPosition', wirePosition()));
    await heardEventually(listener, ['live', `position ${SHORT_PUT}`]);
    await expect.poll(() => log.join('')).toContain('rejected in onOrder');
    expect(log.join('')).toContain('thrown in onLive');
  });
});

describe('a stream that goes down', () => {
  it('says so at once, connects again and is live again', async () => {
    const listener = recorder();
    watch(listener);
    await heardEventually(listener, ['live']);
    streamer.sockets[0]?.terminate();
    await heardEventually(listener, ['live', 'down: connection closed (1006)', 'live']);
    expect(streamer.sent('connect')).toHaveLength(2);
  });

  it.each(['connect', 'heartbeat'])('is noticed by a missing acknowledgement of a %s', async (action) => {
    let ignored = 0;
    streamer.reaction = (socket, message) => {
      if (message.action === action && ignored++ === 0) return;
      acknowledge(socket, message);
    };
    const listener = recorder();
    watch(listener, { heartbeatMs: 5, ackMs: 100 });
    const down = `down: ${action} not acknowledged within 100 ms`;
    await heardEventually(listener, action === 'connect' ? [down, 'live'] : ['live', down, 'live']);
  });

  it('asks for a new token after a refusal', async () => {
    streamer.reaction = (socket, message) => {
      if (streamer.messages.length > 1) return acknowledge(socket, message);
      socket.send(JSON.stringify({ status: 'error', message: 'Unauthorized' }));
    };
    const listener = recorder();
    watch(listener);
    await heardEventually(listener, ['down: connect refused: Unauthorized', 'live']);
    expect(streamer.sent('connect').map((message) => message['auth-token'])).toEqual([
      'Bearer access-token-1-abcdef',
      'Bearer access-token-2-abcdef',
    ]);
  });

  it('is told once per outage, however many attempts fail', async () => {
    let refusals = 3;
    streamer.reaction = (socket, message) =>
      refusals-- > 0 ? socket.terminate() : acknowledge(socket, message);
    const listener = recorder();
    watch(listener);
    await heardEventually(listener, ['down: connection closed (1006)', 'live']);
    expect(streamer.handshakes).toHaveLength(4);
  });

  it('waits longer after each failure', async () => {
    let refusals = 4;
    streamer.reaction = (socket, message) =>
      refusals-- > 0 ? socket.terminate() : acknowledge(socket, message);
    const listener = recorder();
    watch(listener);
    await expect.poll(() => listener.heard.at(-1), { timeout: 20_000 }).toBe('live');
    const pauses = log.flatMap((line) => (JSON.parse(line) as { pauseMs?: number }).pauseMs ?? []);
    expect(pauses).toHaveLength(4);
    // Doubled from 5 ms with up to half off, so the last of four is at least as long as the first.
    for (const [index, pause] of pauses.entries()) {
      const whole = 5 * 2 ** (index + 1);
      expect(pause).toBeGreaterThanOrEqual(Math.floor(whole / 2));
      expect(pause).toBeLessThanOrEqual(whole);
    }
  });

  it.each([
    ['the login is refused', failure(400, 'invalid_grant', 'Revoked'), /login/],
    ['the login is down', { status: 503, body: '' }, /login answered with HTTP 503/],
  ])('survives that %s', async (_, answer, reason) => {
    api.on('POST /oauth/token', answer);
    const listener = recorder();
    const stream = watch(listener);
    await expect.poll(() => streamer.handshakes.length).toBeGreaterThan(2);
    expect(listener.heard).toHaveLength(1);
    expect(listener.heard[0]).toMatch(reason);
    await stream.close();
  });

  it('survives a server that never completes the handshake', async () => {
    const mute = createServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1');
    await new Promise((resolve) => mute.once('listening', resolve));
    const listener = recorder();
    const url = `ws://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const stream = watch(listener, { handshakeMs: 50 }, url);
    await heardEventually(listener, ['down: connection failed: Opening handshake has timed out']);
    await stream.close();
    mute.close();
  });

  it('survives a server that refuses or redirects the handshake', async () => {
    for (const status of [401, 302]) {
      api.on('GET /', { status, headers: { Location: streamer.url } });
      const listener = recorder();
      const stream = watch(listener, {}, api.url.replace('http', 'ws'));
      await heardEventually(listener, [`down: connection failed: Unexpected server response: ${status}`]);
      await stream.close();
    }
    expect(streamer.handshakes).toEqual([]);
  });
});

describe('close', () => {
  it('settles in every state and silences the listener', async () => {
    const listener = recorder();
    const early = watch(listener);
    await early.close();
    const connecting = watch(listener);
    await expect.poll(() => streamer.handshakes.length).toBeGreaterThan(0);
    await connecting.close();
    const before = listener.heard.length;
    const live = watch(listener);
    await expect.poll(() => listener.heard.length).toBe(before + 1);
    await Promise.all([live.close(), live.close()]);
    streamer.say(note('Order', wireOrder()));
    await expect.poll(() => streamer.sockets.length).toBe(0);
    expect(listener.heard).toHaveLength(before + 1);
  });

  it('settles while it waits to connect again', async () => {
    const listener = recorder();
    streamer.reaction = (socket) => socket.terminate();
    reconnectMs = 60_000;
    const stream = watch(listener);
    await expect.poll(() => listener.heard.length).toBe(1);
    await stream.close();
    expect(listener.heard).toHaveLength(1);
    expect(streamer.handshakes).toHaveLength(1);
  });

  it('settles although the server never says goodbye', async () => {
    const listener = recorder();
    const stream = watch(listener);
    await heardEventually(listener, ['live']);
    for (const socket of streamer.sockets) socket.pause();
    await stream.close();
  });
});
