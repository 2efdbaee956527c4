import { describe, expect, it } from 'vitest';
import {
  grantBody,
  gtc,
  MONDAY,
  putSpread,
  QQQ_TRIDENT,
  type Rig,
  startRig,
  until,
  untilStatus,
} from './harness.js';

const PLACING = { method: 'POST', path: '/orders$' };

async function anOrder(rig: Rig, identifier = 'fault-test') {
  return gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT), {
    'external-identifier': identifier,
  });
}

/** Sends the order and gives up after a while; what came of it, or the error's name. */
async function attempt(rig: Rig, body: object, patience = 1_000): Promise<number | string> {
  return fetch(`${rig.broker.url}/accounts/${rig.account}/orders`, {
    method: 'POST',
    headers: {
      'user-agent': 'x/1',
      authorization: `Bearer ${rig.token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patience),
  }).then(
    (answer) => answer.status,
    (error: Error) => (error.name === 'TimeoutError' ? 'no answer' : 'cut'),
  );
}

const exists = async (rig: Rig, identifier: string) =>
  (await rig.admin.orders()).some((order) => order['external-identifier'] === identifier);

describe('faults of a request', () => {
  it.each([
    ['hang-after-commit', 'no answer', true, 'withheld'],
    ['hang-before-commit', 'no answer', false, 'withheld'],
    ['drop-after-commit', 'cut', true, 'cut'],
    ['drop-before-commit', 'cut', false, 'cut'],
    ['error-after-commit', 503, true, 'falsified'],
    ['status', 503, false, 'given'],
    ['garbage', 200, true, 'falsified'],
  ] as const)(
    '%s: the client sees %s, an order exists: %s, and the log says so',
    async (kind, seen, placed, answer) => {
      const rig = await startRig({ startAt: MONDAY });
      await rig.admin.fault({ kind, ...PLACING, status: 503, code: 'unavailable' });
      expect(await attempt(rig, await anOrder(rig))).toBe(seen);
      expect(await exists(rig, 'fault-test')).toBe(placed);
      const [received] = await rig.admin.received();
      expect(received).toMatchObject({ externalIdentifier: 'fault-test', answer, body: { price: '0.50' } });
      expect(received?.orderId === null).toBe(!placed);
    },
  );

  it('hits once unless told otherwise', async () => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.fault({ kind: 'status', status: 429, code: 'too_many_requests', ...PLACING });
    expect(await attempt(rig, await anOrder(rig))).toBe(429);
    expect(await attempt(rig, await anOrder(rig))).toBe(201);
    await rig.admin.fault({ kind: 'status', status: 500, times: null, ...PLACING });
    for (const _ of [1, 2, 3]) expect(await attempt(rig, await anOrder(rig))).toBe(500);
    await rig.admin.clearFaults();
    expect(await attempt(rig, await anOrder(rig))).toBe(201);
  });

  it('can hit the second of three orders', async () => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.fault({
      kind: 'status',
      status: 422,
      code: 'preflight_check_failure',
      skip: 1,
      ...PLACING,
    });
    const order = gtc('0.50', 'Debit', await putSpread(rig, 'IWM', '261231'));
    const seen = [];
    for (const _ of [1, 2, 3]) seen.push(await attempt(rig, order));
    expect(seen).toEqual([201, 422, 201]);
  });

  it('leaves other routes alone', async () => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.fault({ kind: 'status', status: 500, ...PLACING });
    expect((await rig.onAccount('POST', '/orders/dry-run', await anOrder(rig))).status).toBe(200);
    expect((await rig.onAccount('GET', '/orders')).status).toBe(200);
    expect(await rig.admin.faults()).toHaveLength(1);
  });

  it.each(['latency', 'slow-answer'] as const)(
    '%s outlasts an impatient client, and the order exists in the end',
    async (kind) => {
      const rig = await startRig({ startAt: MONDAY });
      await rig.admin.fault({ kind, ms: 1_500, ...PLACING });
      expect(await attempt(rig, await anOrder(rig), 300)).toBe('no answer');
      // A slow answer has placed the order already; a slow request places it when the wait is over.
      if (kind === 'slow-answer') expect(await exists(rig, 'fault-test')).toBe(true);
      await until(() => exists(rig, 'fault-test'), Boolean);
    },
  );

  it('takes the token endpoint down', async () => {
    const rig = await startRig();
    await rig.admin.fault({ kind: 'status', path: '^/oauth/token$', status: 503 });
    expect((await rig.request('POST', '/oauth/token', grantBody(rig.broker))).status).toBe(503);
    expect((await rig.request('POST', '/oauth/token', grantBody(rig.broker))).status).toBe(200);
  });

  it('serves no market data, as the sandbox does', async () => {
    const rig = await startRig();
    const ask = () => rig.request('GET', '/market-data/by-type?equity=QQQ');
    await rig.admin.fault({ kind: 'no-market-data' });
    expect((await ask()).body.data.items).toEqual([]);
    await rig.admin.fault({ kind: 'no-market-data', status: 404 });
    expect((await ask()).status).toBe(404);
    expect((await ask()).body.data.items).toHaveLength(1);
    await rig.admin.fault({ kind: 'no-market-data', times: null });
    const { items } = (await rig.onAccount('GET', '/positions?include-marks=true')).body.data;
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) expect(item).not.toHaveProperty('mark-price');
  });

  it('ends tokens at once', async () => {
    const rig = await startRig();
    await rig.admin.expireTokens();
    expect((await rig.onAccount('GET', '/positions')).status).toBe(401);
  });

  it('refuses a misspelt fault instead of doing nothing', async () => {
    const rig = await startRig();
    await expect(rig.admin.fault({ kind: 'hang' as never })).rejects.toThrow('400');
    await expect(rig.admin.fault({ kind: 'status', path: '(' })).rejects.toThrow('400');
    await expect(rig.admin.fault({ kind: 'status', time: 1 } as never)).rejects.toThrow('400');
  });
});

describe('faults of the venue', () => {
  it('rejects the next order after accepting it', async () => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.fault({ kind: 'venue-reject', reason: 'Not today' });
    const first = (await rig.onAccount('POST', '/orders', await anOrder(rig))).body.data.order;
    const second = (await rig.onAccount('POST', '/orders', await anOrder(rig))).body.data.order;
    await rig.admin.clock({ advanceMs: 3_000 });
    expect(await untilStatus(rig, first.id, 'Rejected')).toMatchObject({ 'reject-reason': 'Not today' });
    await untilStatus(rig, second.id, 'Live');
  });

  it('fills late', async () => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.fault({ kind: 'late-fill', ms: 60_000 });
    const order = { ...(await anOrder(rig)), price: '4.95' };
    const { id } = (await rig.onAccount('POST', '/orders', order)).body.data.order;
    await rig.admin.clock({ advanceMs: 30_000 });
    expect((await rig.onAccount('GET', `/orders/${id}`)).body.data.status).toBe('Live');
    await rig.admin.clock({ advanceMs: 60_000 });
    await untilStatus(rig, id, 'Filled');
  });

  it('fills in parts, staying Live in between', async () => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.fault({ kind: 'split-fill', parts: 2, ms: 60_000 });
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT, 2);
    const { id } = (await rig.onAccount('POST', '/orders', gtc('4.95', 'Debit', legs))).body.data.order;
    const read = async () => (await rig.onAccount('GET', `/orders/${id}`)).body.data;
    const partly = await until(read, (order) => order.legs[0].fills.length === 1);
    expect(partly).toMatchObject({
      status: 'Live',
      legs: [{ 'remaining-quantity': 1 }, { 'remaining-quantity': 1 }],
    });
    await rig.admin.clock({ advanceMs: 61_000 });
    await rig.admin.clock({ advanceMs: 1_000 });
    expect(await read()).toMatchObject({
      status: 'Filled',
      legs: [{ 'remaining-quantity': 0 }, { 'remaining-quantity': 0 }],
    });
  });

  it('fills some units by hand', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT, 2);
    const { id } = (await rig.onAccount('POST', '/orders', gtc('0.50', 'Debit', legs))).body.data.order;
    expect(await rig.admin.fill(id, 1)).toMatchObject({
      status: 'Live',
      legs: [{ 'remaining-quantity': 1 }, {}],
    });
    expect((await rig.admin.fill(id)).status).toBe('Filled');
  });
});

describe('lists that lag', () => {
  it('an order that is erased is in no list and known by no id, and its end is never told', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const { id } = (await rig.onAccount('POST', '/orders', await anOrder(rig))).body.data.order;
    await rig.admin.erase(id);
    const { status, body } = await rig.onAccount('GET', `/orders/${id}`);
    expect([status, body.error.code]).toEqual([404, 'record_not_found']);
    const listed = async (path: string) =>
      (await rig.onAccount('GET', path)).body.data.items.map((each: { id: number }) => each.id);
    for (const path of ['/orders/live', '/orders?per-page=200']) expect(await listed(path)).not.toContain(id);
  });

  it('show orders as they were, while an order by its id is as it is', async () => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.holdLists(true);
    const { id } = (await rig.onAccount('POST', '/orders', await anOrder(rig))).body.data.order;
    const ids = async (path: string): Promise<number[]> =>
      (await rig.onAccount('GET', path)).body.data.items.map((order: { id: number }) => order.id);
    const lists = async () => [...(await ids('/orders/live')), ...(await ids('/orders?per-page=200'))];
    expect(await lists()).not.toContain(id);
    expect((await rig.onAccount('GET', `/orders/${id}`)).body.data.id).toBe(id);
    await rig.admin.holdLists(false);
    expect(await lists()).toContain(id);
  });

  it('book what was traded later', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const booked = async () => (await rig.onAccount('GET', '/transactions')).body.pagination['total-items'];
    const before = await booked();
    await rig.admin.holdLedger(true);
    const { id } = (await rig.onAccount('POST', '/orders', await anOrder(rig))).body.data.order;
    await rig.admin.fill(id);
    await untilStatus(rig, id, 'Filled');
    expect(await booked()).toBe(before);
    await rig.admin.holdLedger(false);
    await until(booked, (count) => count === before + 2);
  });
});

describe('rate ceilings', () => {
  it('do not count dry runs as moving orders', async () => {
    const rig = await startRig({ startAt: MONDAY, rateCeilings: { orderMoves: 0 } });
    const order = await anOrder(rig);
    for (const _ of Array(8))
      expect((await rig.onAccount('POST', '/orders/dry-run', order)).status).toBe(200);
    expect(await attempt(rig, order)).toBe(201);
  });

  it('answer 429 without telling when to come back', async () => {
    const rig = await startRig({ rateCeilings: { marketData: 1 } });
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        fetch(`${rig.broker.url}/market-data/by-type?equity=QQQ`, {
          headers: { 'user-agent': 'x/1', authorization: `Bearer ${rig.token}` },
        }),
      ),
    );
    const throttled = answers.filter((answer) => answer.status === 429);
    expect(throttled.length).toBeGreaterThan(0);
    expect(answers.some((answer) => answer.status === 200)).toBe(true);
    for (const header of throttled.flatMap((answer) => [...answer.headers.keys()])) {
      expect(header).not.toMatch(/retry|rate/);
    }
  });

  it('let three orders of one plan through at once', async () => {
    const rig = await startRig({ startAt: MONDAY, rateCeilings: {} });
    const order = gtc('0.50', 'Debit', await putSpread(rig, 'IWM', '261231'));
    const answers = await Promise.all([1, 2].map(() => rig.onAccount('POST', '/orders', order)));
    expect(answers.map((each) => each.status)).toEqual([201, 201]);
  });
});

describe('search', () => {
  it('pages through a window, newest first, with the pagination beside the data', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const { data, pagination } = (await rig.onAccount('GET', '/orders?per-page=5')).body;
    expect(data).not.toHaveProperty('pagination');
    expect(pagination).toMatchObject({
      'per-page': 5,
      'page-offset': 0,
      'current-item-count': 5,
      'item-offset': 0,
    });
    const pages = [];
    for (let page = 0; page < pagination['total-pages']; page += 1) {
      pages.push(...(await rig.onAccount('GET', `/orders?per-page=5&page-offset=${page}`)).body.data.items);
    }
    expect(pages).toHaveLength(pagination['total-items']);
    const stamps = pages.map((each: Record<string, string>) => each['received-at'] ?? '');
    expect(stamps).toEqual([...stamps].sort().reverse());
    expect(data.items[0].id).toBe(pages[0].id);
  });

  it('filters by status, underlying and time', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const find = async (query: string) =>
      (await rig.onAccount('GET', `/orders?per-page=100&${query}`)).body.data.items;
    expect((await find('status[]=Live')).every((each: { status: string }) => each.status === 'Live')).toBe(
      true,
    );
    expect(await find('status[]=Live&status[]=Filled')).toHaveLength((await find('')).length);
    expect(
      new Set(
        (await find('underlying-symbol=QQQ')).map(
          (each: Record<string, string>) => each['underlying-symbol'],
        ),
      ),
    ).toEqual(new Set(['QQQ']));
    const { body } = await rig.onAccount('POST', '/orders', await anOrder(rig));
    const { id, 'received-at': at } = body.data.order;
    const stamp = encodeURIComponent(at);
    expect((await find(`start-at=${stamp}&end-at=${stamp}`)).map((each: { id: number }) => each.id)).toEqual([
      id,
    ]);
    expect(await find('start-at=2030-01-01T00:00:00Z')).toEqual([]);
    expect((await find('start-date=2026-11-23')).length).toBeGreaterThan(0);
  });

  it('finds an order by the real clock too, wherever the market clock stands', async () => {
    const rig = await startRig({ startAt: '2026-06-01T15:00:00Z' });
    const from = encodeURIComponent(new Date(Date.now() - 60_000).toISOString());
    const leg = { 'instrument-type': 'Equity', symbol: 'AAPL', action: 'Buy to Open', quantity: 1 };
    const { body } = await rig.onAccount('POST', '/orders', {
      ...gtc('1.00', 'Debit', [leg]),
      'time-in-force': 'Day',
    });
    const { items } = (await rig.onAccount('GET', `/orders?start-at=${from}`)).body.data;
    expect(items.map((each: { id: number }) => each.id)).toEqual([body.data.order.id]);
  });

  it('shows live orders of any age and what ended today', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const live = async () =>
      (await rig.onAccount('GET', '/orders/live')).body.data.items.map(
        (each: { status: string }) => each.status,
      );
    const before = await live();
    expect(before.filter((status: string) => status === 'Live')).toHaveLength(2);
    expect(before).not.toContain('Filled');
    const { body } = await rig.onAccount('POST', '/orders', await anOrder(rig));
    await rig.admin.fill(body.data.order.id);
    expect(await live()).toContain('Filled');
  });
});
