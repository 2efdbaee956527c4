import type { Logger } from 'pino';
import { type EntityManager, In } from 'typeorm';
import { type Adopted, type OrderIntents, UNRESOLVED } from '../../ports/order-intents.js';
import type { Database } from '../database.js';
import { OrderIntentRow } from '../entities/index.js';
import * as lifecycle from '../lifecycle.js';
import { appendAudit } from './audit.js';
import { claimPlan, commitIntents } from './claim-plan.js';
import { type ErrandLease, leaseFrom, oweResult } from './errand-rows.js';
import {
  findIntent,
  intentsByOrderIds,
  intentsOf,
  settledSince,
  stillWorking,
  toIntent,
  updateIntents,
} from './intent-rows.js';
import { insertPlan, lockPlan } from './plan-rows.js';
import { contractsUnderWay, holderOf } from './reservations.js';

export function orderIntents(database: Database, logger: Logger): OrderIntents {
  const by = { logger, self: database.presence.self };
  return {
    claimPlan: (request) => claimPlan(database, request),
    releaseToSend: (planId, now, left) =>
      database.write((m) => lifecycle.releaseToSend(m, planId, now, left), { first: true }),
    abandonPlan: (planId, reason, now) =>
      database.write((m) => lifecycle.abandonPlan(m, planId, reason, now)),
    settleIntent: async (intentId, outcome, now) =>
      toIntent(await database.write((m) => lifecycle.settleIntent(m, intentId, outcome, now, by))),
    adopt: (adopted, now) => database.write((m) => adopt(m, adopted, now, by)),
    forgetOrder: (intentId, userId, now) =>
      database.write((m) => forgetOrder(m, intentId, userId, leaseFrom(now, by.self))),
    intents: async (planId) =>
      (await database.read((m) => intentsOf(m, planId), { first: true })).map(toIntent),
    async intent(id) {
      const row = await database.read((m) => findIntent(m, id));
      return row && toIntent(row);
    },
    async setLookalikes(id, orderIds) {
      const open = { id, state: In([...UNRESOLVED]) };
      const lookalikes = orderIds.length > 0 ? orderIds : null;
      await database.write((m) => updateIntents(m, open, { lookalikes }));
    },
    async unresolvedIntents() {
      const where = { state: In([...UNRESOLVED]) };
      const order = { createdAt: 'ASC', id: 'ASC' } as const;
      return (await database.read((m) => m.find(OrderIntentRow, { where, order }))).map(toIntent);
    },
    recentlyAbsent: async (account, since) =>
      (await database.read((m) => settledSince(m, account, 'absent', since))).map(toIntent),
    contractsUnderWay: (account) => database.read((m) => contractsUnderWay(m, account)),
  };
}

/** In one transaction, so that no crash leaves an order that nobody sent to be looked for. */
async function adopt(
  manager: EntityManager,
  { plan, orders }: Adopted,
  now: Date,
  by: { logger: Logger; self: string },
): Promise<boolean> {
  const { account, userId } = plan;
  const orderIds = orders.map(({ outcome }) => outcome.brokerOrderId);
  if ((await intentsByOrderIds(manager, account, orderIds)).length > 0) return false;
  // It may be an order of ours whose answer is lost: that one would never find it again.
  const symbols = orders.flatMap(({ intent }) => intent.legs.map(({ symbol }) => symbol));
  if ((await holderOf(manager, account, symbols)) !== null) return false;
  await insertPlan(manager, plan);
  const row = await lockPlan(manager, plan.id);
  if (!row) return false;
  const intents = orders.map(({ intent }) => intent);
  const begun = await commitIntents(
    manager,
    row,
    { planId: plan.id, now, intents, state: 'submitting' },
    by.self,
  );
  for (const { intent, outcome } of orders) {
    const own = begun.find(({ externalIdentifier }) => externalIdentifier === intent.externalIdentifier);
    if (!own) throw new Error(`no row was written for ${intent.externalIdentifier}`);
    const details = { orderId: outcome.brokerOrderId };
    await appendAudit(manager, { at: now, actor: userId, kind: 'order-adopted', planId: plan.id, details });
    await lifecycle.settleIntent(manager, own.id, outcome, now, by);
  }
  return true;
}

async function forgetOrder(
  manager: EntityManager,
  intentId: number,
  userId: string,
  lease: ErrandLease,
): Promise<boolean> {
  const intent = await stillWorking(manager, intentId);
  if (!intent) return false;
  await manager.update(
    OrderIntentRow,
    { id: intentId },
    {
      brokerStatus: 'Forgotten',
      brokerState: 'cancelled',
      brokerStep: 'cancelled',
      reason: { code: 'FORGOTTEN', userId },
    },
  );
  const { planId, brokerOrderId } = intent;
  const details = { orderId: brokerOrderId };
  await appendAudit(manager, { at: lease.now, actor: userId, kind: 'order-forgotten', planId, details });
  await oweResult(manager, planId, lease);
  return true;
}
