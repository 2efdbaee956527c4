import { haveSameLegs } from '../../domain/covers.js';
import { percentAt } from '../../domain/entry.js';
import { UserError } from '../../domain/errors.js';
import type { Unadoptable } from '../../domain/failures.js';
import { isOpen } from '../../domain/order-fills.js';
import { gcd } from '../../domain/strategies/shape.js';
import { flawsOfOrder } from '../../domain/target-rules.js';
import type { BrokerOrder } from '../../domain/types.js';
import { profitAtLimit } from '../../domain/working.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import { stopKey } from '../../ports/order-intents.js';
import type { NewIntent, NewPlan, OrderIntent, Store } from '../../ports/store.js';
import { type AccessRules, type Actor, assertMay } from '../access/access.js';
import { knownOrder } from '../accounts/opening-order.js';
import type { Book, OpenPosition } from '../accounts/positions.js';
import { encodePayload } from '../previews/payload.js';
import { placed } from './fates.js';
import type { SettleService } from './settle.js';
import type { OrdersService, WorkingOrder } from './working-orders.js';

export interface AdoptionDeps {
  broker: Pick<Broker, 'order'>;
  store: Pick<Store, 'adopt' | 'forgetOrder' | 'intent'>;
  orders: Pick<OrdersService, 'find'>;
  settle: Pick<SettleService, 'lookNow'>;
  access: AccessRules;
  clock: Pick<Clock, 'now'>;
  newId(): string;
}

/** What a trader decides about an order of which only one side knows: the broker, or the journal. Nothing is sent. */
export class Adoption {
  constructor(private readonly deps: AdoptionDeps) {}

  /**
   * A target that was placed elsewhere, with its stop if it has one, is the bot's own from here on: watched, and told of in the
   * channel of the press.
   * @returns the plan that it is told of by
   * @throws UserError `NOT_A_TRADER`, and as `adoptable`; BrokerError
   */
  async adopt(orderId: string, actor: Actor): Promise<string> {
    const { store, settle, access, clock, newId } = this.deps;
    assertMay(access, actor, 'trade');
    const { book, order } = await this.adoptable(orderId);
    const now = clock.now();
    const plan = planFor(newId(), actor, book, order, now);
    const reason = { code: 'ADOPTED', userId: actor.userId } as const;
    const stop = stopBeside(order);
    const target = intentFor(plan, order);
    const taken = [
      { intent: target, outcome: placed(order.order, reason) },
      ...(stop ? [{ intent: stopFor(target, stop, order), outcome: placed(stop, reason) }] : []),
    ];
    // Another press was faster, or one of ours may be this very order.
    if (!(await store.adopt({ plan, orders: taken }, now)))
      throw new UserError('ADOPT_IMPOSSIBLE', { orderId, why: 'ours' }, 'nothing-more');
    await settle.lookNow(plan.id);
    return plan.id;
  }

  /**
   * The order by that number, as it stands, if it can be adopted.
   * @throws UserError `ADOPT_IMPOSSIBLE`, and as `OrdersService.find`; BrokerError
   */
  async adoptable(orderId: string): ReturnType<OrdersService['find']> {
    const found = await this.deps.orders.find(orderId);
    const why = whyNotAdopted(found.order);
    if (why) throw new UserError('ADOPT_IMPOSSIBLE', { orderId, why }, 'nothing-more');
    return found;
  }

  /**
   * An order of the journal that the broker doesn't know counts as ended from here on; its message says by whose word.
   * @throws UserError `NOT_A_TRADER`, and as `forgettable`; BrokerError
   */
  async forget(intentId: number, actor: Actor): Promise<OrderIntent> {
    const { store, settle, access, clock } = this.deps;
    assertMay(access, actor, 'trade');
    const intent = await this.forgettable(intentId);
    // Another press was faster, or it has ended by now.
    if (!(await store.forgetOrder(intentId, actor.userId, clock.now())))
      throw new UserError('FORGET_IMPOSSIBLE', { orderId: intent.brokerOrderId }, 'nothing-more');
    await settle.lookNow(intent.planId);
    return intent;
  }

  /**
   * The order of the journal, if the broker says that it doesn't know it.
   * @throws UserError `FORGET_IMPOSSIBLE` where the broker knows it; BrokerError where it can't say
   */
  async forgettable(intentId: number): Promise<OrderIntent> {
    const { store, broker } = this.deps;
    const intent = await store.intent(intentId);
    const orderId = intent?.brokerOrderId ?? null;
    if (!intent || orderId === null || (await knownOrder(broker, intent.account, orderId)))
      throw new UserError('FORGET_IMPOSSIBLE', { orderId }, 'nothing-more');
    return intent;
  }
}

/** Null where it can be: a target of one position that works, alone or with a stop beside it as the bot places them. */
export function whyNotAdopted(working: WorkingOrder): Unadoptable | null {
  const { order, others, flaws, positions, ours } = working;
  if (ours) return 'ours';
  if (!isOpen(order)) return 'ended';
  if (flaws.length > 0 || order.price === null || order.effect === null) return 'no-target';
  if (positions.length !== 1) return 'several';
  if (positions.some(({ underWay }) => underWay)) return 'under-way';
  return others.length > 0 && !stopBeside(working) ? 'linked' : null;
}

type Stop = BrokerOrder & { [Term in 'price' | 'effect' | 'stopTrigger']: NonNullable<BrokerOrder[Term]> };

/** The stop of a pair such as the bot places: a good-till-cancelled stop limit of the very contracts of its target. */
function stopBeside({ order, others }: WorkingOrder): Stop | null {
  const [stop, ...more] = others;
  if (!stop || more.length > 0 || stop.orderType !== 'Stop Limit') return null;
  const isPair = order.complex !== null && stop.complex?.id === order.complex.id && haveSameLegs(order, stop);
  const plain = flawsOfOrder(stop).every((flaw) => flaw === 'type');
  return isPair && plain && isStop(stop) && stop.effect === order.effect ? stop : null;
}

function isStop(order: BrokerOrder): order is Stop {
  return order.price !== null && order.effect !== null && order.stopTrigger !== null;
}

/** What a preview of this order would have been, had there been one. */
function planFor(id: string, actor: Actor, book: Book, { positions }: WorkingOrder, now: Date): NewPlan {
  const positionIds = positions.map((view) => view.id);
  const payload = encodePayload({
    which: positionIds[0] ?? 0,
    positionIds,
    overrides: {},
    dryRun: false,
    mark: book.mark,
    orders: [],
    fingerprint: {},
  });
  const { userId, guildId, channelId } = actor;
  return { id, account: book.account, userId, guildId, channelId, createdAt: now, expiresAt: now, payload };
}

function intentFor({ id: planId, account }: NewPlan, { order, positions }: WorkingOrder): NewIntent {
  const [view] = positions;
  const { price, effect } = order;
  if (!view || !price || !effect) throw new RangeError('only a plain target is adopted');
  const part = view.working.find((each) => each.order.id === order.id);
  const component = componentOf(view, order);
  const units = gcd(order.legs.map(({ quantity }) => quantity));
  return {
    planId,
    account,
    kind: 'place',
    positionId: view.id,
    targetKey: `adopted:${order.id}`,
    label: component?.label ?? view.title,
    underlying: order.underlying,
    externalIdentifier: `adopted:${account}:${order.id}`,
    legs: order.legs.map(({ instrument, action, quantity }) => ({
      symbol: instrument.symbol,
      kind: instrument.option ? 'option' : 'equity',
      action,
      quantity,
    })),
    units,
    price,
    stopTrigger: null,
    effect,
    percent: component ? percentAt(component.entry, price) : null,
    profit: part ? profitAtLimit(part, view.components, units) : null,
  };
}

function stopFor(target: NewIntent, stop: Stop, { positions: [view] }: WorkingOrder): NewIntent {
  const { targetKey, account, units } = target;
  const part = view?.working.find(({ others }) => others.some(({ id }) => id === stop.id));
  return {
    ...target,
    targetKey: stopKey(targetKey),
    externalIdentifier: `adopted:${account}:${stop.id}`,
    price: stop.price,
    stopTrigger: stop.stopTrigger,
    percent: null,
    profit: view && part ? profitAtLimit({ ...part, order: stop }, view.components, units) : null,
  };
}

/** The one it closes; null where it closes several. */
function componentOf({ working, components }: OpenPosition, { id }: BrokerOrder) {
  const keys = [...(working.find(({ order }) => order.id === id)?.units.keys() ?? [])];
  return keys.length === 1 ? (components.find(({ key }) => key === keys[0]) ?? null) : null;
}
