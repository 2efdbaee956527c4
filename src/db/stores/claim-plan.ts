import type { EntityManager } from 'typeorm';
import type { ClaimRequest, ClaimResult } from '../../ports/order-intents.js';
import { type Database, RolledBack } from '../database.js';
import type { PlanRow } from '../entities/index.js';
import { StoreRefusal } from '../errors.js';
import { appendAudit } from './audit.js';
import { leaseFrom, oweResult, putOffErrands } from './errand-rows.js';
import { currentHalt } from './halts.js';
import { insertIntents, toIntent } from './intent-rows.js';
import { insertFirst } from './outbox.js';
import { endPlan, lockPlan, movePlan } from './plan-rows.js';
import { holderOf, placedSince, reserve } from './reservations.js';

/** A press that waited longer would leave its orders too little time: it is better told to come again. */
const CLAIM_PATIENCE_MS = 15_000;

/**
 * The one gate between a press and an order, as one transaction: whoever gets `claimed` is the only one, and
 * the intents are on disk. Every other answer leaves no trace, except that a plan past its time is marked.
 */
export async function claimPlan(database: Database, request: ClaimRequest): Promise<ClaimResult> {
  try {
    return await database.write((m) => claim(m, request, database.presence.self), {
      first: true,
      patienceMs: CLAIM_PATIENCE_MS,
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.answer as ClaimResult;
    throw error;
  }
}

async function claim(manager: EntityManager, request: ClaimRequest, self: string): Promise<ClaimResult> {
  const plan = await lockPlan(manager, request.planId);
  if (!plan) return { kind: 'missing' };
  if (plan.status !== 'open') return { kind: 'not-open', status: plan.status };
  if (request.now >= plan.expiresAt) {
    await endPlan(manager, plan.id, 'expired', request.now);
    return { kind: 'expired' };
  }
  const halt = await currentHalt(manager);
  if (halt) return { kind: 'halted', halt };
  demandSane(plan, request);
  const symbols = symbolsOf(request);
  const holder = await holderOf(manager, plan.account, symbols);
  if (holder !== null) return { kind: 'busy', planId: holder };
  await reserve(manager, plan.id, plan.account, symbols, request.now);
  // Only now: a plan that let go of these contracts while we waited to reserve them must be seen.
  const changer = await placedSince(manager, plan.account, symbols, plan.createdAt);
  if (changer !== null) throw new RolledBack<ClaimResult>({ kind: 'changed', planId: changer });
  return { kind: 'claimed', intents: await commitIntents(manager, plan, request, self) };
}

export async function commitIntents(
  manager: EntityManager,
  plan: PlanRow,
  request: ClaimRequest,
  self: string,
) {
  await movePlan(manager, plan.id, 'open', 'claimed');
  const intents = await insertIntents(manager, request);
  const lease = leaseFrom(request.now, self);
  await oweResult(manager, plan.id, lease);
  await insertFirst(
    manager,
    { kind: 'result', topic: plan.id, channelId: plan.channelId, userId: plan.userId },
    request.now,
  );
  await putOffErrands(manager, [plan.id], 'buttons', lease.until);
  await appendAudit(manager, {
    at: request.now,
    actor: plan.userId,
    kind: 'plan-claimed',
    planId: plan.id,
    details: {
      state: request.state,
      intents: intents.map(({ id, externalIdentifier }) => ({ id, externalIdentifier })),
    },
  });
  return intents.map(toIntent);
}

/** Distinct, sorted. */
function symbolsOf({ intents }: ClaimRequest): string[] {
  return [...new Set(intents.flatMap(({ legs }) => legs.map(({ symbol }) => symbol)))].sort();
}

/** Throws a StoreRefusal on a claim that would lose, mix up or fail to guard an order. */
function demandSane(plan: PlanRow, { intents }: ClaimRequest): void {
  if (intents.length === 0) {
    throw new StoreRefusal('CLAIM_WITHOUT_INTENTS', `plan ${plan.id} was claimed without an order`);
  }
  for (const { planId, account, legs } of intents) {
    if (planId === plan.id && account === plan.account && legs.length > 0) continue;
    throw new StoreRefusal('CLAIM_MIXED_UP', `an order in the claim of plan ${plan.id} isn't that plan's`);
  }
}
