import { afterEach } from 'vitest';
import { PaperAdmin } from '../client/paper-admin.js';
import { type PaperBroker, type PaperBrokerOptions, startPaperBroker } from '../src/server.js';

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: raw wire objects are looked into freely by tests
  body: any;
}

/** A running broker with a raw client that does nothing for you: what is sent is what the test says. */
export interface Rig {
  broker: PaperBroker;
  admin: PaperAdmin;
  token: string;
  account: string;
  /** A request below the account's path. */
  onAccount(method: string, path: string, body?: unknown): Promise<Reply>;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

const running: PaperBroker[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((broker) => broker.close()));
});

const AGENT = { 'user-agent': 'paper-test/1.0' };

async function send(url: string, method: string, body: unknown, headers: Record<string, string>) {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
}

export function grantBody(broker: PaperBroker) {
  return {
    grant_type: 'refresh_token',
    refresh_token: broker.refreshToken,
    client_secret: broker.clientSecret,
  };
}

export async function login(broker: PaperBroker): Promise<string> {
  const { body } = await send(`${broker.url}/oauth/token`, 'POST', grantBody(broker), AGENT);
  return body.access_token as string;
}

/** Starts a broker that is closed after the test; no rate ceilings and a market paused at known prices by default. */
export async function startRig(options: PaperBrokerOptions = {}): Promise<Rig> {
  const broker = await startPaperBroker({ rateCeilings: false, speed: 0, ...options });
  running.push(broker);
  return rigOf(broker);
}

export async function rigOf(broker: PaperBroker): Promise<Rig> {
  const token = await login(broker);
  const request: Rig['request'] = (method, path, body, headers = {}) =>
    send(broker.url + path, method, body, { ...AGENT, authorization: `Bearer ${token}`, ...headers });
  return {
    broker,
    admin: new PaperAdmin(broker.adminUrl),
    token,
    account: broker.accountNumber,
    request,
    onAccount: (method, path, body) => request(method, `/accounts/${broker.accountNumber}${path}`, body),
  };
}

/** Polls until the reading satisfies; a generous deadline only tells "never" from "not yet". */
export async function until<T>(read: () => Promise<T> | T, holds: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`Never came about; last reading: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** Reads an order until it has one of the statuses. */
export function untilStatus(rig: Rig, id: number, ...statuses: string[]) {
  return until(
    async () => (await rig.onAccount('GET', `/orders/${id}`)).body.data,
    (order) => statuses.includes(order.status),
  );
}

export interface LegBody {
  'instrument-type': string;
  symbol: string;
  action: string;
  quantity: number | string;
}

export function leg(action: string, symbol: string, quantity: number | string = 1): LegBody {
  return { 'instrument-type': 'Equity Option', symbol, action, quantity };
}

/** A GTC limit order, strict about position effect. */
export function gtc(price: string, effect: 'Credit' | 'Debit', legs: LegBody[], more: object = {}) {
  return {
    'time-in-force': 'GTC',
    'order-type': 'Limit',
    price,
    'price-effect': effect,
    legs,
    'advanced-instructions': { 'strict-position-effect-validation': true },
    ...more,
  };
}

/** The held symbols of an underlying that match a pattern such as `P` (puts), shorts first. */
export async function held(rig: Rig, underlying: string, pattern: RegExp) {
  const { positions } = await rig.admin.snapshot();
  return positions
    .filter((each) => each['underlying-symbol'] === underlying && pattern.test(each.symbol))
    .sort((a, b) => b['quantity-direction'].localeCompare(a['quantity-direction']));
}

/** The legs that close the SPX or QQQ Trident's put spread, IWM's and so on: short put back, long put out. */
export async function putSpread(rig: Rig, underlying: string, expiration: string, quantity = 1) {
  const [short, long] = await held(rig, underlying, new RegExp(`${expiration}P`));
  if (!short || !long) throw new Error(`No put spread in ${underlying} ${expiration}`);
  return [leg('Buy to Close', short.symbol, quantity), leg('Sell to Close', long.symbol, quantity)];
}

/** The market's first instant in these tests: Monday 2026-11-23, 10:00 in New York. */
export const MONDAY = '2026-11-23T15:00:00Z';
export const QQQ_TRIDENT = '261231';
export const SPX_TRIDENT = '270108';
