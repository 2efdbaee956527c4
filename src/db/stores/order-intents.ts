import type { Logger } from 'pino';
import { In } from 'typeorm';
import { type OrderIntents, UNRESOLVED } from '../../ports/order-intents.js';
import type { Database } from '../database.js';
import { OrderIntentRow } from '../entities/index.js';
import * as lifecycle from '../lifecycle.js';
import { claimPlan } from './claim-plan.js';
import { findIntent, intentsOf, settledSince, toIntent, updateIntents } from './intent-rows.js';
import { contractsUnderWay } from './reservations.js';

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
