import TastytradeClient, { AccountStreamer } from '@tastytrade/api';
import axios from 'axios';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gtc, MONDAY, putSpread, QQQ_TRIDENT, type Rig, startRig, until, untilStatus } from './harness.js';

// The vendor's own client is an independent reading of the protocol: what it makes of our answers is the proof.
// It has no timeout of its own and shares the global axios.
beforeAll(() => {
  axios.defaults.timeout = 15_000;
  axios.defaults.maxRedirects = 0;
});

let rig: Rig;
let client: TastytradeClient;
let account: string;
const streamers: AccountStreamer[] = [];

beforeEach(async () => {
  rig = await startRig({ startAt: MONDAY });
  account = rig.account;
  client = new TastytradeClient({
    baseUrl: rig.broker.url,
    accountStreamerUrl: rig.broker.streamerUrl,
    clientSecret: rig.broker.clientSecret,
    refreshToken: rig.broker.refreshToken,
    oauthScopes: ['read', 'trade'],
  });
  await client.httpClient.generateAccessToken();
});

afterEach(() => {
  for (const streamer of streamers.splice(0)) streamer.stop();
});

const closing = async (price: string, quantity = 1) =>
  gtc(price, 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT, quantity));

describe("tastytrade's own client", () => {
  it('logs in and finds the accounts', async () => {
    expect(client.httpClient.needsTokenRefresh).toBe(false);
    const accounts = await client.accountsAndCustomersService.getCustomerAccounts();
    expect(
      accounts.map((each: Record<string, Record<string, unknown>>) => each.account?.['is-closed']),
    ).toEqual([false, true]);
    expect(await client.accountsAndCustomersService.getApiQuoteToken()).toMatchObject({ level: 'api' });
  });

  it('reads status, balances, positions and limits', async () => {
    expect(await client.accountStatusService.getAccountStatus(account)).toMatchObject({ 'is-closed': false });
    const balances = await client.balancesAndPositionsService.getAccountBalanceValues(account);
    expect([balances].flat()[0]).toMatchObject({ currency: 'USD' });
    const positions = await client.balancesAndPositionsService.getPositionsList(account, {
      'include-marks': true,
    });
    expect(positions.length).toBeGreaterThan(20);
    expect(await client.riskParametersService.getPositionLimit(account)).toHaveProperty(
      'equity-option-order-size',
    );
  });

  it('reads instruments and chains', async () => {
    const { instrumentsService: instruments } = client;
    expect(await instruments.getSingleEquity('SPX')).toMatchObject({ 'is-index': true });
    const equities = await instruments.getEquityDefinitions({ symbol: ['QQQ', 'SPY'] });
    expect(equities.map((each: Record<string, string>) => each.symbol)).toEqual(['QQQ', 'SPY']);
    const [first] = await client.balancesAndPositionsService.getPositionsList(account, {
      'underlying-symbol': ['SPX'],
    });
    expect(await instruments.getSingleEquityOption(first.symbol)).toMatchObject({
      symbol: first.symbol,
      'root-symbol': 'SPXW',
    });
    expect(await instruments.getEquityOptions([first.symbol])).toHaveLength(1);
    const chain = await instruments.getNestedOptionChain('SPX');
    expect(chain.map((each: Record<string, string>) => each['root-symbol'])).toEqual(['SPX', 'SPXW']);
  });

  it('reads market data and sessions through its raw client', async () => {
    const quotes = await client.httpClient.getData(
      '/market-data/by-type',
      {},
      { equity: ['QQQ'], index: ['SPX'] },
    );
    expect(quotes.data.data.items).toHaveLength(2);
    const session = await client.httpClient.getData('/market-time/equities/sessions/current');
    expect(session.data.data.state).toBe('Open');
  });

  it('checks, places, reads, replaces, edits and cancels an order', async () => {
    const { orderService: orders } = client;
    expect((await orders.postOrderDryRun(account, await closing('0.50'))).order).not.toHaveProperty('id');
    const { order } = await orders.createOrder(account, await closing('0.50'));
    await untilStatus(rig, order.id, 'Live');
    expect(await orders.getOrder(account, order.id)).toMatchObject({ id: order.id, status: 'Live' });
    const ids = (list: { id: number }[]) => list.map((each) => each.id);
    expect(ids(await orders.getLiveOrders(account))).toContain(order.id);
    const found = await orders.getOrders(account, {
      'underlying-symbol': 'QQQ',
      status: ['Live'],
      'per-page': 50,
    });
    expect(ids(found)).toEqual([order.id]);

    expect(await orders.replacementOrderDryRun(account, order.id, { price: '0.55' })).toHaveProperty(
      'fee-calculation',
    );
    const replacement = await orders.replaceOrder(account, order.id, { price: '0.55' });
    expect(replacement).toMatchObject({ status: 'Contingent', 'replaces-order-id': order.id });
    await untilStatus(rig, replacement.id, 'Live');
    const edited = await orders.editOrder(account, replacement.id, { price: '0.60' });
    await untilStatus(rig, edited.id, 'Live');
    expect(await orders.cancelOrder(account, edited.id)).toMatchObject({ status: 'Cancel Requested' });
    await untilStatus(rig, edited.id, 'Cancelled');
    await expect(orders.cancelOrder(account, edited.id)).rejects.toMatchObject({
      response: { status: 422, data: { error: { code: 'cannot_update_order' } } },
    });
  });

  it('places and cancels an OCO, and reads each of its orders', async () => {
    const { orderService: orders } = client;
    const stop = { ...(await closing('4.40')), 'order-type': 'Stop Limit', 'stop-trigger': '4.30' };
    const body = { type: 'OCO', orders: [await closing('0.50'), stop] };
    const { 'complex-order': placed } = await orders.createComplexOrder(account, body);
    const ids: number[] = placed.orders.map(({ id }: { id: number }) => id);
    expect(ids).toHaveLength(2);
    for (const id of ids) {
      await untilStatus(rig, id, 'Live');
      expect(await orders.getOrder(account, id)).toMatchObject({ 'complex-order-id': placed.id });
    }
    expect(await orders.cancelComplexOrder(account, placed.id)).toMatchObject({ id: placed.id, type: 'OCO' });
    for (const id of ids) await untilStatus(rig, id, 'Cancelled');
  });

  it('sees a refusal where it expects one', async () => {
    const order = { ...(await closing('0.50')), price: undefined };
    await expect(client.orderService.createOrder(account, order)).rejects.toMatchObject({
      response: {
        status: 422,
        data: { error: { code: 'preflight_check_failure', errors: [{ code: 'order_must_include_price' }] } },
      },
    });
  });

  it('reads transactions and fees', async () => {
    const { transactionsService: transactions } = client;
    const list = await transactions.getAccountTransactions(account, {
      'underlying-symbol': 'QQQ',
      type: 'Trade',
    });
    expect(list).toHaveLength(6);
    expect(await transactions.getTransaction(account, String(list[0].id))).toEqual(list[0]);
    expect(await transactions.getTotalFees(account)).toHaveProperty('total-fees-effect');
  });

  it('hears of its order over the account streamer', async () => {
    const streamer = new AccountStreamer(rig.broker.streamerUrl, client.httpClient, client.logger, 2_000);
    streamers.push(streamer);
    // biome-ignore lint/suspicious/noExplicitAny: the client hands over raw frames
    const heard: any[] = [];
    streamer.addMessageObserver((frame) => heard.push(frame));
    await streamer.start();
    expect(await streamer.subscribeToAccounts([account])).toBe('connect');
    const { order } = await client.orderService.createOrder(account, await closing('0.50'));
    const live = (frame: { type?: string; data?: { id: number; status: string } }) =>
      frame.type === 'Order' && frame.data?.id === order.id && frame.data?.status === 'Live';
    await until(() => heard.find(live), Boolean);
    await until(
      () => heard.filter((frame) => frame.action === 'heartbeat' && frame.status === 'ok').length,
      (count) => count > 0,
    );
  });
});
