import type { Logger } from 'pino';
import type { EntityManager } from 'typeorm';
import type { Reason } from '../domain/reasons.js';
import type { Halt } from '../ports/halts.js';
import { type IntentSize, type IntentState, type Outcome, UNRESOLVED } from '../ports/order-intents.js';
import type { OrderIntentRow } from './entities/index.js';
import { StoreRefusal } from './errors.js';
import { oweCancelsOf, oweReplacedBy } from './stores/cancels.js';
import { endResult, leaseFrom, oweResult } from './stores/errand-rows.js';
import { currentHalt } from './stores/halts.js';
import { findIntent, intentsOf, updateIntents } from './stores/intent-rows.js';
import { oweLostOf } from './stores/placed-orders.js';
import { lockPlan, movePlan, updatePlan } from './stores/plan-rows.js';
import { freeAnew, release } from './stores/reservations.js';

const isUnresolved = (state: IntentState) => UNRESOLVED.includes(state);

/**
 * Lets a plan's reserved intents leave. Throws a StoreRefusal where none is reserved any more: the caller
 * is about to send, and what was sent or abandoned before must not be sent now. None leaves while sending is halted.
 */
export async function releaseToSend(
  manager: EntityManager,
  planId: string,
  now: Date,
  left: readonly IntentSize[] = [],
): Promise<Halt | null> {
  const plan = await lockPlan(manager, planId);
  if (!plan) throw new StoreRefusal('NO_SUCH_PLAN', `there is no plan ${planId}`);
  const halt = await currentHalt(manager);
  if (halt) return halt;
  await makeFewer(manager, planId, left, now);
  const leaving = { state: 'submitting', sentAt: now } as const;
  const count = await updateIntents(manager, { planId, state: 'reserved' }, leaving);
  if (count === 0) throw new StoreRefusal('NOTHING_TO_SEND', `plan ${planId} has no order waiting to leave`);
  return null;
}

/** Before they may leave: nothing was said to anybody yet that would be false then. */
async function makeFewer(
  manager: EntityManager,
  planId: string,
  left: readonly IntentSize[],
  now: Date,
): Promise<void> {
  if (left.length === 0) return;
  for (const [index, { id, units }] of (await intentsOf(manager, planId)).entries()) {
    const size = left[index];
    if (!size || size.units > units)
      throw new StoreRefusal('CLAIM_MIXED_UP', `intent ${id} can only be less`);
    if (size.units === units) continue;
    const waiting = { id, state: 'reserved' } as const;
    const none = { state: 'abandoned', reason: { code: 'TRADED_BEFORE' }, settledAt: now } as const;
    const { legs, profit } = size;
    await updateIntents(manager, waiting, size.units === 0 ? none : { legs, units: size.units, profit });
  }
}

/**
 * Gives a claimed plan up before anything left. Repeating it changes nothing. Throws a StoreRefusal once an
 * order may exist: such a plan has to be settled, not dropped.
 */
export async function abandonPlan(
  manager: EntityManager,
  planId: string,
  reason: Reason,
  now: Date,
): Promise<void> {
  const plan = await lockPlan(manager, planId);
  if (!plan) throw new StoreRefusal('NO_SUCH_PLAN', `there is no plan ${planId}`);
  const intents = await intentsOf(manager, planId);
  if (intents.some(({ state }) => state !== 'reserved' && state !== 'abandoned' && state !== 'refused')) {
    throw new StoreRefusal('ALREADY_SENT', `an order of plan ${planId} may exist; it can't be abandoned`);
  }
  const given = { state: 'abandoned', reason, settledAt: now } as const;
  await updateIntents(manager, { planId, state: 'reserved' }, given);
  await release(manager, planId, now);
  await movePlan(manager, planId, 'claimed', 'stale');
}

/** See the port. The lock is the plan's, so the last of several settling at once knows that it is the last. */
export async function settleIntent(
  manager: EntityManager,
  intentId: number,
  outcome: Outcome,
  now: Date,
  { logger, self }: { logger: Logger; self: string },
): Promise<OrderIntentRow> {
  const { planId } = await demandIntent(manager, intentId);
  await lockPlan(manager, planId);
  const intent = await demandIntent(manager, intentId);
  const late = intent.state === 'absent' && outcome.state === 'placed';
  if (!isUnresolved(intent.state) && !late) {
    reportContradiction(intent, outcome, logger);
    return intent;
  }
  await updateIntents(manager, { id: intentId }, changeOf(outcome, now));
  if (outcome.state === 'placed') {
    await oweCancelsOf(manager, intent, now);
    await oweLostOf(manager, intent, now);
    // Whoever looks next finds it due: this process has its own result to tell.
    await oweReplacedBy(manager, intent, { ...leaseFrom(now, self), until: now });
  }
  if (late) {
    await freeAnew(manager, planId, symbolsOf(intent), now);
    // What was told of this plan is wrong now; whoever starts after a crash must find it untold.
    await updatePlan(manager, planId, { reportedAt: null });
    await oweResult(manager, planId, leaseFrom(now, self));
  } else await finishIfSettled(manager, planId, now);
  return demandIntent(manager, intentId);
}

async function finishIfSettled(manager: EntityManager, planId: string, now: Date): Promise<void> {
  const intents = await intentsOf(manager, planId);
  if (intents.some(({ state }) => isUnresolved(state))) return;
  await release(manager, planId, now);
  await movePlan(manager, planId, 'claimed', 'done');
}

function changeOf(outcome: Outcome, now: Date) {
  const { state } = outcome;
  if (state === 'unknown') return { state, settledAt: null, reason: outcome.reason };
  const settledAt = now;
  const lookalikes = null;
  if (state !== 'placed') return { state, settledAt, lookalikes, reason: outcome.reason };
  const { brokerOrderId, brokerStatus, reason = null } = outcome;
  return { state, settledAt, lookalikes, brokerOrderId, brokerStatus, reason };
}

/** Two different answers about one order: the first one stands, but a person should hear of it. */
function reportContradiction(intent: OrderIntentRow, outcome: Outcome, logger: Logger): void {
  const other = outcome.state === 'placed' ? outcome.brokerOrderId : null;
  // Two ways of saying that there is no order don't contradict each other.
  if (intent.brokerOrderId === other || outcome.state === 'unknown') return;
  const { id, planId, state, brokerOrderId, externalIdentifier } = intent;
  logger.error(
    { intent: { id, planId, state, brokerOrderId, externalIdentifier }, outcome },
    'a settled order got another outcome',
  );
}

function symbolsOf(intent: OrderIntentRow): string[] {
  return intent.legs.map(({ symbol }) => symbol);
}

async function demandIntent(manager: EntityManager, id: number): Promise<OrderIntentRow> {
  const intent = await findIntent(manager, id);
  if (!intent) throw new StoreRefusal('NO_SUCH_INTENT', `there is no order intent ${id}`);
  return intent;
}

/** Told, so owed no more, unless it has become due or has news: that was found out after what was told had been read. */
export async function markReported(
  manager: EntityManager,
  planId: string,
  reportedAt: Date,
): Promise<boolean> {
  await updatePlan(manager, planId, { reportedAt, lookedAt: null });
  return endResult(manager, planId, reportedAt);
}
