import type { Environment } from '../domain/environment.js';
import { isOpen } from '../domain/orders.js';
import type { BrokerOrder } from '../domain/types.js';
import type { Book } from '../services/accounts/positions.js';
import type { WorkingOrder } from '../services/orders/working-orders.js';
import { besideMark, clip, contractsText, legsText, maskAccount, payOrReceive } from './format.js';
import { oddRowsLine } from './odd-rows.js';
import { packBlocks } from './pages.js';
import { heading } from './position.js';
import { COLOUR, type View } from './view.js';
import { kindText, othersText } from './working-order.js';

export function ordersViews(book: Book, orders: readonly WorkingOrder[], environment: Environment): View[] {
  const account = `${environment} · account ${maskAccount(book.account)}`;
  const marks = orders.length > 0 && book.marksMissing ? ` · ${book.marksMissing}` : '';
  const footer = { text: `${account}${marks}` };
  const odd = oddRowsLine(book.odd);
  if (orders.length === 0) {
    const none = 'No closing order works at the broker. `/targets` previews some.';
    const description = odd ? `None that I can read.\n\n${odd}` : none;
    return [
      {
        content: '',
        embeds: [{ title: 'No working closing orders', description, color: COLOUR.quiet, footer }],
        components: [],
      },
    ];
  }
  const title = `${orders.length} working closing order${orders.length === 1 ? '' : 's'}`;
  return packBlocks([...orders.map(orderBlock), ...(odd ? [odd] : [])]).map((description, index) => ({
    content: '',
    embeds: [{ ...(index === 0 ? { title } : {}), description, color: COLOUR.calm, footer }],
    components: [],
  }));
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
    legsText(legs),
    `${price} · ${order.timeInForce}${distanceText(order, toMark)}`,
    ...(flaws.length > 0 && isOpen(order) ? [`No profit target: ${kindText(order, flaws)}`] : []),
    `-# ${order.status}${ours ? '' : ' · placed elsewhere'}${partly(order)}`,
  ].join('\n');
}

/** A resting limit by what is paid or received; anything else, and a stop's limit, by its kind. */
export function limitText({ orderType, price, effect }: BrokerOrder): string {
  return orderType === 'Limit' && price && effect ? payOrReceive(effect, price) : orderType;
}

/** One order as it stands, working or ended. */
export function orderView(book: Book, order: WorkingOrder, environment: Environment): View {
  const footer = { text: `${environment} · account ${maskAccount(book.account)}` };
  const reason = order.order.rejectReason ? `\n-# ${clip(order.order.rejectReason, 300)}` : '';
  const working = isOpen(order.order);
  const description = `${orderBlock(working ? order : { ...order, toMark: null })}${reason}`;
  const title = working ? 'Working closing order' : 'This order works no more';
  return {
    content: '',
    embeds: [{ title, description, color: working ? COLOUR.calm : COLOUR.quiet, footer }],
    components: [],
  };
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
