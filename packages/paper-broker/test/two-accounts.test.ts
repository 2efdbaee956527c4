import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startPaperBroker } from '../src/server.js';
import { gtc, MONDAY, putSpread, QQQ_TRIDENT, type Rig, rigOf, startRig, until } from './harness.js';

const IRA = '5WT00003';
const BOTH = { startAt: MONDAY, iraScenario: 'standard' } as const;

async function accountsOf(rig: Rig): Promise<Record<string, unknown>[]> {
  const { body } = await rig.request('GET', '/customers/me/accounts');
  return body.data.items.map(({ account }: { account: Record<string, unknown> }) => account);
}

/** A target for the QQQ spread that both accounts hold. */
async function target(rig: Rig, account: string) {
  return rig.request(
    'POST',
    `/accounts/${account}/orders`,
    gtc('0.05', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT)),
  );
}

it('has one open account unless a second is asked for', async () => {
  const rig = await startRig({ startAt: MONDAY });
  expect((await accountsOf(rig)).filter((each) => !each['is-closed'])).toHaveLength(1);
  expect(rig.broker.accountNumbers).toEqual([rig.account]);
  expect((await rig.request('GET', `/accounts/${IRA}/positions`)).status).toBe(403);
  expect((await rig.admin.snapshot()).accounts).toHaveLength(1);
});

it('lists a margin account and an IRA, each with its own positions, orders, balances and status', async () => {
  const rig = await startRig({ ...BOTH, iraScenario: 'twenty' });
  const open = (await accountsOf(rig)).filter((each) => !each['is-closed']);
  expect(
    open.map((each) => [
      each['account-number'],
      each.nickname,
      each['account-type-name'],
      each['margin-or-cash'],
    ]),
  ).toEqual([
    [rig.account, 'Paper account', 'Individual', 'Margin'],
    [IRA, 'Paper IRA', 'Traditional IRA', 'Cash'],
  ]);
  for (const part of ['positions', 'orders?start-date=2020-01-01&per-page=200', 'transactions']) {
    const [one, other] = await Promise.all(
      [rig.account, IRA].map(
        async (number) => (await rig.request('GET', `/accounts/${number}/${part}`)).body.data.items,
      ),
    );
    expect(one.length).toBeGreaterThan(0);
    expect(other.length).toBeGreaterThan(0);
    expect(one).not.toEqual(other);
    for (const row of one) expect(row['account-number']).toBe(rig.account);
    for (const row of other) expect(row['account-number']).toBe(IRA);
  }
  await rig.admin.of(IRA).tradingStatus({ isFrozen: true });
  const frozen = async (number: string) =>
    (await rig.request('GET', `/accounts/${number}/trading-status`)).body.data['is-frozen'];
  expect([await frozen(rig.account), await frozen(IRA)]).toEqual([false, true]);
});

it('keeps an order in the account it was placed in, and its id apart from all others', async () => {
  const rig = await startRig(BOTH);
  const { body, status } = await target(rig, IRA);
  expect(status).toBe(201);
  const { id } = body.data.order;
  expect(body.data.order['account-number']).toBe(IRA);
  expect((await rig.request('GET', `/accounts/${IRA}/orders/${id}`)).status).toBe(200);
  expect((await rig.request('GET', `/accounts/${rig.account}/orders/${id}`)).status).toBe(404);
  expect((await rig.request('DELETE', `/accounts/${rig.account}/orders/${id}`)).status).toBe(404);
  const all = [...(await rig.admin.orders()), ...(await rig.admin.of(IRA).orders())].map((each) => each.id);
  expect(new Set(all).size).toBe(all.length);
  expect((await rig.admin.received()).at(-1)).toMatchObject({ accountNumber: IRA, orderId: id });
});

it('tells a subscriber the changes of each account that it follows, and of no other', async () => {
  const rig = await startRig(BOTH);
  const follow = async (...accounts: string[]) => {
    const socket = new WebSocket(rig.broker.streamerUrl);
    const told: string[] = [];
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (frame.type === 'CurrentPosition') told.push(frame.data['account-number']);
      if (frame.action === 'connect') told.push(frame.status);
    });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ action: 'connect', value: accounts, 'auth-token': `Bearer ${rig.token}` }));
    await until(
      () => told.length,
      (count) => count === 1,
    );
    return { told, close: () => socket.terminate() };
  };
  const [both, one] = [await follow(rig.account, IRA), await follow(rig.account)];
  await rig.admin.of(IRA).position('SPY', { quantity: 100 });
  await rig.admin.position('SPY', { quantity: 100 });
  for (const [{ told }, numbers] of [
    [both, [IRA, rig.account]],
    [one, [rig.account]],
  ] as const) {
    await until(
      () => told.length,
      (count) => count === numbers.length + 1,
    );
    expect(told).toEqual(['ok', ...numbers]);
  }
  both.close();
  one.close();
});

it('keeps both over a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'paper-two-'));
  const options = { ...BOTH, rateCeilings: false, stateFile: join(folder, 'state.json'), speed: 0 } as const;
  const first = await startPaperBroker(options);
  const { id } = (await target(await rigOf(first), IRA)).body.data.order;
  await first.close();
  const again = await startPaperBroker(options);
  const rig = await rigOf(again);
  expect((await rig.admin.of(IRA).orders()).map((each) => each.id)).toContain(id);
  expect((await rig.admin.orders()).map((each) => each.id)).not.toContain(id);
  expect((await rig.admin.snapshot()).positions.length).toBeGreaterThan(0);
  await again.close();
  await rm(folder, { recursive: true });
});
