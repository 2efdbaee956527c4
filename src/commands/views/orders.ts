import { priceText } from '../../services/domain/text.js';
import type { WorkingOrder } from '../../services/orders.js';
import type { Book } from '../../services/positions.js';
import type { Environment } from '../../settings/settings.js';
import { legsText, maskAccount, payOrReceive } from './format.js';
import { packBlocks } from './pages.js';
import { heading } from './position.js';
import { COLOUR, type View } from './view.js';

export function ordersViews(book: Book, orders: readonly WorkingOrder[], environment: Environment): View[] {
  const footer = { text: `${environment} · account ${maskAccount(book.account)}` };
  if (orders.length === 0) {
    const description = 'No closing order works at the broker. `/targets` previews some.';
    return [
      {
        content: '',
        embeds: [{ title: 'No working closing orders', description, color: COLOUR.quiet, footer }],
        components: [],
      },
    ];
  }
  const title = `${orders.length} working closing order${orders.length === 1 ? '' : 's'}`;
  return packBlocks(orders.map(block)).map((description, index) => ({
    content: '',
    embeds: [{ ...(index === 0 ? { title } : {}), description, color: COLOUR.calm, footer }],
    components: [],
  }));
}

function block({ order, positions, ours, toMark }: WorkingOrder): string {
  const legs = order.legs.map((leg) => ({ ...leg, symbol: leg.instrument.symbol }));
  const price = order.price && order.effect ? payOrReceive(order.effect, order.price) : order.orderType;
  const whose = positions.map(heading).join(', ') || `${order.underlying} (fits no open position)`;
  return [
    `**Order ${order.id}** · ${whose}`,
    legsText(legs),
    `${price} · ${order.timeInForce}${toMark ? ` · ${distanceText(toMark)}` : ''}`,
    `-# ${order.status}${ours ? '' : ' · placed elsewhere'}${partly(order)}`,
  ].join('\n');
}

function distanceText(toMark: NonNullable<WorkingOrder['toMark']>): string {
  return toMark.lte(0) ? '**at or past today’s mark**' : `${priceText(toMark)} from today’s mark`;
}

function partly({ legs }: WorkingOrder['order']): string {
  const left = legs.some(({ remaining, quantity }) => remaining < quantity);
  return left
    ? ` · partly filled: ${legs.map(({ remaining, quantity }) => `${remaining} of ${quantity}`).join(', ')} left`
    : '';
}
