import { describe, expect, it } from 'vitest';
import { gtc, held, leg, MONDAY, type Rig, startRig, untilStatus } from './harness.js';

const CALL = 'NVDA  261231C00190000';

async function place(rig: Rig, body: object) {
  const answer = await rig.onAccount('POST', '/orders', body);
  expect(answer.status).toBe(201);
  return answer.body.data.order.id as number;
}

async function quote(rig: Rig, symbol: string): Promise<{ bid: string; ask: string; mark: string }> {
  const path = `/market-data/by-type?equity-option=${encodeURIComponent(symbol)}`;
  return (await rig.request('GET', path)).body.data.items[0];
}

describe('other orders than good-till-cancelled limits', () => {
  it('Market: fills at what the other side shows', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const { ask } = await quote(rig, CALL);
    const id = await place(rig, {
      'time-in-force': 'Day',
      'order-type': 'Market',
      legs: [leg('Buy to Open', CALL)],
    });
    const order = await untilStatus(rig, id, 'Filled');
    expect(order.legs[0].fills[0]['fill-price']).toBe(ask);
    expect(order).not.toHaveProperty('price');
  });

  it('IOC: is cancelled at the venue if it does not fill at once', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const id = await place(rig, {
      ...gtc('0.05', 'Debit', [leg('Buy to Open', CALL)]),
      'time-in-force': 'IOC',
    });
    await untilStatus(rig, id, 'Cancelled');
  });

  it('GTD: ends with its date', async () => {
    const rig = await startRig({ startAt: MONDAY, alwaysOpen: false });
    const body = {
      ...gtc('0.05', 'Debit', [leg('Buy to Open', CALL)]),
      'time-in-force': 'GTD',
      'gtc-date': '2026-11-25',
    };
    const id = await place(rig, body);
    await rig.admin.clock({ at: '2026-11-25T20:59:59Z' });
    expect((await rig.onAccount('GET', `/orders/${id}`)).body.data).toMatchObject({
      status: 'Live',
      'gtc-date': '2026-11-25',
    });
    await rig.admin.clock({ at: '2026-11-25T21:00:01Z' });
    await untilStatus(rig, id, 'Expired');
  });

  it('Stop: waits for its trigger, then takes the market', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const [long] = await held(rig, 'NVDA', /C\d{8}$/);
    const symbol = long?.symbol ?? '';
    const { mark } = await quote(rig, symbol);
    const id = await place(rig, {
      'time-in-force': 'Day',
      'order-type': 'Stop',
      'stop-trigger': (Math.round(Number(mark) * 14) / 20).toFixed(2),
      legs: [leg('Sell to Close', symbol)],
    });
    await untilStatus(rig, id, 'Live');
    await rig.admin.clock({ advanceMs: 1_000 });
    expect((await rig.onAccount('GET', `/orders/${id}`)).body.data.status).toBe('Live');
    await rig.admin.underlying('NVDA', { nudge: -0.1 });
    await untilStatus(rig, id, 'Filled');
  });

  it('Equity: shares bought are held and cost no commission', async () => {
    const rig = await startRig({ startAt: MONDAY, scenario: 'empty' });
    const shares = { 'instrument-type': 'Equity', symbol: 'SPY', action: 'Buy to Open', quantity: '10' };
    const id = await place(rig, { 'time-in-force': 'Day', 'order-type': 'Market', legs: [shares] });
    await untilStatus(rig, id, 'Filled');
    expect(await held(rig, 'SPY', /SPY/)).toMatchObject([{ quantity: '10', 'quantity-direction': 'Long' }]);
    expect((await rig.onAccount('GET', '/transactions')).body.data.items[0]).toMatchObject({
      commission: '0.0',
      symbol: 'SPY',
    });
  });
});
