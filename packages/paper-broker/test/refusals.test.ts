import { beforeEach, describe, expect, it } from 'vitest';
import { gtc, leg, MONDAY, putSpread, QQQ_TRIDENT, type Rig, startRig } from './harness.js';

const CALL = 'QQQ   261231C00640000';
let rig: Rig;

/** Codes the order is refused with, and the same from a dry-run: both must agree. */
async function refusal(body: unknown): Promise<{ status: number; code: unknown; codes: unknown[] }> {
  const dry = await rig.onAccount('POST', '/orders/dry-run', body);
  const real = await rig.onAccount('POST', '/orders', body);
  expect(real).toEqual(dry);
  const error = real.body.error ?? {};
  return {
    status: real.status,
    code: error.code,
    codes: (error.errors ?? []).map((each: { code?: string }) => each.code),
  };
}

describe('an order is refused before it exists', () => {
  beforeEach(async () => {
    rig = await startRig({ startAt: MONDAY });
  });

  const one = (price: string, effect: 'Credit' | 'Debit', action: string, quantity: number | string = 1) =>
    gtc(price, effect, [leg(action, CALL, quantity)]);

  it.each<[string, object, string]>([
    ['buying for a credit', one('1.00', 'Credit', 'Buy to Open'), 'cant_buy_for_credit'],
    ['selling for a debit', one('1.00', 'Debit', 'Sell to Open'), 'cant_sell_for_debit'],
    ['a fraction of a contract', one('1.00', 'Debit', 'Buy to Open', '1.5'), 'invalid_quantity'],
    [
      'more contracts than the position limit allows an order',
      one('0.01', 'Debit', 'Buy to Open', 501),
      'order_size_exceeds_limit',
    ],
    ['a price of zero', one('0', 'Debit', 'Buy to Open'), 'invalid_price'],
    [
      'the same symbol twice',
      gtc('1.00', 'Debit', [leg('Buy to Open', CALL), leg('Sell to Open', CALL)]),
      'duplicate_leg_symbol',
    ],
    [
      'five legs',
      gtc(
        '1.00',
        'Debit',
        [640, 641, 642, 643, 644].map((strike) => leg('Buy to Open', `QQQ   261231C00${strike}000`)),
      ),
      'too_many_legs',
    ],
    [
      'legs of two underlyings',
      gtc('1.00', 'Debit', [leg('Buy to Open', CALL), leg('Sell to Open', 'SPY   261231C00700000')]),
      'multiple_underlyings',
    ],
    [
      'an unknown strike',
      gtc('1.00', 'Debit', [leg('Buy to Open', 'QQQ   261231C00640500')]),
      'instrument_validation_failed',
    ],
    [
      'an unknown root',
      gtc('1.00', 'Debit', [leg('Buy to Open', 'ZZZZ  261231C00640000')]),
      'instrument_validation_failed',
    ],
    [
      'an expired option',
      gtc('1.00', 'Debit', [leg('Buy to Open', 'QQQ   261120C00600000')]),
      'instrument_validation_failed',
    ],
    [
      'a limit without price',
      { ...one('1.00', 'Debit', 'Buy to Open'), price: undefined },
      'order_must_include_price',
    ],
    [
      'a limit without price effect',
      { ...one('1.00', 'Debit', 'Buy to Open'), 'price-effect': undefined },
      'order_must_include_price_effect',
    ],
    [
      'a price and a value at once',
      { ...one('1.00', 'Debit', 'Buy to Open'), value: '100.00', 'value-effect': 'Debit' },
      'price_and_value',
    ],
    [
      'a market order with a price',
      { ...one('1.00', 'Debit', 'Buy to Open'), 'order-type': 'Market', 'time-in-force': 'Day' },
      'order_must_omit_price',
    ],
    [
      'a market order good till cancelled',
      { 'time-in-force': 'GTC', 'order-type': 'Market', legs: [leg('Buy to Open', CALL)] },
      'invalid_time_in_force',
    ],
    [
      'a stop of an option good till cancelled',
      {
        'time-in-force': 'GTC',
        'order-type': 'Stop',
        'stop-trigger': '2.00',
        legs: [leg('Buy to Open', CALL)],
      },
      'tif_no_stop_market_gtc_options',
    ],
    [
      'GTD without a date',
      { ...one('1.00', 'Debit', 'Buy to Open'), 'time-in-force': 'GTD' },
      'gtc_date_required',
    ],
    [
      'a date without GTD',
      { ...one('1.00', 'Debit', 'Buy to Open'), 'gtc-date': '2026-12-01' },
      'gtc_date_not_allowed',
    ],
    [
      'an option in the extended session',
      { ...one('1.00', 'Debit', 'Buy to Open'), 'time-in-force': 'Ext' },
      'invalid_time_in_force',
    ],
    [
      'closing what is not held, strictly',
      one('1.00', 'Credit', 'Sell to Close'),
      'closing_with_no_position',
    ],
    ['more than buying power allows', one('1.00', 'Credit', 'Sell to Open', 400), 'margin_check_failed'],
  ])('%s', async (_what, body, code) => {
    const before = await rig.admin.orders();
    const answer = await refusal(body);
    expect(answer).toMatchObject({ status: 422, code: 'preflight_check_failure' });
    expect(answer.codes).toContain(code);
    expect(await rig.admin.orders()).toEqual(before);
  });

  it.each<[string, object, string]>([
    ['a signed price', one('-1.00', 'Debit', 'Buy to Open'), 'price'],
    ['no quantity', gtc('1.00', 'Debit', [{ ...leg('Buy to Open', CALL), quantity: 0 }]), 'legs.0.quantity'],
    ['an invented action', one('1.00', 'Debit', 'Buy'), 'legs.0.action'],
    ['no legs', gtc('1.00', 'Debit', []), 'legs'],
    [
      'an invented order type',
      { ...one('1.00', 'Debit', 'Buy to Open'), 'order-type': 'limit' },
      'order-type',
    ],
    [
      'a day that no calendar has',
      { ...one('1.00', 'Debit', 'Buy to Open'), 'time-in-force': 'GTD', 'gtc-date': '2027-02-30' },
      'gtc-date',
    ],
  ])('%s is malformed', async (_what, body, domain) => {
    const { status, body: answer } = await rig.onAccount('POST', '/orders', body);
    expect([status, answer.error.code]).toEqual([400, 'validation_error']);
    expect(answer.error.errors).toContainEqual({ domain, reason: expect.any(String) });
  });

  it('closing more than is held', async () => {
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT, 3);
    expect((await refusal(gtc('1.00', 'Debit', legs))).codes).toContain('closing_quantity_exceeds_position');
  });

  it('closing what another working order already closes', async () => {
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT, 1);
    for (const _ of [1, 2])
      expect((await rig.onAccount('POST', '/orders', gtc('0.50', 'Debit', legs))).status).toBe(201);
    expect((await refusal(gtc('0.50', 'Debit', legs))).codes).toContain('closing_quantity_exceeds_position');
  });

  it('closing contracts whose trading is restricted', async () => {
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT, 2);
    await rig.admin.position(legs[0]?.symbol ?? '', { quantity: -2, restricted: 1 });
    expect((await refusal(gtc('0.50', 'Debit', legs))).codes).toContain('closing_quantity_exceeds_position');
  });

  it('opening against a position held the other way', async () => {
    const [short] = await putSpread(rig, 'QQQ', QQQ_TRIDENT);
    const body = gtc('1.00', 'Debit', [leg('Buy to Open', short?.symbol ?? '')]);
    expect((await refusal(body)).codes).toContain('opening_against_position');
  });

  it('selling to open in the last half hour of the option', async () => {
    await rig.admin.clock({ at: '2026-12-31T20:29:00Z' });
    const body = one('0.01', 'Credit', 'Sell to Open');
    expect(
      (await rig.onAccount('POST', '/orders/dry-run', body)).body.error?.errors ?? [],
    ).not.toContainEqual(expect.objectContaining({ code: 'too_close_to_expiration' }));
    await rig.admin.clock({ at: '2026-12-31T20:31:00Z' });
    expect((await refusal(body)).codes).toContain('too_close_to_expiration');
  });

  it('opening while the account may only close', async () => {
    await rig.admin.tradingStatus({ isClosingOnly: true });
    expect((await refusal(one('1.00', 'Debit', 'Buy to Open'))).codes).toEqual(['closing_only']);
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT);
    expect((await rig.onAccount('POST', '/orders', gtc('0.50', 'Debit', legs))).status).toBe(201);
  });

  it('any order for a closed account or one of somebody else', async () => {
    for (const number of ['5WT00002', '5WT99999']) {
      const { status, body } = await rig.request(
        'POST',
        `/accounts/${number}/orders`,
        one('1.00', 'Debit', 'Buy to Open'),
      );
      expect([status, body.error.code]).toEqual([403, 'not_permitted']);
    }
  });

  it('changing an order that has ended', async () => {
    const { body } = await rig.onAccount('POST', '/orders', one('0.01', 'Debit', 'Buy to Open'));
    const { id } = body.data.order;
    await rig.admin.end(id);
    for (const [method, change] of [
      ['DELETE', undefined],
      ['PUT', { price: '0.02' }],
      ['PATCH', { price: '0.02' }],
    ] as const) {
      const answer = await rig.onAccount(method, `/orders/${id}`, change);
      expect([answer.status, answer.body.error.code]).toEqual([422, 'cannot_update_order']);
    }
  });

  it('reading or cancelling an order that never was', async () => {
    expect((await rig.onAccount('GET', '/orders/1')).status).toBe(404);
    expect((await rig.onAccount('DELETE', '/orders/nonsense')).status).toBe(404);
  });
});
