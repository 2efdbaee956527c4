import { type PaperBroker, startPaperBroker } from '@profit-target/paper-broker';
import { PaperAdmin, type PaperFault } from '@profit-target/paper-broker/client';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBroker } from '../../src/brokers/index.js';
import { Decimal } from '../../src/domain/money.js';
import type { BrokerOrder, Holding } from '../../src/domain/types.js';
import type { Broker, OrderRequest } from '../../src/ports/broker.js';
import { NO_DEADLINE, realClock } from './support/clocks.js';
import { recorder } from './support/fake-streamer.js';

/**
 * The adapter against the paper broker, which shares no code with it: two readings of one protocol. Real
 * sockets and a running simulated market; nothing is mocked.
 */
const START = '2026-11-23T15:00:00Z';
const SUBMIT_PATH = '/orders$';

let paper: PaperBroker;
let admin: PaperAdmin;
let sut: Broker;
let marks = 0;

beforeAll(async () => {
  paper = await startPaperBroker({ seed: 7, startAt: START, speed: 1, rateCeilings: false });
  admin = new PaperAdmin(paper.adminUrl);
  await admin.freeze();
});
afterAll(() => paper.close());
beforeEach(async () => {
  await admin.clearFaults();
  sut = broker();
});

function broker(timeouts = {}): Broker {
  return createBroker({
    name: 'paper',
    apiUrl: paper.url,
    streamerUrl: paper.streamerUrl,
    clientSecret: paper.clientSecret,
    refreshToken: paper.refreshToken,
    userAgent: 'profit-target-bot/0.0.0-test',
    pinVersion: true,
    timeouts,
    clock: realClock,
    logger: pino({ level: 'silent' }),
  });
}

const account = () => paper.accountNumber;
const mark = () => `ptb-paper-${++marks}`;
const window = () => ({ from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) });
const byMark = async (wanted: string) =>
  (await sut.searchOrders(account(), window())).filter((order) => order.externalIdentifier === wanted);

/** A closing order for one contract of a held NVDA call, far from the market so that it rests. */
async function resting(price = '30.00'): Promise<OrderRequest> {
  const call = await holding('NVDA');
  return {
    underlying: 'NVDA',
    legs: [{ symbol: call.instrument.symbol, kind: 'option', action: 'sell-to-close', quantity: 1 }],
    price: new Decimal(price),
    effect: 'credit',
  };
}

async function holding(underlying: string): Promise<Holding> {
  const found = (await sut.holdings(account())).held.find(
    ({ instrument }) => instrument.underlying === underlying,
  );
  if (found === undefined) throw new Error(`nothing held of ${underlying}`);
  return found;
}

/** Takes an order out of the way, so that it no longer covers what the next test closes. */
const end = (order: BrokerOrder) => admin.end(Number(order.id));

describe('reading the paper broker', () => {
  it('finds the open account, its balances and holdings', async () => {
    expect((await sut.accounts()).map(({ number }) => number)).toEqual([account()]);
    expect((await sut.balances(account())).netLiquidatingValue?.gt(0)).toBe(true);
    const holdings = (await sut.holdings(account())).held;
    const spx = holdings.filter(({ instrument }) => instrument.underlying === 'SPX');
    expect(new Set(spx.map(({ instrument }) => instrument.option?.root))).toEqual(new Set(['SPXW']));
    expect(holdings.find(({ instrument }) => instrument.symbol === 'AAPL')).toMatchObject({
      side: 'long',
      quantity: 100,
      instrument: { multiplier: 1, option: null },
    });
  });

  it('finds the opening orders with fills that add up to their net price', async () => {
    const search = { from: new Date('2026-09-01T00:00:00Z'), to: new Date(START), filledOnly: true };
    const orders = await sut.searchOrders(account(), search);
    expect(orders.length).toBeGreaterThan(5);
    for (const { legs, price, effect, size } of orders) {
      const net = legs
        .flatMap((leg) =>
          leg.fills.map((fill) =>
            fill.price.times(fill.quantity).times(leg.action.startsWith('sell') ? 1 : -1),
          ),
        )
        .reduce((total, value) => total.plus(value))
        .div(size ?? Number.NaN);
      expect(net.toFixed()).toBe((effect === 'credit' ? price : price?.negated())?.toFixed());
      expect(legs.every(({ remaining }) => remaining === 0)).toBe(true);
    }
    const received = orders.map(({ receivedAt }) => receivedAt?.getTime() ?? 0);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(
      (await sut.searchOrders(account(), { ...search, underlying: 'IWM' })).map(
        ({ underlying }) => underlying,
      ),
    ).toEqual(['IWM']);
  });

  it('finds what the ledger books of an opening order, with what its fees were', async () => {
    const search = { from: new Date('2026-09-01T00:00:00Z'), to: new Date(START), filledOnly: true };
    const [order] = await sut.searchOrders(account(), search);
    for (const { instrument, quantity } of order?.legs ?? []) {
      const since = new Date('2026-09-01T00:00:00Z');
      const { rows } = await sut.ledger(account(), { symbol: instrument.symbol, since });
      const mine = rows.filter(({ orderId }) => orderId === order?.id);
      expect(mine.reduce((sum, trade) => sum.plus(trade.quantity), new Decimal(0)).toNumber()).toBe(quantity);
      expect(mine.every(({ fees, reverses }) => fees.gt(0) && fees.lt(5) && reverses === null)).toBe(true);
    }
  });

  it('finds what still works, the order that is opening among it', async () => {
    const open = await sut.openOrders(account());
    expect(open.map(({ underlying }) => underlying).sort()).toEqual(['AMZN', 'GOOGL']);
    expect(open.find(({ underlying }) => underlying === 'AMZN')?.legs).toMatchObject([
      { quantity: 3, remaining: 2 },
      { quantity: 3, remaining: 2 },
    ]);
  });

  it('reads ticks, session and quotes', async () => {
    const { optionTicks, isIndex } = await sut.underlying('SPX');
    expect(isIndex).toBe(true);
    expect(optionTicks.map(({ below, increment }) => `${below} ${increment}`)).toEqual([
      '3 0.05',
      'null 0.1',
    ]);
    expect((await sut.marketSession()).open).toBe(true);
    const { instrument } = await holding('QQQ');
    const quotes = await sut.quotes([
      { symbol: instrument.symbol, kind: 'option' },
      { symbol: 'SPX', kind: 'index' },
    ]);
    expect(quotes.get(instrument.symbol)?.mark?.gt(0)).toBe(true);
    expect(quotes.get('SPX')?.mark?.gt(0)).toBe(true);
  });

  it('takes missing market data for absence, empty or 404', async () => {
    const { instrument } = await holding('QQQ');
    for (const status of [undefined, 404]) {
      await admin.fault({ kind: 'no-market-data', ...(status && { status }) });
      expect((await sut.quotes([{ symbol: instrument.symbol, kind: 'option' }])).size).toBe(0);
    }
  });

  it('renews a token that ended early, once, for many readers', async () => {
    await sut.underlying('QQQ');
    await admin.expireTokens();
    await admin.resetCounts();
    await Promise.all(['SPY', 'IWM', 'AAPL'].map((symbol) => sut.underlying(symbol)));
    expect(await admin.counts()).toMatchObject({ 'POST /oauth/token': 1 });
  });
});

describe('ordering at the paper broker', () => {
  it('previews, places and reads an order back as asked', async () => {
    const order = await resting();
    const preview = await sut.dryRun(account(), order, 'trader');
    expect(preview.errors).toEqual([]);
    expect(preview.fees?.gt(0)).toBe(true);
    const id = mark();
    const receipt = await sut.submit(account(), order, id, NO_DEADLINE);
    expect(receipt.order).toMatchObject({
      externalIdentifier: id,
      timeInForce: 'GTC',
      orderType: 'Limit',
      effect: 'credit',
    });
    expect(receipt.order.price?.toFixed()).toBe('30');
    await expect
      .poll(async () => (await sut.order(account(), receipt.order.id)).state, { timeout: 20_000 })
      .toBe('working');
    expect((await byMark(id)).map((found) => found.id)).toEqual([receipt.order.id]);
    await end(receipt.order);
  });

  it('hears the reasons of a refusal, in the dry run and on submit', async () => {
    const order = await resting();
    const tooMany = { ...order, legs: order.legs.map((leg) => ({ ...leg, quantity: 50 })) };
    const { errors } = await sut.dryRun(account(), tooMany, 'trader');
    expect(errors.length).toBeGreaterThan(0);
    await expect(sut.submit(account(), tooMany, mark(), NO_DEADLINE)).rejects.toMatchObject({
      name: 'BrokerRefusal',
      status: 422,
      code: 'preflight_check_failure',
      details: errors,
    });
  });

  it('is refused, not turned into an open, when it closes what is not held', async () => {
    const order = await resting();
    const unheld = order.legs.map((leg) => ({ ...leg, symbol: leg.symbol.replace(/C\d{8}$/, 'C00190000') }));
    await expect(
      sut.submit(account(), { ...order, legs: unheld }, mark(), NO_DEADLINE),
    ).rejects.toMatchObject({
      name: 'BrokerRefusal',
      details: [{ code: 'closing_with_no_position' }],
    });
  });

  it('hears on the stream that an off-tick price died at the venue', async () => {
    const listener = recorder();
    const deaths: BrokerOrder[] = [];
    const stream = sut.watch(account(), {
      ...listener,
      onOrder: (order) => void (order.state === 'rejected' && deaths.push(order)),
    });
    await expect.poll(() => listener.heard).toEqual(['live']);
    const { order } = await sut.submit(account(), await resting('30.03'), mark(), NO_DEADLINE);
    await expect.poll(() => deaths.map(({ id }) => id), { timeout: 20_000 }).toEqual([order.id]);
    expect(deaths[0]?.rejectReason).toBeTruthy();
    await stream.close();
  });

  it('hears fills and the changed position on the stream', async () => {
    const listener = recorder();
    const stream = sut.watch(account(), listener);
    await expect.poll(() => listener.heard).toEqual(['live']);
    const { order } = await sut.submit(account(), await resting(), mark(), NO_DEADLINE);
    await expect
      .poll(async () => (await sut.order(account(), order.id)).state, { timeout: 20_000 })
      .toBe('working');
    await admin.fill(Number(order.id));
    await expect.poll(() => listener.heard, { timeout: 20_000 }).toContain(`order ${order.id} Filled`);
    const { symbol } = order.legs[0]!.instrument;
    await expect.poll(() => listener.heard, { timeout: 20_000 }).toContain(`position ${symbol}`);
    const { legs } = await sut.order(account(), order.id);
    expect(legs.map(({ fills }) => fills.map(({ price }) => price.toFixed()))).toEqual([['30']]);
    await stream.close();
  });

  it('comes back to life after the stream was cut', async () => {
    const listener = recorder();
    const stream = sut.watch(account(), listener);
    await expect.poll(() => listener.heard).toEqual(['live']);
    await admin.stream('drop');
    await expect.poll(() => listener.heard.length, { timeout: 20_000 }).toBe(3);
    expect(listener.heard[1]).toMatch(/^down/);
    await stream.close();
  });
});

describe('an order without a clear answer', () => {
  it.each<[PaperFault['kind'], Omit<PaperFault, 'kind'>, number]>([
    ['error-after-commit', { status: 503 }, 1],
    ['hang-after-commit', {}, 1],
    ['drop-after-commit', {}, 1],
    ['garbage', {}, 1],
    ['hang-before-commit', {}, 0],
    ['drop-before-commit', {}, 0],
    ['status', { status: 502, code: 'bad_gateway', reason: 'Try later' }, 0],
  ])('is unknown after %s, was sent once, and reading tells', async (kind, fault, placed) => {
    const hurried = broker({ orderMs: 700 });
    const order = await resting();
    await admin.fault({ kind, method: 'POST', path: SUBMIT_PATH, ...fault });
    await admin.resetCounts();
    const id = mark();
    await expect(hurried.submit(account(), order, id, NO_DEADLINE)).rejects.toMatchObject({
      name: 'OutcomeUnknown',
    });
    const counts = await admin.counts();
    const orders = Object.entries(counts).filter(([route]) => /^POST .*\/orders$/.test(route));
    expect(orders.map(([, count]) => count)).toEqual([1]);
    const found = await byMark(id);
    expect(found).toHaveLength(placed);
    for (const existing of found) await end(existing);
  });

  it('is refused, not unknown, when throttled', async () => {
    const order = await resting();
    await admin.fault({ kind: 'status', status: 429, method: 'POST', path: SUBMIT_PATH });
    const id = mark();
    await expect(sut.submit(account(), order, id, NO_DEADLINE)).rejects.toMatchObject({
      name: 'BrokerRefusal',
      status: 429,
    });
    expect(await byMark(id)).toEqual([]);
  });

  it('is sent once more only by asking again after a token ended on the way', async () => {
    const order = await resting();
    await admin.expireTokens();
    const id = mark();
    await expect(sut.submit(account(), order, id, NO_DEADLINE)).rejects.toMatchObject({
      name: 'BrokerRefusal',
      status: 401,
    });
    const { order: placed } = await sut.submit(account(), order, id, NO_DEADLINE);
    expect((await byMark(id)).map((found) => found.id)).toEqual([placed.id]);
    await end(placed);
  });
});
