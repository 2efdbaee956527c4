import { isStop } from '../../domain/covers.js';
import { concernsContracts } from '../../domain/odd-rows.js';
import type { BrokerOrder, OddRow } from '../../domain/types.js';
import type { OrderIntent } from '../../ports/store.js';

const MINUTE = 60_000;
/** The broker's clock and ours differ by less than this. */
const CLOCK_SKEW = 5 * MINUTE;
/** A request leaves and arrives within this time of its release, or never (see `sendDeadline`). */
const ARRIVES_WITHIN = 5 * MINUTE;

/** Orders that could be this one though they carry no identifier of ours. */
export function lookalikesOf(intent: OrderIntent, orders: readonly BrokerOrder[]): BrokerOrder[] {
  const alike = orders.filter((order) => isLookalike(intent, order));
  return [...new Map(alike.map((order) => [order.id, order])).values()];
}

function isLookalike(intent: OrderIntent, order: BrokerOrder): boolean {
  if (order.externalIdentifier !== null || !isOfItsTime(intent, order)) return false;
  return order.odd ? mayBe(intent, order.odd) : isSame(intent, order);
}

/** What can't be read in full, its time perhaps not either, may be any order on its contracts. */
function mayBe(intent: OrderIntent, odd: OddRow): boolean {
  const symbols = intent.legs.map(({ symbol }) => symbol);
  return concernsContracts({ ...odd, doubts: 'coverage' }, symbols, [intent.underlying]);
}

function isOfItsTime(intent: OrderIntent, { receivedAt, odd }: BrokerOrder): boolean {
  if (receivedAt === null) return odd !== undefined;
  const received = receivedAt.getTime();
  const sent = (intent.sentAt ?? intent.createdAt).getTime();
  return (
    received >= intent.createdAt.getTime() - CLOCK_SKEW && received <= sent + ARRIVES_WITHIN + CLOCK_SKEW
  );
}

function isSame(intent: OrderIntent, order: BrokerOrder): boolean {
  return (
    order.effect === intent.effect &&
    order.price?.eq(intent.price) === true &&
    isStop(order) === (intent.stopTrigger !== null) &&
    (intent.stopTrigger === null || order.stopTrigger?.eq(intent.stopTrigger) === true) &&
    order.legs.length === intent.legs.length &&
    order.legs.every(({ instrument, action, quantity }) =>
      intent.legs.some(
        (leg) => leg.symbol === instrument.symbol && leg.action === action && leg.quantity === quantity,
      ),
    )
  );
}
