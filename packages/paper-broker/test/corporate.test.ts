import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { gtc, leg, MONDAY, type Rig, rigOf, startRig, until } from './harness.js';

async function holdingsOf(rig: Rig, underlying: string) {
  const { items } = (await rig.onAccount('GET', '/positions?include-marks=true')).body.data;
  return items.filter(
    (each: Record<string, string>) => each['underlying-symbol'] === underlying && each.quantity !== '0',
  );
}

async function deliveries(rig: Rig) {
  const path = '/transactions?type=Receive%20Deliver&per-page=250';
  return (await rig.onAccount('GET', path)).body.data.items as Record<string, string>[];
}

const working = async (rig: Rig, underlying: string) =>
  (await rig.admin.snapshot()).working.filter((order) => order['underlying-symbol'] === underlying);

describe('a corporate action', () => {
  it('splits: more contracts at lower strikes and prices, pairs of ledger rows, nothing gained or lost', async () => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.freeze();
    const before = await holdingsOf(rig, 'TSLA');
    const spot = async () =>
      Number((await rig.admin.snapshot()).underlyings.find(({ symbol }) => symbol === 'TSLA')?.price);
    const price = await spot();
    await rig.admin.corporateAction({ underlying: 'TSLA', kind: 'split' });
    expect(await spot()).toBeCloseTo(price / 2, 1);
    const after = await holdingsOf(rig, 'TSLA');
    expect(after.map((each: Record<string, string>) => Number(each.quantity))).toEqual(
      before.map((each: Record<string, string>) => 2 * Number(each.quantity)),
    );
    for (const [index, each] of after.entries()) {
      const old = before[index];
      const worth = (row: Record<string, string>) => Number(row['mark-price']) * Number(row.quantity);
      expect(Math.abs(worth(each) / worth(old) - 1)).toBeLessThan(0.1);
      expect(Number(each['average-open-price'])).toBeCloseTo(Number(old['average-open-price']) / 2, 4);
      const rows = (await deliveries(rig)).filter(({ symbol }) =>
        [each.symbol, old.symbol].includes(symbol ?? ''),
      );
      expect(rows.map((row) => [row['transaction-sub-type'], row['net-value'], row['order-id']])).toEqual(
        Array(2).fill(['Forward Split', '0.0', undefined]),
      );
    }
    expect(await working(rig, 'TSLA')).toEqual([]);
  });

  it('renames: the same terms under a root with a digit, which trades like the other', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const [before] = await holdingsOf(rig, 'TSLA');
    await rig.admin.corporateAction({ underlying: 'TSLA', kind: 'rename' });
    const [after] = await holdingsOf(rig, 'TSLA');
    expect(after.symbol).toBe(before.symbol.replace('TSLA ', 'TSLA1'));
    const { data } = (
      await rig.request('GET', `/instruments/equity-options/${encodeURIComponent(after.symbol)}`)
    ).body;
    expect(data).toMatchObject({ 'root-symbol': 'TSLA1', 'underlying-symbol': 'TSLA' });
    const closing = gtc('0.05', 'Debit', [leg('Buy to Close', after.symbol)]);
    expect((await rig.onAccount('POST', '/orders', closing)).status).toBe(201);
    const gone = gtc('0.05', 'Debit', [leg('Buy to Close', before.symbol)]);
    expect((await rig.onAccount('POST', '/orders', gone)).body.error.errors).toMatchObject([
      { code: 'closing_with_no_position' },
    ]);
  });

  it('is still known to a broker that starts anew from its file', async () => {
    const stateFile = join(mkdtempSync(join(tmpdir(), 'corporate-')), 'state.json');
    const rig = await startRig({ startAt: MONDAY, stateFile });
    await rig.admin.corporateAction({ underlying: 'TSLA', kind: 'split', ratio: 3 });
    const before = await holdingsOf(rig, 'TSLA');
    await rig.broker.close();
    // As in another process, in which nobody has split anything.
    vi.resetModules();
    const { startPaperBroker } = await import('../src/server.js');
    const broker = await startPaperBroker({ rateCeilings: false, stateFile });
    const after = await holdingsOf(await rigOf(broker), 'TSLA');
    await broker.close();
    expect(
      after.map((each: Record<string, string>) => [each.symbol, Number(each['mark-price']) > 0]),
    ).toEqual(before.map((each: Record<string, string>) => [each.symbol, true]));
  });

  it('leaves orders on the old contracts where that is asked for, and ends them otherwise', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const [held] = await holdingsOf(rig, 'TSLA');
    const place = () =>
      rig.onAccount('POST', '/orders', gtc('0.05', 'Debit', [leg('Buy to Close', held.symbol)]));
    const { id } = (await place()).body.data.order;
    await rig.admin.corporateAction({ underlying: 'TSLA', kind: 'rename', keepOrders: true });
    expect((await working(rig, 'TSLA')).map((order) => order.id)).toContain(id);
    await rig.admin.corporateAction({ underlying: 'TSLA', kind: 'split', ratio: 3 });
    const order = (await rig.admin.orders()).find((each) => each.id === id);
    expect([order?.status, order?.['reject-reason']]).toEqual(['Cancelled', 'Corporate action']);
  });
});

describe('a cancel', () => {
  it('is too late where a fill is to beat it', async () => {
    const rig = await startRig({ startAt: MONDAY });
    await rig.admin.fault({ kind: 'beat-cancel' });
    const [held] = await holdingsOf(rig, 'TSLA');
    const order = gtc('0.05', 'Debit', [leg('Buy to Close', held.symbol)]);
    const { id } = (await rig.onAccount('POST', '/orders', order)).body.data.order;
    const status = async () => (await rig.admin.orders()).find((each) => each.id === id)?.status;
    await until(status, (now) => now === 'Live');
    const asked = await rig.onAccount('DELETE', `/orders/${id}`);
    expect(asked.body.data.status).toBe('Cancel Requested');
    await until(status, (now) => now === 'Filled');
  });
});
