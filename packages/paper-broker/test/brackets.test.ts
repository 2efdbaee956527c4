import { describe, expect, it } from 'vitest';
import {
  gtc,
  held,
  type LegBody,
  leg,
  MONDAY,
  putSpread,
  QQQ_TRIDENT,
  type Rig,
  startRig,
  until,
  untilStatus,
} from './harness.js';

function stopLimit(trigger: string, price: string, legs: LegBody[], more: object = {}) {
  return gtc(price, 'Debit', legs, { 'order-type': 'Stop Limit', 'stop-trigger': trigger, ...more });
}

async function bracket(rig: Rig, quantity = 1) {
  const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT, quantity);
  const marks = [{ 'external-identifier': 'target' }, { 'external-identifier': 'stop' }];
  return {
    type: 'OCO',
    orders: [gtc('0.50', 'Debit', legs, marks[0]), stopLimit('4.30', '4.40', legs, marks[1])],
  };
}

async function placed(rig: Rig, body: object): Promise<{ id: number; ids: [number, number] }> {
  const { status, body: answer } = await rig.onAccount('POST', '/complex-orders', body);
  expect(status).toBe(201);
  const { id, orders } = answer.data['complex-order'];
  return { id, ids: orders.map((order: { id: number }) => order.id) };
}

function codesOf(answer: { body: { error: { errors: { code: string }[] } } }) {
  return answer.body.error.errors.map(({ code }) => code);
}

describe('an OCO of a limit and a stop limit', () => {
  it('is in the list of complex orders, and in that of the live ones while one of its orders works', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const { id } = await placed(rig, await bracket(rig));
    const listed = async (path: string) =>
      (await rig.onAccount('GET', path)).body.data.items.map((each: { id: number }) => each.id);
    expect(await listed('/complex-orders/live')).toEqual([id]);
    await rig.onAccount('DELETE', `/complex-orders/${id}`);
    await until(
      () => listed('/complex-orders/live'),
      (ids) => ids.length === 0,
    );
    expect(await listed('/complex-orders?per-page=50')).toEqual([id]);
  });

  it('is tried without a trace: no ids, both Contingent, the costs of one', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const body = await bracket(rig);
    const { data } = (await rig.onAccount('POST', '/complex-orders/dry-run', body)).body;
    const alone = (await rig.onAccount('POST', '/orders/dry-run', body.orders[0])).body.data;
    expect(data['complex-order']).toMatchObject({
      type: 'OCO',
      orders: [
        { status: 'Contingent', 'updated-at': 0 },
        { 'stop-trigger': '4.3', price: '4.4' },
      ],
    });
    expect(data['complex-order']).not.toHaveProperty('id');
    expect(data['fee-calculation']).toEqual(alone['fee-calculation']);
    expect(await rig.admin.orders()).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ 'external-identifier': 'target' })]),
    );
  });

  it('goes out whole: each has its id and mark, and both claim the contracts once', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const body = await bracket(rig);
    const { status, body: answer } = await rig.onAccount('POST', '/complex-orders', body);
    const { id, orders } = answer.data['complex-order'];
    expect([status, orders]).toMatchObject([
      201,
      [
        { status: 'Contingent', 'contingent-status': 'Pending Order', 'external-identifier': 'target' },
        { status: 'Contingent', 'complex-order-id': id, 'complex-order-tag': 'OCO::order' },
      ],
    ]);
    expect(new Set([id, ...orders.map((order: { id: number }) => order.id)]).size).toBe(3);
    for (const order of orders) await untilStatus(rig, order.id, 'Live');
    // Two are held: a second pair finds the other one free, a third none.
    expect((await rig.onAccount('POST', '/complex-orders/dry-run', body)).status).toBe(200);
    await placed(rig, body);
    const third = await rig.onAccount('POST', '/complex-orders/dry-run', body);
    expect([third.status, codesOf(third)]).toMatchObject([
      422,
      expect.arrayContaining(['closing_quantity_exceeds_position']),
    ]);
    expect((await rig.admin.received()).map(({ orderId }) => orderId)).toContain(id);
  });

  it('fills once: the fill of either cancels the other', async () => {
    const rig = await startRig({ startAt: MONDAY });
    for (const which of [0, 1] as const) {
      const { ids } = await placed(rig, await bracket(rig));
      await untilStatus(rig, ids[which], 'Live');
      await rig.admin.fill(ids[which]);
      await untilStatus(rig, ids[which], 'Filled');
      await untilStatus(rig, ids[which === 0 ? 1 : 0], 'Cancelled');
    }
  });

  it('wakes its stop up at the net price, and fills no worse than its limit', async () => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.underlying('QQQ', { pin: true });
    const { ids } = await placed(rig, await bracket(rig));
    await untilStatus(rig, ids[1], 'Live');
    await rig.admin.underlying('QQQ', { nudge: -0.15 });
    const stop = await until(
      async () => (await rig.onAccount('GET', `/orders/${ids[1]}`)).body.data,
      // The stop limit of 4.40 may be left behind by a market that jumps over it: then it rests.
      ({ status }) => status === 'Filled' || status === 'Live',
    );
    const paid = stop.legs
      .map((each: { fills: { 'fill-price': string }[] }) => Number(each.fills[0]?.['fill-price'] ?? 0))
      .reduce((bought: number, sold: number) => bought - sold);
    expect(paid).toBeLessThanOrEqual(4.4);
  });

  it.each([
    [false, 'Cancelled'],
    [true, 'Live'],
  ])('a part that fills (kept: %s) leaves the other %s', async (partsKeep, status) => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.brackets({ partsKeep });
    const { ids } = await placed(rig, await bracket(rig, 2));
    for (const id of ids) await untilStatus(rig, id, 'Live');
    await rig.admin.fill(ids[0], 1);
    await until(
      async () => (await rig.onAccount('GET', `/orders/${ids[0]}`)).body.data.legs[0],
      (first) => first['remaining-quantity'] === 1,
    );
    expect((await rig.onAccount('GET', `/orders/${ids[1]}`)).body.data.status).toBe(status);
  });

  it('in a closed market waits for the open like any other order', async () => {
    const rig = await startRig({ startAt: '2026-11-23T02:00:00Z', alwaysOpen: false });
    const { ids } = await placed(rig, await bracket(rig));
    for (const id of ids) await untilStatus(rig, id, 'Received');
    await rig.admin.clock({ at: '2026-11-23T14:30:01Z' });
    for (const id of ids) await untilStatus(rig, id, 'Live');
  });
});

describe('an OCO that is refused', () => {
  it.each([
    ['two limits', 'invalid_oco_order_type_combo', 'Limit', 'GTC', false],
    ['a market order', 'invalid_oco_order_type_combo', 'Market', 'Day', false],
    ['a GTC stop market of an option', 'tif_no_stop_market_gtc_options', 'Stop', 'GTC', false],
    ['spreads, where it takes none', 'oco_no_multi_leg', 'Stop Limit', 'GTC', true],
  ])('%s: %s, and neither order exists', async (_what, code, type, tif, spreads) => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.brackets({ refuseSpreads: true });
    const [short] = await held(rig, 'QQQ', new RegExp(`${QQQ_TRIDENT}P`));
    const legs = spreads
      ? await putSpread(rig, 'QQQ', QQQ_TRIDENT)
      : [leg('Buy to Close', short?.symbol ?? '')];
    const { price, 'price-effect': effect, ...rest } = stopLimit('9.00', '9.50', legs);
    const other = {
      ...rest,
      'order-type': type,
      'time-in-force': tif,
      ...(type.endsWith('Limit') ? { price, 'price-effect': effect } : {}),
      ...(type.startsWith('Stop') ? {} : { 'stop-trigger': undefined }),
    };
    const body = { type: 'OCO', orders: [gtc('0.50', 'Debit', legs), other] };
    const before = await rig.admin.orders();
    for (const path of ['/complex-orders/dry-run', '/complex-orders']) {
      const answer = await rig.onAccount('POST', path, body);
      expect([answer.status, codesOf(answer)]).toEqual([422, expect.arrayContaining([code])]);
    }
    expect(await rig.admin.orders()).toHaveLength(before.length);
  });
});
