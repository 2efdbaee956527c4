import type { Plan } from '../ports/store.js';
import type { PlanRow } from './entities/index.js';

/** Rows become plain objects of the port's types here, so nothing of TypeORM leaves this folder. */

export function toPlan(row: PlanRow): Plan {
  const { id, account, userId, guildId, channelId, messageIds, status, createdAt, expiresAt } = row;
  const { payload, reportedAt } = row;
  return {
    id,
    account,
    userId,
    guildId,
    channelId,
    messageIds,
    status,
    createdAt,
    expiresAt,
    payload,
    reportedAt,
  };
}
