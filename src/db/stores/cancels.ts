import { type EntityManager, In, Not } from 'typeorm';
import { type CancelState, mayBecome, OPEN_CANCELS } from '../../domain/cancel-life.js';
import { isTerminal, stateOfStep, stepOf } from '../../domain/order-life.js';
import type { BrokerOrder } from '../../domain/types.js';
import type {
  CancelChange,
  CancelClaim,
  Cancellation,
  CancelledHere,
  Cancels,
  NewCancellation,
  OrderCancel,
} from '../../ports/cancels.js';
import { chunks } from '../chunks.js';
import { instantToMillis } from '../columns.js';
import type { Database } from '../database.js';
import { CancellationRow, CancelRow } from '../entities/index.js';
import { locked } from '../locked.js';
import { appendAudit } from './audit.js';
import { type ErrandLease, leaseFrom, oweResult } from './errand-rows.js';
import { intentsByOrderIds, intentsOf } from './intent-rows.js';
import { adoptNote, oweAnew } from './outbox.js';

/** What the messages are kept under that tell what became of a cancellation, and those that asked about it. */
const NEWS = 'cancel';
const QUESTION = 'cancel-question';

/** What was told of an order's end longer ago nobody takes for what is. */
export const OF_LATE_MS = 7 * 86_400_000;

const STATES = ['offered', 'requesting', 'requested', 'unknown', 'ended', 'refused', 'absent'] as const;

export function cancels(database: Database): Cancels {
  return {
    offerCancel: (cancellation) => database.write((m) => insert(m, cancellation)),
    cancellation: (id) => database.read((m) => find(m, id)),
    cancelsOf: (account, orderIds) => database.read((m) => cancelsOf(m, account, orderIds)),
    cancelledFor: (planId) => database.read((m) => cancelledFor(m, planId)),
    cancelAsked: (id, message, now) => database.write((m) => asked(m, id, message, now)),
    withdrawCancel: (id, now) => database.write((m) => leaveOpen(m, id, 'withdrawn', now)),
    claimCancel: (id, now) => database.write((m) => claim(m, id, now, database.presence.self)),
    moveCancels: (changes, now) => database.write((m) => move(m, changes, now)),
  };
}

async function insert(manager: EntityManager, { orders, ...offer }: NewCancellation): Promise<void> {
  await manager.insert(CancellationRow, { ...offer, status: 'open', claimedAt: null, owner: null });
  await manager.insert(
    CancelRow,
    orders.map(({ positionIds, legs, ...terms }) => ({
      ...terms,
      positionIds: [...positionIds],
      legs: [...legs],
      cancellationId: offer.id,
      account: offer.account,
      state: 'offered' as const,
      reason: null,
      orderState: null,
      replacedBy: null,
    })),
  );
}

async function find(manager: EntityManager, id: string): Promise<Cancellation | null> {
  const row = await manager.findOneBy(CancellationRow, { id });
  return row && { ...withoutOwner(row), orders: (await rowsOf(manager, id)).map(toCancel) };
}

function withoutOwner({ owner: _owner, ...row }: CancellationRow): Omit<Cancellation, 'orders'> {
  return row;
}

function toCancel({ cancellationId: _id, account: _account, ...row }: CancelRow): OrderCancel {
  return row;
}

function rowsOf(manager: EntityManager, cancellationId: string): Promise<CancelRow[]> {
  return manager.find(CancelRow, { where: { cancellationId }, order: { id: 'ASC' } });
}

async function cancelsOf(
  manager: EntityManager,
  account: string,
  orderIds: readonly string[],
): Promise<Map<string, CancelledHere[]>> {
  const found = new Map<string, CancelledHere[]>();
  for (const some of chunks([...new Set(orderIds)])) {
    const rows = await manager.find(CancelRow, {
      where: { account, orderId: In(some), state: Not('offered') },
      order: { id: 'ASC' },
    });
    for (const { orderId, cancellationId, state, reason, orderState, replacedBy, positionIds } of rows) {
      const cancellation = await manager.findOneBy(CancellationRow, {
        id: cancellationId,
        status: 'claimed',
      });
      if (!cancellation?.claimedAt) continue;
      const { userId, claimedAt: confirmedAt, planId } = cancellation;
      const placed = planId === null ? [] : await intentsOf(manager, planId);
      const successor =
        placed.find((each) => each.brokerOrderId !== null && positionIds.includes(each.positionId))
          ?.brokerOrderId ?? null;
      found.set(orderId, [
        ...(found.get(orderId) ?? []),
        { userId, confirmedAt, state, reason, orderState, replacedBy, successor },
      ]);
    }
  }
  return found;
}

async function cancelledFor(manager: EntityManager, planId: string): Promise<string[]> {
  const cancellations = await manager.findBy(CancellationRow, { planId });
  const rows = await manager.find(CancelRow, {
    where: { cancellationId: In(cancellations.map(({ id }) => id)), state: 'ended', orderState: 'cancelled' },
    order: { id: 'ASC' },
  });
  const served = new Set((await intentsOf(manager, planId)).map(({ positionId }) => positionId));
  // What ended along with these was another position's.
  return rows
    .filter(({ positionIds }) => positionIds.some((id) => served.has(id)))
    .map(({ orderId }) => orderId);
}

/** An order was placed in place of others: what was told of those is so no more. */
export async function oweReplacedBy(
  manager: EntityManager,
  { planId, account }: { planId: string; account: string },
  lease: ErrandLease,
): Promise<void> {
  const replaced = await cancelledFor(manager, planId);
  if (replaced.length === 0) return;
  const intents = await intentsByOrderIds(manager, account, replaced);
  for (const id of [...new Set(intents.map((intent) => intent.planId))].sort()) {
    await oweResult(manager, id, lease);
  }
}

async function asked(manager: EntityManager, id: string, message: string, now: Date): Promise<void> {
  const row = await manager.findOneBy(CancellationRow, { id });
  if (!row) return;
  const { channelId, userId } = row;
  await adoptNote(manager, { kind: QUESTION, topic: id, news: 'question', channelId, userId }, message, now);
}

/** The check and the change are one statement. */
async function leaveOpen(
  manager: EntityManager,
  id: string,
  status: 'withdrawn' | 'expired',
  now: Date,
): Promise<boolean> {
  const { affected } = await manager.update(CancellationRow, { id, status: 'open' }, { status });
  if (affected === 1) await oweAbout(manager, id, now);
  return affected === 1;
}

async function claim(manager: EntityManager, id: string, now: Date, self: string): Promise<CancelClaim> {
  const row = await lockCancellation(manager, id);
  if (!row) return { kind: 'missing' };
  if (row.status !== 'open') return { kind: 'not-open', status: row.status };
  if (now >= row.expiresAt) {
    await leaveOpen(manager, id, 'expired', now);
    return { kind: 'expired' };
  }
  const meant = await rowsOf(manager, id);
  if (meant.every(({ state }) => state === 'ended')) {
    await leaveOpen(manager, id, 'expired', now);
    return { kind: 'over', orderIds: meant.map(({ orderId }) => orderId) };
  }
  const taken = await underWay(manager, id);
  if (taken.length > 0) return { kind: 'busy', orderIds: taken };
  await manager.update(CancellationRow, { id }, { status: 'claimed', claimedAt: now, owner: self });
  await manager.update(CancelRow, { cancellationId: id, state: 'offered' }, { state: 'requesting' });
  const { channelId, userId } = row;
  // Whoever sends tells once it knows more; should that process die, others tell then.
  await oweAnew(manager, { kind: NEWS, topic: id, channelId, userId }, leaseFrom(now, self).until, true);
  await oweAnew(manager, { kind: QUESTION, topic: id, channelId, userId }, now, false);
  const cancellation = (await find(manager, id)) as Cancellation;
  await appendAudit(manager, {
    at: now,
    actor: userId,
    kind: 'cancel-claimed',
    planId: null,
    details: { cancellationId: id, orderIds: cancellation.orders.map(({ orderId }) => orderId) },
  });
  return { kind: 'claimed', cancellation };
}

function lockCancellation(manager: EntityManager, id: string): Promise<CancellationRow | null> {
  return locked(manager.createQueryBuilder(CancellationRow, 'cancellation').where({ id })).getOne();
}

/** Of a cancellation's orders, those of which another cancel is under way. */
async function underWay(manager: EntityManager, id: string): Promise<string[]> {
  const rows = await rowsOf(manager, id);
  const [first] = rows;
  if (!first) return [];
  const found = await manager.findBy(CancelRow, {
    account: first.account,
    orderId: In(rows.map(({ orderId }) => orderId)),
    state: In([...OPEN_CANCELS]),
    cancellationId: Not(id),
  });
  return found.map(({ orderId }) => orderId);
}

async function move(manager: EntityManager, changes: readonly CancelChange[], now: Date): Promise<void> {
  const moved: number[] = [];
  for (const { id, state, reason } of changes.toSorted((a, b) => a.id - b.id)) {
    const from = In(STATES.filter((each) => mayBecome(each, state)));
    const { affected } = await manager.update(CancelRow, { id, state: from }, { state, reason });
    if (affected === 1) moved.push(id);
  }
  await owe(manager, moved, now);
}

/**
 * Each of these orders that has ended is what a cancel of it waited for, or what somebody was asked about in vain.
 * @returns by `orderKey`, those of which a cancel was under way: its message tells of the end
 */
export async function endCancels(
  manager: EntityManager,
  told: readonly BrokerOrder[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const cancelled = new Set<string>();
  const ended = new Map(
    told.filter((order) => !order.odd && isTerminal(stepOf(order))).map((order) => [order.id, order]),
  );
  if (ended.size === 0) return cancelled;
  const waiting = In(STATES.filter((state) => mayBecome(state, 'ended')));
  const moved: number[] = [];
  for (const some of chunks([...ended.keys()].sort())) {
    const rows = await manager.find(CancelRow, {
      where: { orderId: In(some), state: waiting },
      order: { id: 'ASC' },
    });
    for (const { id, orderId, account, state } of rows) {
      const order = ended.get(orderId);
      if (order?.account !== account) continue;
      if (OPEN_CANCELS.includes(state)) cancelled.add(orderKey(order));
      const orderState = stateOfStep(stepOf(order));
      const otherwise = orderState === 'cancelled' && !OPEN_CANCELS.includes(state);
      const change = {
        state: 'ended' as CancelState,
        orderState,
        replacedBy: order.replacedBy ?? null,
        reason: otherwise ? ({ code: 'PERHAPS_NOT_THIS' } as const) : order.rejectReason,
      };
      const { affected } = await manager.update(CancelRow, { id, state: waiting }, change);
      if (affected === 1) moved.push(id);
    }
  }
  await owe(manager, moved, now);
  return cancelled;
}

/** Which order it is, of all accounts. */
export function orderKey({ account, id }: Pick<BrokerOrder, 'account' | 'id'>): string {
  return `${account} ${id}`;
}

/** An order closes a position: what is said of it since an order of it was cancelled is so no more. */
export async function oweCancelsOf(
  manager: EntityManager,
  { account, positionId }: { account: string; positionId: number },
  now: Date,
): Promise<void> {
  const since = instantToMillis(new Date(now.getTime() - OF_LATE_MS));
  const rows = await manager
    .createQueryBuilder(CancelRow, 'cancel')
    .innerJoin(CancellationRow, 'cancellation', 'cancellation.id = cancel.cancellationId')
    .where({ account, state: 'ended' })
    .andWhere('cancellation.claimedAt >= :since', { since })
    .orderBy('cancel.id', 'ASC')
    .getMany();
  const concerned = rows.filter(({ positionIds }) => positionIds.includes(positionId));
  await owe(
    manager,
    concerned.map(({ id }) => id),
    now,
  );
}

/** What is said of these is to be looked at again. */
async function owe(manager: EntityManager, moved: readonly number[], now: Date): Promise<void> {
  if (moved.length === 0) return;
  const rows = await manager.findBy(CancelRow, { id: In([...moved]) });
  for (const id of [...new Set(rows.map(({ cancellationId }) => cancellationId))].sort()) {
    await oweAbout(manager, id, now);
  }
}

/** Whatever messages about it there are. */
async function oweAbout(manager: EntityManager, id: string, now: Date): Promise<void> {
  const row = await manager.findOneBy(CancellationRow, { id });
  if (!row) return;
  const { channelId, userId } = row;
  for (const kind of [NEWS, QUESTION]) {
    await oweAnew(manager, { kind, topic: id, channelId, userId }, now, false);
  }
}

/** Processes with a cancel that may not have left yet. The first condition is the index's own: SQLite derives it from no other. */
export const CANCEL_OWNERS = `
  SELECT "cancellations"."owner" FROM "cancels" JOIN "cancellations" ON "cancellations"."id" = "cancellation_id"
    WHERE "state" IN ('requesting', 'requested', 'unknown') AND "state" = 'requesting' AND "owner" <> $1`;

/** These processes are gone and send nothing any more: what was to leave has left, or never will. */
export async function senderGone(
  manager: EntityManager,
  owners: readonly string[],
  now: Date,
): Promise<void> {
  const rows = await manager
    .createQueryBuilder(CancelRow, 'cancel')
    .innerJoin(CancellationRow, 'cancellation', 'cancellation.id = cancel.cancellationId')
    .where({ state: 'requesting' })
    .andWhere('cancellation.owner IN (:...owners)', { owners })
    .orderBy('cancel.id', 'ASC')
    .getMany();
  await move(
    manager,
    rows.map(({ id }) => ({ id, state: 'unknown' as const, reason: null })),
    now,
  );
}
