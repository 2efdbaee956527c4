import { StoreRefusal } from '../../../src/db/index.js';
import type { Reason } from '../../../src/domain/reasons.js';
import type * as Port from '../../../src/ports/store.js';

interface Hold {
  symbol: string;
  account: string;
  planId: string;
  releasedAt: Date | null;
}

type Modelled = Pick<
  Port.Store,
  | 'createPlan'
  | 'supersedePlan'
  | 'plan'
  | 'endPlan'
  | 'claimPlan'
  | 'releaseToSend'
  | 'abandonPlan'
  | 'settleIntent'
  | 'intents'
  | 'unresolvedIntents'
  | 'recentlyPlaced'
  | 'recentlyAbsent'
  | 'markReported'
> & { unreportedPlans(): Promise<Port.Plan[]> };

const UNRESOLVED = new Set<Port.IntentState>(['reserved', 'submitting', 'unknown']);
const open = ({ state }: Port.OrderIntent) => UNRESOLVED.has(state);
const byTime =
  <T>(time: (row: T) => Date | null) =>
  (a: T, b: T) =>
    (time(a)?.getTime() ?? 0) - (time(b)?.getTime() ?? 0);

/** What the port promises, as lists in memory: no SQL, no locks, one call at a time. */
export class ModelStore implements Modelled {
  readonly #plans = new Map<string, Port.Plan>();
  readonly #intents: Port.OrderIntent[] = [];
  readonly #holds: Hold[] = [];

  async createPlan(plan: Port.NewPlan): Promise<void> {
    if (this.#plans.has(plan.id)) throw new Error('there is such a plan');
    const blank = { status: 'open', messageIds: [], reportedAt: null } as const;
    this.#plans.set(plan.id, { ...plan, ...blank, messageIds: [] });
  }

  async supersedePlan(oldId: string, plan: Port.NewPlan): Promise<boolean> {
    const old = this.#plans.get(oldId);
    if (old?.status !== 'open') return false;
    await this.createPlan(plan);
    old.status = 'superseded';
    return true;
  }

  async plan(id: string): Promise<Port.Plan | null> {
    return this.#plans.get(id) ?? null;
  }

  async endPlan(id: string, status: 'cancelled' | 'expired'): Promise<boolean> {
    const plan = this.#plans.get(id);
    if (plan?.status !== 'open') return false;
    plan.status = status;
    return true;
  }

  async claimPlan({ planId, now, intents, state }: Port.ClaimRequest): Promise<Port.ClaimResult> {
    const plan = this.#plans.get(planId);
    if (!plan) return { kind: 'missing' };
    if (plan.status !== 'open') return { kind: 'not-open', status: plan.status };
    if (now.getTime() >= plan.expiresAt.getTime()) {
      plan.status = 'expired';
      return { kind: 'expired' };
    }
    const symbols = new Set(intents.flatMap(({ legs }) => legs.map((leg) => leg.symbol)));
    const mine = this.#holds.filter((hold) => symbols.has(hold.symbol) && hold.account === plan.account);
    const held = mine.find(({ releasedAt }) => releasedAt === null);
    if (held) return { kind: 'busy', planId: held.planId };
    const changed = mine
      .filter(({ releasedAt }) => (releasedAt?.getTime() ?? 0) > plan.createdAt.getTime())
      .filter((hold) => this.#intents.some((i) => i.planId === hold.planId && i.state === 'placed'))
      .sort(byTime(({ releasedAt }) => releasedAt))[0];
    if (changed) return { kind: 'changed', planId: changed.planId };
    for (const symbol of [...symbols].sort()) {
      this.#holds.push({ symbol, account: plan.account, planId, releasedAt: null });
    }
    plan.status = 'claimed';
    const blank = {
      brokerOrderId: null,
      brokerStatus: null,
      brokerState: null,
      replacedBy: null,
      reason: null,
      lookalikes: [],
      settledAt: null,
    };
    const sentAt = state === 'submitting' ? now : null;
    for (const intent of intents) {
      this.#intents.push({
        ...intent,
        ...blank,
        id: this.#intents.length + 1,
        state,
        createdAt: now,
        sentAt,
      });
    }
    return { kind: 'claimed', intents: await this.intents(planId) };
  }

  async releaseToSend(planId: string, now: Date): Promise<null> {
    const waiting = this.#of(planId).filter(({ state }) => state === 'reserved');
    if (waiting.length === 0) throw new StoreRefusal('NOTHING_TO_SEND', planId);
    for (const intent of waiting) Object.assign(intent, { state: 'submitting', sentAt: now });
    return null;
  }

  async abandonPlan(planId: string, reason: Reason, now: Date): Promise<void> {
    const intents = this.#of(planId);
    const unsent = new Set(['reserved', 'refused', 'abandoned']);
    if (!intents.every(({ state }) => unsent.has(state))) throw new StoreRefusal('ALREADY_SENT', planId);
    for (const intent of intents) {
      if (intent.state === 'reserved') Object.assign(intent, { state: 'abandoned', reason, settledAt: now });
    }
    this.#end(planId, 'stale', now);
  }

  async settleIntent(id: number, outcome: Port.Outcome, now: Date): Promise<Port.OrderIntent> {
    const intent = this.#intents.find((one) => one.id === id);
    if (!intent) throw new StoreRefusal('NO_SUCH_INTENT', String(id));
    const late = intent.state === 'absent' && outcome.state === 'placed';
    if (!open(intent) && !late) return intent;
    const settledAt = outcome.state === 'unknown' ? null : now;
    Object.assign(intent, { reason: null, ...outcome, settledAt });
    if (late) {
      const symbols = intent.legs.map(({ symbol }) => symbol);
      for (const hold of this.#holds) {
        const ours = hold.planId === intent.planId && symbols.includes(hold.symbol);
        if (ours && hold.releasedAt && hold.releasedAt < now) hold.releasedAt = now;
      }
      Object.assign(this.#plans.get(intent.planId) ?? {}, { reportedAt: null });
    } else if (!this.#of(intent.planId).some(open)) {
      this.#end(intent.planId, 'done', now);
    }
    return intent;
  }

  async intents(planId: string): Promise<Port.OrderIntent[]> {
    return [...this.#of(planId)];
  }

  async unresolvedIntents(): Promise<Port.OrderIntent[]> {
    return this.#intents.filter(open).sort(byTime(({ createdAt }) => createdAt));
  }

  async recentlyPlaced(account: string, since: Date): Promise<Port.OrderIntent[]> {
    return this.#settled(account, 'placed', since);
  }

  async recentlyAbsent(account: string, since: Date): Promise<Port.OrderIntent[]> {
    return this.#settled(account, 'absent', since);
  }

  async unreportedPlans(): Promise<Port.Plan[]> {
    return [...this.#plans.values()]
      .filter(({ status, reportedAt }) => (status === 'claimed' || status === 'done') && !reportedAt)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .sort(byTime(({ createdAt }) => createdAt));
  }

  async markReported(planId: string, reportedAt: Date): Promise<boolean> {
    const plan = this.#plans.get(planId);
    if (!plan) throw new StoreRefusal('NO_SUCH_PLAN', planId);
    Object.assign(plan, { reportedAt });
    return true;
  }

  #of(planId: string): Port.OrderIntent[] {
    if (!this.#plans.has(planId)) throw new StoreRefusal('NO_SUCH_PLAN', planId);
    return this.#intents.filter((intent) => intent.planId === planId);
  }

  #settled(account: string, state: Port.IntentState, since: Date): Port.OrderIntent[] {
    return this.#intents
      .filter((intent) => intent.account === account && intent.state === state)
      .filter(({ settledAt }) => (settledAt?.getTime() ?? 0) >= since.getTime())
      .sort(byTime(({ settledAt }) => settledAt));
  }

  #end(planId: string, status: 'done' | 'stale', now: Date): void {
    const plan = this.#plans.get(planId);
    if (plan?.status === 'claimed') plan.status = status;
    for (const hold of this.#holds) if (hold.planId === planId) hold.releasedAt ??= now;
  }
}

export type { Modelled };
