import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { type Logger, pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { createClient } from '../../src/bot/client.js';
import type { Broker } from '../../src/ports/broker.js';
import { Secrets } from '../../src/ports/secrets.js';
import { streamText } from '../../src/screens/failures/broker.js';
import { NO_DEADLINE, realClock, VirtualClock } from './support/clocks.js';
import {
  ACCOUNT,
  type Answer,
  brokerOn,
  CLIENT_SECRET,
  FakeApi,
  grant,
  REFRESH_TOKEN,
} from './support/fake-api.js';
import { closing } from './support/wire.js';

const ACCESS_TOKEN = 'access-token-that-must-stay-inside';

let api: FakeApi;
let log: string[];
let logger: Logger;

beforeEach(async () => {
  api = await FakeApi.start();
  api.on('POST /oauth/token', grant(ACCESS_TOKEN));
  log = [];
  logger = pino({ level: 'trace' }, { write: (line: string) => void log.push(line) });
});
afterEach(() => api.close());

/** Everything an error could show wherever it ends up. */
function shown(error: unknown): string {
  const fault = error as Error & { cause?: unknown };
  const nested = inspect(error, { depth: 10, showHidden: true });
  return [fault.message, fault.stack, JSON.stringify(error), String(fault.cause), nested].join('\n');
}

function expectClean(text: string) {
  for (const secret of [CLIENT_SECRET, REFRESH_TOKEN, ACCESS_TOKEN]) expect(text).not.toContain(secret);
}

const all = (broker: Broker) => [broker.accounts(), broker.underlying('SPX'), ...ofAnAccount(broker)];

const ofAnAccount = (broker: Broker) => [
  broker.balances(ACCOUNT),
  broker.holdings(ACCOUNT),
  broker.openOrders(ACCOUNT),
  broker.order(ACCOUNT, '1'),
  broker.dryRun(ACCOUNT, closing(), 'trader'),
  broker.submit(ACCOUNT, closing(), 'ptb-1', NO_DEADLINE),
];

/** Answers every request with all it was sent, in the broker's own words for an error. */
function echo(status: number): Answer {
  return (response, { headers, body }) => {
    const said = `${headers.authorization} ${body} ${CLIENT_SECRET} ${encodeURIComponent(REFRESH_TOKEN)}`;
    response.writeHead(status, { Location: `/?${said}` });
    response.end(
      JSON.stringify({ error: { code: said, message: said, errors: [{ code: said, message: said }] } }),
    );
  };
}

const ROUTES = [
  'GET /customers/me/accounts',
  `GET /accounts/${ACCOUNT}/balances/USD`,
  `GET /accounts/${ACCOUNT}/positions`,
  'GET /instruments/equities/SPX',
  `GET /accounts/${ACCOUNT}/orders/live`,
  `GET /accounts/${ACCOUNT}/orders/1`,
  `POST /accounts/${ACCOUNT}/orders/dry-run`,
  `POST /accounts/${ACCOUNT}/orders`,
];

describe('of an account’s number only the last four digits leave', () => {
  const numbered = (text: string): Answer => ({
    status: 422,
    body: { error: { code: 'no', message: text, errors: [{ code: 'no', message: text }] } },
  });

  it('where the broker’s own refusal repeats it', async () => {
    const secrets = new Secrets();
    const said = `Account ${ACCOUNT} (acct:${ACCOUNT.toLowerCase()}) is not enabled for X${ACCOUNT}9.`;
    for (const route of ROUTES) api.on(route, numbered(said));
    for (const result of await Promise.allSettled(ofAnAccount(brokerOn(api, { logger, secrets })))) {
      const text = result.status === 'rejected' ? shown(result.reason) : JSON.stringify(result.value);
      expect(text).not.toMatch(/5wt00001(?!9)/i);
    }
    expect(secrets.scrub(said)).toBe(`Account …0001 (acct:…0001) is not enabled for X${ACCOUNT}9.`);
  });

  it('also of accounts that the login only lists', async () => {
    const secrets = new Secrets();
    api.on('GET /customers/me/accounts', {
      body: { data: { items: [{ account: { 'account-number': '5WX98765' }, 'authority-level': 'owner' }] } },
    });
    await brokerOn(api, { logger, secrets }).accounts();
    expect(secrets.scrub('5WX98765')).toBe('…8765');
  });
});

describe('the ways out', () => {
  it('a text in JSON keeps its shape even where a password is a word of it', () => {
    const secrets = new Secrets();
    secrets.add('content');
    secrets.addAccount('5WX98765');
    const json = JSON.stringify({ content: 'my content', embeds: [{ title: '5WX98765' }], n: 1 });
    expect(secrets.scrubJson(json)).toBe(
      JSON.stringify({ content: 'my [secret]', embeds: [{ title: '…8765' }], n: 1 }),
    );
    expect(secrets.scrubJson('no JSON: content')).toBe('no JSON: [secret]');
  });

  it('a number that is short or part of another is left alone', () => {
    const secrets = new Secrets();
    secrets.addAccount('1234');
    secrets.addAccount('');
    secrets.addAccount('100200300');
    expect(secrets.scrub('1234 1100200300 100200300')).toBe('1234 1100200300 …0300');
  });

  it('a chat message is cleaned on its way to Discord', async () => {
    const secrets = new Secrets();
    secrets.addAccount(ACCOUNT);
    api.on('POST /api/v10/channels/1214218596167720961/messages', { body: { id: '1' } });
    const client = createClient(`${api.url}/api`, secrets);
    client.rest.setToken('t');
    await client.rest.post('/channels/1214218596167720961/messages', {
      body: { content: `acct ${ACCOUNT}` },
    });
    const [seen] = api.asked('POST /api/v10/channels/1214218596167720961/messages');
    expect(JSON.parse(seen?.body ?? '')).toEqual({ content: 'acct …0001' });
    await client.destroy();
  });
});

describe('no secret leaves', () => {
  it.each([200, 307, 400, 401, 422, 429, 500])(
    'in an error or the log when the broker echoes it all with %i',
    async (status) => {
      for (const route of ROUTES) api.on(route, echo(status));
      const results = await Promise.allSettled(all(brokerOn(api, { logger, clock: new VirtualClock() })));
      for (const result of results) {
        expectClean(result.status === 'rejected' ? shown(result.reason) : JSON.stringify(result.value));
      }
      // A success that says nothing of the order asked for leaves that order unreadable, and is no error.
      const refused = results.filter(({ status: outcome }) => outcome === 'rejected').length;
      expect(refused).toBeGreaterThanOrEqual(status === 200 ? 6 : 7);
      expectClean(log.join('\n'));
    },
  );

  it('in an error about a token that was renewed while its request was under way', async () => {
    const clock = new VirtualClock();
    const broker = brokerOn(api, { logger, clock });
    const [accounts, balances] = ['GET /customers/me/accounts', `GET /accounts/${ACCOUNT}/balances/USD`];
    const late = echo(422) as Extract<Answer, (...all: never[]) => void>;
    let answerLate = () => {};
    api.on(accounts, (response, seen) => {
      answerLate = () => late(response, seen);
    });
    api.on(balances, echo(422));
    const early = broker.accounts().catch(shown);
    await expect.poll(() => api.asked(accounts).length).toBe(1);
    clock.advance(850_000);
    api.on('POST /oauth/token', grant('the-access-token-that-came-next'));
    await broker.balances(ACCOUNT).catch(() => {});
    expect(api.asked(balances)[0]?.headers.authorization).toContain('came-next');
    answerLate();
    expectClean(String(await early));
  });

  it('in an error or the log when the login is refused', async () => {
    api.on('POST /oauth/token', echo(400));
    const results = await Promise.allSettled(all(brokerOn(api, { logger })));
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'BrokerLoginError' } });
      if (result.status === 'rejected') expectClean(shown(result.reason));
    }
    expect(log.join('\n')).toContain('broker login refused');
    expectClean(log.join('\n'));
  });

  it('in the reason the account stream gives or logs', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) =>
      socket.on('message', (frame) =>
        socket.send(JSON.stringify({ status: 'error', action: 'connect', message: `no: ${frame}` })),
      ),
    );
    await new Promise((resolve) => server.once('listening', resolve));
    const streamerUrl = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const reasons: string[] = [];
    const stream = brokerOn(api, { logger, streamerUrl, clock: realClock }).watch(ACCOUNT, {
      onLive: () => {},
      onDown: (reason) => void reasons.push(streamText(reason)),
      onOrder: () => {},
      onPosition: () => {},
    });
    await expect.poll(() => reasons.length).toBe(1);
    await stream.close();
    server.close();
    expect(reasons[0]).toContain('[secret]');
    expectClean(reasons.join('\n') + log.join('\n'));
  });

  it('when the broker itself is printed', async () => {
    const broker = brokerOn(api, { logger });
    await broker.accounts().catch(() => {});
    logger.info({ broker }, 'here');
    expectClean(
      `${JSON.stringify(broker)} ${inspect(broker, { depth: 10, showHidden: true })} ${log.join('\n')}`,
    );
  });
});
