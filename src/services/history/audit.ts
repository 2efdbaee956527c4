import type { AccountName } from '../../domain/account-names.js';
import { UserError } from '../../domain/errors.js';
import type { OrderTrail, PressedPlan } from '../../ports/audit.js';
import type { CancelledHere } from '../../ports/cancels.js';
import type { Store } from '../../ports/store.js';
import type { Desks } from '../accounts/desks.js';

/** Of a position with more, the latest are told. */
export const MOST_ORDERS = 40;

/** One order, and who had it cancelled from here, in their order. */
export interface AuditedOrder extends OrderTrail {
  cancels: readonly CancelledHere[];
  /** When somebody said that the broker's not knowing it is its end; its reason says who. */
  forgottenAt: Date | null;
}

/** What was done at one preview, in the order it was done. */
export interface Press {
  plan: PressedPlan;
  /** When Submit was pressed; null if that wasn't written down. */
  pressedAt: Date | null;
  /** Nothing was sent: an order that was there was taken for the bot's own. */
  adopted: boolean;
  orders: AuditedOrder[];
  /** Who said, of an order that looked like ours, whose it is. */
  decisions: { at: Date; userId: string; whose: 'ours' | 'by-hand' }[];
}

export interface PositionAudit {
  positionId: number;
  account: AccountName;
  /** The latest first. */
  presses: Press[];
  /** Older ones are kept too. */
  more: boolean;
}

export interface AuditDeps {
  store: Pick<Store, 'trail' | 'positionAccounts' | 'cancelsOf'>;
  desks: Pick<Desks, 'holding'>;
}

/** Who pressed what, when, from which message, what was sent and what was answered: as it was written down then. */
export class AuditService {
  constructor(private readonly deps: AuditDeps) {}

  /** @throws UserError `POSITION_UNKNOWN`, and as `Desks.holding` */
  async read(positionId: number, typedAccount: string | null): Promise<PositionAudit> {
    const { store, desks } = this.deps;
    const desk = await desks.holding([positionId], typedAccount);
    const account = (await store.positionAccounts([positionId])).get(positionId);
    if (account !== desk.number) throw new UserError('POSITION_UNKNOWN', { typed: `#${positionId}` });
    const orders = await store.trail(account, positionId, MOST_ORDERS + 1);
    const told = orders.slice(0, MOST_ORDERS);
    const cancels = await store.cancelsOf(
      account,
      told.flatMap(({ intent }) => intent.brokerOrderId ?? []),
    );
    return {
      positionId,
      account: desk.name,
      presses: pressesOf(
        told.map((order) => ({
          ...order,
          cancels: cancels.get(order.intent.brokerOrderId ?? '') ?? [],
          forgottenAt: forgottenAt(order),
        })),
      ),
      more: orders.length > MOST_ORDERS,
    };
  }
}

function pressesOf(orders: readonly AuditedOrder[]): Press[] {
  const presses = new Map<string, Press>();
  for (const order of orders) {
    const press = presses.get(order.plan.id) ?? pressOf(order);
    // Kept the latest first, sent the first first.
    press.orders.unshift(order);
    presses.set(order.plan.id, press);
  }
  return [...presses.values()];
}

function forgottenAt({ intent, events }: OrderTrail): Date | null {
  const isIts = ({ kind, details }: OrderTrail['events'][number]) =>
    kind === 'order-forgotten' && details.orderId === intent.brokerOrderId;
  return events.find(isIts)?.at ?? null;
}

function pressOf({ plan, events }: OrderTrail): Press {
  return {
    plan,
    pressedAt: events.find(({ kind }) => kind === 'plan-claimed')?.at ?? null,
    adopted: events.some(({ kind }) => kind === 'order-adopted'),
    orders: [],
    decisions: events
      .filter(({ kind }) => kind === 'lookalike-decided')
      .map(({ at, actor, details }) => ({
        at,
        userId: actor,
        whose: details.whose === 'ours' ? 'ours' : 'by-hand',
      })),
  };
}
