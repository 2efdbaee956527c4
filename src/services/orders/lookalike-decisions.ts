import { UserError } from '../../domain/errors.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import { type OrderIntent, type Outcome, type Store, UNRESOLVED } from '../../ports/store.js';
import { type AccessRules, type Actor, assertMay } from '../access/access.js';
import { placed } from './fates.js';
import type { SettleService } from './settle.js';

export interface LookalikeDecisionsDeps {
  broker: Broker;
  store: Store;
  clock: Clock;
  access: AccessRules;
  settle: Pick<SettleService, 'lookNow'>;
}

/** What a trader says about orders that look like one whose fate is unknown. */
export interface Decision {
  intentId: number;
  /** `by-hand`: all these orders were placed by hand; `ours`: the one order is the unknown one. */
  whose: 'by-hand' | 'ours';
  orderIds: readonly string[];
  actor: Pick<Actor, 'userId' | 'roleIds'>;
}

/** The way out where only a person knows: an order at the broker looks like ours and carries no identifier. */
export class LookalikeDecisions {
  constructor(private readonly deps: LookalikeDecisionsDeps) {}

  /**
   * Settles the order by what the trader says, writes down who said it, and tells the result. Sends nothing.
   * @returns the plan that it is told of by
   * @throws UserError if the actor is no trader, or nothing (or something else) is asked by now
   */
  async decide(decision: Decision): Promise<string> {
    const { store, clock, access, settle } = this.deps;
    const { intentId, whose, orderIds, actor } = decision;
    assertMay(access, actor, 'trade');
    const intent = await this.#asked(decision);
    const outcome = whose === 'ours' ? await this.#ours(intent, orderIds) : byHand(decision);
    const settled = await store.settleIntent(intentId, outcome, clock.now());
    const details = { externalIdentifier: intent.externalIdentifier, whose, orderIds, state: settled.state };
    const { planId } = intent;
    await store.audit({ at: clock.now(), actor: actor.userId, kind: 'lookalike-decided', planId, details });
    await settle.lookNow(planId);
    return planId;
  }

  async #asked({ intentId, whose, orderIds }: Decision): Promise<OrderIntent> {
    const intent = await this.deps.store.intent(intentId);
    if (!intent || !UNRESOLVED.includes(intent.state)) {
      throw new UserError('LOOKALIKE_SETTLED', {}, 'nothing-more');
    }
    const told = new Set(orderIds);
    const answers =
      whose === 'ours'
        ? orderIds.length === 1 && orderIds.every((id) => intent.lookalikes.includes(id))
        : intent.lookalikes.length > 0 && intent.lookalikes.every((id) => told.has(id));
    if (answers) return intent;
    throw new UserError('LOOKALIKE_CHANGED', {}, 'nothing-more');
  }

  async #ours({ account }: OrderIntent, [id = '']: readonly string[]): Promise<Outcome> {
    const { broker, store } = this.deps;
    if ((await store.intentsByOrderIds(account, [id])).size > 0) {
      throw new UserError('LOOKALIKE_TAKEN', { orderId: id }, 'nothing-more');
    }
    return placed(await broker.order(account, id));
  }
}

function byHand({ actor, orderIds }: Decision): Outcome {
  return { state: 'absent', reason: { code: 'BY_HAND', userId: actor.userId, orderIds } };
}
