import { describe, expect, it } from 'vitest';
import {
  gtc,
  held,
  leg,
  MONDAY,
  putSpread,
  QQQ_TRIDENT,
  type Rig,
  SPX_TRIDENT,
  startRig,
  until,
  untilStatus,
} from './harness.js';

async function place(rig: Rig, body: object) {
  const answer = await rig.onAccount('POST', '/orders', body);
  expect(answer.status).toBe(201);
  return answer.body.data.order;
}

describe('a price off the grid', () => {
  const SPX_LEG = 'SPXW  261231C07400000';
  const cases: [string, string, string[], boolean][] = [
    ['SPX spread on a nickel', '5.05', ['SPX'], true],
    ['SPX spread on a penny', '5.06', ['SPX'], false],
    ['QQQ spread on a penny', '0.51', ['QQQ'], true],
    ['QQQ spread on half a penny', '0.515', ['QQQ'], false],
    ['one QQQ option on a penny above 3', '3.01', ['QQQ   261231C00700000'], true],
    ['one AAPL option on a penny below 3', '2.99', ['AAPL  261231C00350000'], true],
    ['one AAPL option on a penny at 3', '3.01', ['AAPL  261231C00350000'], false],
    ['one SPX option on a nickel below 3', '2.95', [SPX_LEG], true],
    ['one SPX option on a nickel above 3', '3.05', [SPX_LEG], false],
    ['one SPX option at exactly 3', '3.00', [SPX_LEG], true],
    ['one VIX option on a penny below 3', '0.52', ['VIX   261216C00020000'], true],
  ];

  it.each(cases)(
    '%s (%s): accepted, and fit for the venue: %s %s',
    async (_what, price, [what = ''], alive) => {
      const rig = await startRig({ startAt: MONDAY });
      const body =
        what.length > 6
          ? gtc(price, 'Debit', [leg('Buy to Open', what)])
          : gtc(price, 'Debit', await putSpread(rig, what, what === 'SPX' ? SPX_TRIDENT : QQQ_TRIDENT));
      // Far below the market, so that nothing fills.
      await rig.admin.underlying(what.slice(0, 3).trim() === 'SPX' ? 'SPX' : 'QQQ', { pin: true });
      expect((await rig.onAccount('POST', '/orders/dry-run', body)).status).toBe(200);
      const { id } = await place(rig, body);
      await rig.admin.clock({ advanceMs: 1_000 });
      const early = (await rig.onAccount('GET', `/orders/${id}`)).body.data;
      expect(['In Flight', 'Live', 'Filled']).toContain(early.status);
      await rig.admin.clock({ advanceMs: 2_000 });
      const late = (await rig.onAccount('GET', `/orders/${id}`)).body.data;
      if (alive) expect(['Live', 'Filled']).toContain(late.status);
      else
        expect(late).toMatchObject({
          status: 'Rejected',
          'reject-reason': expect.any(String),
          'terminal-at': expect.any(String),
        });
    },
  );
});

describe('position effect', () => {
  const nothing = 'QQQ   261231C00640000';

  it('without strict validation turns a close of nothing into an open, with a warning', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const body = {
      ...gtc('9.00', 'Credit', [leg('Sell to Close', nothing)]),
      'advanced-instructions': undefined,
    };
    const dry = (await rig.onAccount('POST', '/orders/dry-run', body)).body.data;
    expect(dry.warnings).toMatchObject([{ code: 'closing_with_no_position' }]);
    const { legs } = await place(rig, body);
    expect(legs[0].action).toBe('Sell to Open');
  });
});

describe('Filled', () => {
  it('comes before all legs are there; the rest follows', async () => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.fault({ kind: 'slow-legs', ms: 60_000 });
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT);
    const { id } = await place(rig, gtc('4.90', 'Debit', legs));
    const order = await untilStatus(rig, id, 'Filled');
    expect(order.legs.map((each: Record<string, unknown>) => each['remaining-quantity'])).toEqual([0, 1]);
    expect(order.legs[1].fills).toEqual([]);
    await rig.admin.clock({ advanceMs: 60_000 });
    const complete = (await rig.onAccount('GET', `/orders/${id}`)).body.data;
    expect(complete.legs.map((each: Record<string, unknown>) => each['remaining-quantity'])).toEqual([0, 0]);
    expect(complete.legs[1].fills).toHaveLength(1);
    expect(complete['updated-at']).toBeGreaterThan(order['updated-at']);
  });

  it('fills a marketable order at the natural price: what the other side shows, not the limit', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT);
    const query = legs.map((each) => `equity-option=${encodeURIComponent(each.symbol)}`).join('&');
    const quotes = (await rig.request('GET', `/market-data/by-type?${query}`)).body.data.items;
    const { id } = await place(rig, gtc('4.90', 'Debit', legs));
    const order = await until(
      async () => (await rig.onAccount('GET', `/orders/${id}`)).body.data,
      (each) => each.legs.every((one: { fills: unknown[] }) => one.fills.length === 1),
    );
    const prices = order.legs.map(
      (each: { fills: { 'fill-price': string }[] }) => each.fills[0]?.['fill-price'],
    );
    expect(prices).toEqual([quotes[0].ask, quotes[1].bid]);
  });

  it('fills a resting order at its limit once the market comes to it', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT);
    const { id } = await place(rig, gtc('1.20', 'Debit', legs));
    await untilStatus(rig, id, 'Live');
    await rig.admin.underlying('QQQ', { nudge: 0.06 });
    await untilStatus(rig, id, 'Filled');
    await rig.admin.clock({ advanceMs: 1_000 });
    const order = (await rig.onAccount('GET', `/orders/${id}`)).body.data;
    const [bought, sold] = order.legs.map((each: { fills: { 'fill-price': string }[] }) =>
      Number(each.fills[0]?.['fill-price']),
    );
    expect((bought - sold).toFixed(2)).toBe('1.20');
  });

  it('moves position, cash and transactions by what was traded', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const cash = async () => Number((await rig.onAccount('GET', '/balances/USD')).body.data['cash-balance']);
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT, 2);
    const before = await cash();
    const { id } = await place(rig, gtc('1.00', 'Debit', legs));
    await rig.admin.fill(id);
    await rig.admin.clock({ advanceMs: 1_000 });
    expect(await held(rig, 'QQQ', new RegExp(`${QQQ_TRIDENT}P`))).toEqual([]);
    const { items } = (await rig.onAccount('GET', '/transactions?per-page=2')).body.data;
    expect(items).toMatchObject([
      {
        'order-id': id,
        'transaction-type': 'Trade',
        'transaction-sub-type': 'Sell to Close',
        quantity: '2.0',
        commission: '0.0',
      },
      { 'order-id': id, action: 'Buy to Close', 'value-effect': 'Debit', 'leg-count': 2 },
    ]);
    // Two spreads at 1.00 and the fees of four contracts, two of them sold.
    expect((before - (await cash())).toFixed(5)).toBe((200 + 4 * 0.12 + 2 * 0.00329).toFixed(5));
    const fees = (await rig.onAccount('GET', '/transactions/total-fees')).body.data;
    expect(fees).toMatchObject({ 'total-fees-effect': 'Debit' });
  });
});

describe('external-identifier', () => {
  it('is echoed, neither de-duplicated nor searchable', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const body = gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT), {
      'external-identifier': 'same',
    });
    const first = await place(rig, body);
    const second = await place(rig, body);
    expect(second.id).not.toBe(first.id);
    const { items } = (await rig.onAccount('GET', '/orders?external-identifier=nobody&per-page=50')).body
      .data;
    expect(
      items.filter((each: Record<string, unknown>) => each['external-identifier'] === 'same'),
    ).toHaveLength(2);
  });
});

describe('a replacement', () => {
  it.each(['PUT', 'PATCH'])(
    'by %s has a new id and waits until the original is cancelled',
    async (method) => {
      const rig = await startRig({ startAt: MONDAY });
      const { id } = await place(rig, gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT, 2)));
      await untilStatus(rig, id, 'Live');
      const { status, body } = await rig.onAccount(method, `/orders/${id}`, { price: '0.60' });
      expect(status).toBe(200);
      const { data } = body;
      expect(data).toMatchObject({
        status: 'Contingent',
        price: '0.6',
        'price-effect': 'Debit',
        'replaces-order-id': id,
      });
      expect(data.id).not.toBe(id);
      expect(['Replace Requested', 'Cancelled']).toContain(
        (await rig.onAccount('GET', `/orders/${id}`)).body.data.status,
      );
      await untilStatus(rig, data.id, 'Live');
      expect((await rig.onAccount('GET', `/orders/${id}`)).body.data).toMatchObject({
        status: 'Cancelled',
        edited: true,
        'replacing-order-id': data.id,
      });
    },
  );

  it('carries the identifier it was given, else that of the original', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const mark = (value: string) => ({ 'external-identifier': value });
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT);
    const { id } = await place(rig, gtc('0.50', 'Debit', legs, mark('first')));
    await untilStatus(rig, id, 'Live');
    const { data: same } = (await rig.onAccount('PUT', `/orders/${id}`, { price: '0.60' })).body;
    expect(same).toMatchObject(mark('first'));
    await untilStatus(rig, same.id, 'Live');
    const change = { price: '0.70', ...mark('second') };
    const { data: other } = (await rig.onAccount('PUT', `/orders/${same.id}`, change)).body;
    expect(other).toMatchObject(mark('second'));
  });

  it('is dropped if the original fills first', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const { id } = await place(rig, gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT)));
    await untilStatus(rig, id, 'Live');
    const { data } = (await rig.onAccount('PUT', `/orders/${id}`, { price: '0.60' })).body;
    await rig.admin.fill(id);
    expect((await untilStatus(rig, data.id, 'Cancelled')).status).toBe('Cancelled');
    expect((await rig.onAccount('GET', `/orders/${id}`)).body.data.status).toBe('Filled');
  });

  it('is dropped if the original fills in part meanwhile, and the original goes on working', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const { id } = await place(rig, gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT, 2)));
    await untilStatus(rig, id, 'Live');
    const { data } = (await rig.onAccount('PUT', `/orders/${id}`, { price: '0.60' })).body;
    await rig.admin.fill(id, 1);
    await untilStatus(rig, data.id, 'Cancelled');
    expect(await untilStatus(rig, id, 'Live')).toMatchObject({
      edited: false,
      legs: [{ 'remaining-quantity': 1 }, {}],
    });
  });

  it('is checked by its dry-run without being made', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT, 2);
    const { id } = await place(rig, gtc('0.50', 'Debit', legs));
    const good = await rig.onAccount('POST', `/orders/${id}/dry-run`, { price: '0.60', legs });
    expect(good.body.data.order).toMatchObject({ price: '0.6', status: 'Received' });
    const bad = await rig.onAccount('POST', `/orders/${id}/dry-run`, {
      'price-effect': 'Credit',
      legs: legs.slice(1),
    });
    expect(bad.body.error.errors[0].code).toBe('legs_cannot_change');
    expect((await rig.onAccount('GET', `/orders/${id}`)).body.data.status).not.toBe('Replace Requested');
  });
});

describe('a cancel', () => {
  it('is requested first and done later', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const { id } = await place(rig, gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT)));
    await untilStatus(rig, id, 'Live');
    expect((await rig.onAccount('DELETE', `/orders/${id}`)).body.data).toMatchObject({
      status: 'Cancel Requested',
      cancellable: false,
    });
    expect(await untilStatus(rig, id, 'Cancelled')).toMatchObject({
      'cancelled-at': expect.any(String),
      'terminal-at': expect.any(String),
    });
  });

  it('does not hide that the order moves on until then', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const { id } = await place(rig, gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT)));
    const { data: asked } = (await rig.onAccount('DELETE', `/orders/${id}`)).body;
    await rig.admin.clock({ advanceMs: 60 });
    const { data: later } = (await rig.onAccount('GET', `/orders/${id}`)).body;
    expect(later).toHaveProperty('in-flight-at');
    // On a slow machine it was on its way before the cancel was asked for.
    if (!('in-flight-at' in asked)) expect(later['updated-at']).toBeGreaterThan(asked['updated-at']);
  });

  it('can lose the race to a fill', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const { id } = await place(rig, gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT)));
    await untilStatus(rig, id, 'Live');
    await rig.onAccount('DELETE', `/orders/${id}`);
    await rig.admin.fill(id);
    expect((await untilStatus(rig, id, 'Filled', 'Cancelled')).status).toBe('Filled');
  });
});

describe('the cancel of a complex order', () => {
  it('ends each part that works, and is refused once none does', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT);
    const stop = { ...gtc('4.40', 'Debit', legs), 'order-type': 'Stop Limit', 'stop-trigger': '4.30' };
    const { id, orders } = await rig.admin.placeOco([gtc('0.50', 'Debit', legs), stop]);
    expect((await rig.onAccount('GET', `/complex-orders/${id}`)).body.data).toMatchObject({
      id,
      type: 'OCO',
      orders: [{ 'complex-order-id': id }, { 'complex-order-id': id }],
    });
    // A part has no complex order of its own.
    expect((await rig.onAccount('GET', `/complex-orders/${orders[0]?.id}`)).status).toBe(404);
    expect((await rig.onAccount('DELETE', `/complex-orders/${id}`)).status).toBe(200);
    for (const part of orders) await untilStatus(rig, part.id, 'Cancelled');
    const again = await rig.onAccount('DELETE', `/complex-orders/${id}`);
    expect([again.status, again.body.error.code]).toEqual([422, 'cannot_update_order']);
  });
});

describe('a closed market', () => {
  it('lets what never went to the venue be cancelled at once', async () => {
    const rig = await startRig({ startAt: '2026-11-23T02:00:00Z', alwaysOpen: false });
    const { id } = await place(rig, gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT)));
    expect((await rig.onAccount('DELETE', `/orders/${id}`)).body.data).toMatchObject({
      status: 'Cancelled',
      'cancelled-at': expect.any(String),
    });
  });

  it('keeps orders Received with a warning and sends them out at the open', async () => {
    const rig = await startRig({ startAt: '2026-11-23T02:00:00Z', alwaysOpen: false });
    const body = gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT));
    expect((await rig.onAccount('POST', '/orders/dry-run', body)).body.data.warnings).toMatchObject([
      { code: 'tif.next_valid_session' },
    ]);
    const { id, status } = await place(rig, body);
    expect(status).toBe('Received');
    await rig.admin.clock({ at: '2026-11-23T14:29:59Z' });
    expect((await rig.onAccount('GET', `/orders/${id}`)).body.data.status).toBe('Received');
    await rig.admin.clock({ at: '2026-11-23T14:30:01Z' });
    await untilStatus(rig, id, 'Live');
  });

  it('can be made at will, and opened again', async () => {
    const rig = await startRig();
    expect((await rig.admin.session({ forced: 'closed' })).session).toMatchObject({
      open: false,
      state: 'Closed',
    });
    const body = gtc('0.50', 'Debit', [leg('Buy to Open', (await held(rig, 'NVDA', /C/))[0]?.symbol ?? '')]);
    const { id } = await place(rig, body);
    expect((await rig.onAccount('GET', `/orders/${id}`)).body.data.status).toBe('Received');
    await rig.admin.session({ forced: null });
    await untilStatus(rig, id, 'Live');
  });

  it('ends Day orders; GTC ones wait from the close for the next open', async () => {
    const rig = await startRig({ startAt: MONDAY, alwaysOpen: false });
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT);
    const gtcOrder = await place(rig, gtc('0.50', 'Debit', legs));
    const day = await place(rig, { ...gtc('0.50', 'Debit', legs), 'time-in-force': 'Day' });
    await rig.admin.clock({ at: '2026-11-23T21:00:01Z' });
    expect((await rig.onAccount('GET', `/orders/${day.id}`)).body.data.status).toBe('Expired');
    expect((await rig.onAccount('GET', `/orders/${gtcOrder.id}`)).body.data).toMatchObject({
      status: 'Received',
      cancellable: true,
    });
    await rig.admin.clock({ at: '2026-11-24T14:30:01Z' });
    await untilStatus(rig, gtcOrder.id, 'Live');
  });
});

describe('expiration', () => {
  it('ends options and the orders that close them, by Receive Deliver transactions', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const [short] = await held(rig, 'AAPL', /C\d{8}$/);
    const { id } = await place(rig, gtc('0.01', 'Debit', [leg('Buy to Close', short?.symbol ?? '')]));
    await rig.admin.underlying('AAPL', { price: 300, pin: true });
    await rig.admin.clock({ at: '2026-11-27T21:00:01Z' });
    const { items } = (await rig.onAccount('GET', '/transactions?type=Receive%20Deliver')).body.data;
    expect(items.map((each: Record<string, unknown>) => each['transaction-sub-type']).sort()).toEqual([
      'Assignment',
      'Sell to Close',
    ]);
    // The shares were called away at the strike.
    expect(items.find((each: Record<string, unknown>) => each.symbol === 'AAPL')).toMatchObject({
      action: 'Sell to Close',
      quantity: '100.0',
      'clearing-fees': '5.0',
    });
    expect(await held(rig, 'AAPL', /./)).toEqual([]);
    expect((await rig.onAccount('GET', `/orders/${id}`)).body.data.status).toBe('Expired');
  });

  it('settles an index in cash and lets the worthless go', async () => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.underlying('SPX', { price: 7000, pin: true });
    await rig.admin.clock({ at: '2027-01-08T21:00:01Z' });
    const { items } = (
      await rig.onAccount('GET', '/transactions?type=Receive%20Deliver&underlying-symbol=SPX')
    ).body.data;
    const kinds = items.map(
      (each: Record<string, unknown>) =>
        `${String(each.symbol).slice(12, 13)} ${each['transaction-sub-type']}`,
    );
    expect(kinds).toEqual(
      expect.arrayContaining(['P Expiration', 'C Cash Settled Assignment', 'C Cash Settled Exercise']),
    );
    // Each with its removal beside it, which moves no money.
    expect(kinds).toEqual(expect.arrayContaining(['C Assignment', 'C Exercise']));
    const cash = items.find(
      (each: Record<string, unknown>) => each['transaction-sub-type'] === 'Cash Settled Assignment',
    );
    expect(Number(cash['net-value']) - Number(cash.value)).toBe(5 * Number(cash.quantity));
    expect(Number(cash.price)).toBe(Number(cash.symbol.slice(13)) / 1000);
    expect(await held(rig, 'SPX', /./)).toEqual([]);
  });
});
