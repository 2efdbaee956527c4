import type { Flaw } from '../domain/target-rules.js';
import { listText, priceText } from '../domain/text.js';
import type { BrokerOrder } from '../domain/types.js';

/**
 * What an order is that closes something and is no target: `Day limit 0.40`, `stop at 1.20, closes one leg only`,
 * `limit 5.00, at a loss`.
 */
export function kindText(order: BrokerOrder, flaws: readonly Flaw[]): string {
  const named = flaws.some((flaw) => flaw in NAMED);
  const rest = flaws.flatMap((flaw) => OTHERS[flaw]?.(order) ?? []);
  return [...(named ? [orderText(order)] : []), ...rest].join(', ');
}

/** Where the kind of order has to be said for the rest to make sense. */
const NAMED: { [F in Flaw]?: true } = { type: true, time: true, loss: true, even: true };

const OTHERS: { [F in Flaw]?: (order: BrokerOrder) => string } = {
  roll: () => 'a roll that opens other contracts too',
  contingent: () => 'waits for a condition or another order',
  status: ({ status }) => `in a status I don’t know (${status})`,
  legs: ({ legs }) => (legs.length === 1 ? 'closes one leg only' : 'closes no whole unit'),
  loss: () => 'at a loss',
  even: () => 'without a profit',
  unknown: () => 'whether it earns isn’t known',
};

/** `Day stop limit at 1.20, limit 1.30`: what lasts till cancelled needs no word for it. */
export function orderText({
  orderType,
  timeInForce,
  stopTrigger,
  price,
}: Pick<BrokerOrder, 'orderType' | 'timeInForce' | 'stopTrigger' | 'price'>): string {
  const lasting = timeInForce === 'GTC';
  const time = lasting ? '' : `${timeInForce || 'time in force not told,'} `;
  const type = orderType.toLowerCase() || 'order of a type not told';
  const noun = /market$/.test(type) ? `${type} order` : type;
  const trigger = stopTrigger ? ` at ${priceText(stopTrigger)}` : '';
  if (!price) return `${time}${noun}${trigger}`;
  return `${time}${noun}${trigger}${noun === 'limit' ? ' ' : ', limit '}${priceText(price)}`;
}

/** ` (or 702, stop limit at 3.10: one cancels the other)`: the orders that end with this one. */
export function othersText(others: readonly BrokerOrder[]): string {
  if (others.length === 0) return '';
  return ` (or ${listText(others.map((order) => `${order.id}, ${orderText(order)}`))}: one cancels the other)`;
}
