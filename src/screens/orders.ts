import type { Environment } from '../domain/environment.js';
import { isOpen } from '../domain/order-fills.js';
import { isOurClose } from '../domain/position-life.js';
import { countText } from '../domain/text.js';
import type { BrokerOrder } from '../domain/types.js';
import type { Book } from '../services/accounts/positions.js';
import type { WorkingOrder } from '../services/orders/working-orders.js';
import { whereLine, whichAccount } from './account.js';
import { cancelMenus } from './components.js';
import { firstLine } from './first-line.js';
import { besideMark, contractsText, legsText, payOrReceive, quoted, spreadText } from './format.js';
import { oddRowsLine } from './odd-rows.js';
import { textPages, textView } from './pages.js';
import { heading } from './position.js';
import { marksMissingText } from './preview-notes.js';
import type { View } from './view.js';
import { kindText, othersText } from './working-order.js';

export function ordersViews(book: Book, orders: readonly WorkingOrder[], environment: Environment): View[] {
  const where = whereLine(environment, book.name);
  const odd = oddRowsLine(book.odd);
  if (orders.length === 0) {
    const none = 'No closing order works at the broker. `/targets` previews some.';
    return [
      textView([
        firstLine(['**No working closing orders**', whichAccount(book.name)]),
        ...(odd ? ['None that I can read.', odd] : [none]),
        where,
      ]),
    ];
  }
  const marks = book.marksMissing ? ` · ${marksMissingText(book.marksMissing)}` : '';
  const pages = textPages([
    {
      text: firstLine([
        `**${countText(orders.length, 'working closing order')}**`,
        whose(orders),
        whichAccount(book.name),
      ]),
    },
    ...[...orders.map(orderBlock), ...(odd ? [odd] : []), `${where}${marks}`].map((text) => ({
      text,
      apart: true,
    })),
  ]);
  const last = pages.at(-1);
  if (last) last.components = cancelMenus(orders);
  return pages;
}

/** The position, if all are of one. */
function whose(orders: readonly WorkingOrder[]): string {
  const names = new Set(orders.map(({ positions }) => positions.map(heading).join(', ')));
  return names.size === 1 ? [...names].join() : '';
}

/** All about one closing order, for lists. */
export function orderBlock({ order, others, flaws, positions, ours, toMark }: WorkingOrder): string {
  const legs = order.legs.map((leg) => ({ ...leg, symbol: leg.instrument.symbol }));
  const price = limitText(order);
  const whose = positions.map(heading).join(', ') || `${order.underlying} (fits no open position)`;
  return [
    `**Order ${order.id}**${othersText(others)} · ${whose} · ${contractsText(
      legs.map(({ symbol }) => symbol),
      order.underlying,
    )}`,
    `${spreadText(legs) ?? legsText(legs)} · ${price} · ${order.timeInForce}${distanceText(order, toMark)}`,
    ...(flaws.length > 0 && isOpen(order)
      ? [
          `${isOurClose({ flaws, linked: ours }) ? 'Closes it' : 'No profit target'}: ${kindText(order, flaws)}`,
        ]
      : []),
    `-# ${order.status}${ours ? '' : ' · placed elsewhere'}${partly(order)}`,
  ].join('\n');
}

/** A resting limit by what is paid or received; anything else, and a stop's limit, by its kind. */
export function limitText({ orderType, price, effect }: BrokerOrder): string {
  return orderType === 'Limit' && price && effect ? payOrReceive(effect, price) : orderType;
}

/** One order as it stands, working or ended. */
export function orderView(book: Book, order: WorkingOrder, environment: Environment): View {
  const reason = order.order.rejectReason ? [`-# ${quoted(order.order.rejectReason, 300)}`] : [];
  const working = isOpen(order.order);
  return textView([
    `**${working ? 'Working closing order' : 'This order works no more'}**`,
    orderBlock(working ? order : { ...order, toMark: null }),
    ...reason,
    whereLine(environment, book.name),
  ]);
}

function distanceText({ price, effect }: WorkingOrder['order'], toMark: WorkingOrder['toMark']): string {
  if (!price || !toMark) return '';
  return ` · ${besideMark(price, effect === 'debit' ? price.plus(toMark) : price.minus(toMark))}`;
}

function partly({ legs }: WorkingOrder['order']): string {
  const left = legs.some(({ remaining, quantity }) => remaining < quantity);
  return left
    ? ` · partly filled: ${legs.map(({ remaining, quantity }) => `${remaining} of ${quantity}`).join(', ')} left`
    : '';
}
