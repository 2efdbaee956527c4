import type { AuditEvent, OrderIntent, Plan, StoredPosition } from '../ports/store.js';
import type { AuditEventRow, FillRow, OrderIntentRow, PlanRow, PositionRow } from './entities/index.js';
import type { StoredFill } from './sql-store.js';

/** Rows become plain objects of the port's types here, so nothing of TypeORM leaves this folder. */

export function toPosition(row: PositionRow): StoredPosition {
  const { id, account, key, underlying, strategy, firstSeenAt, lastSeenAt } = row;
  return { id, account, key, underlying, strategy, firstSeenAt, lastSeenAt };
}

export function toPlan(row: PlanRow): Plan {
  const { id, account, userId, guildId, channelId, messageIds, status, createdAt, expiresAt } = row;
  const { payload, reportedAt, reportMessageId } = row;
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
    reportMessageId,
  };
}

/** Leaves out what only the store needs to keep late broker messages from undoing later ones. */
export function toIntent(row: OrderIntentRow): OrderIntent {
  const { brokerUpdatedAt: _at, lookalikes, ...intent } = row;
  return { ...intent, lookalikes: lookalikes ?? [] };
}

export function toFill(row: FillRow): StoredFill {
  const { intentId, symbol, action, fillId, quantity, price, filledAt } = row;
  return { intentId, symbol, action, id: fillId, quantity, price, at: filledAt };
}

export function toAuditEvent(row: AuditEventRow): AuditEvent {
  const { at, actor, kind, planId, details } = row;
  return { at, actor, kind, planId, details };
}
