import { countText, priceText } from '../../domain/text.js';
import {
  type FlaggedOrder,
  isBlind,
  type OrderLimits,
  type Reason,
  type WorkingOrders,
} from '../../services/reminders/kinds/working-orders.js';
import { roughPercent } from '../format.js';
import { orderBlock } from '../orders.js';
import { heading } from '../position.js';
import { COLOUR } from '../view.js';
import type { Telling } from './telling.js';

export function workingOrdersTelling(found: WorkingOrders): Telling {
  const { book, orders } = found;
  const blind = orders.length === 0 && isBlind(found);
  return {
    headline: headline(found),
    about:
      orders.length === 1
        ? orders.flatMap(({ working }) => [working.order.id, ...working.positions.map(heading)])
        : [],
    blocks: [...orders.map(block), ...doubts(found)],
    colour: blind ? COLOUR.warn : orders.length > 0 ? COLOUR.calm : COLOUR.good,
    book,
    preview: [],
    orders: orders.map(({ working }) => working.order.id),
  };
}

function headline(found: WorkingOrders): string {
  const { orders, limits, unknownDistance, unknownTicks, unread } = found;
  if (orders.length > 0) return `${countText(orders.length, 'working order')} worth a look`;
  if (!isBlind(found)) return `No working order is ${limitsText(limits)}`;
  const count = unknownDistance.length + unknownTicks.length;
  if (count === 0)
    return `No working order that I can read is ${limitsText(limits)}; ${unread.length} can’t be read`;
  return `How near ${countText(count, 'working order')} ${count === 1 ? 'is' : 'are'} to filling isn’t known`;
}

/** `30 days old, or within 10 % of filling`. */
function limitsText({ olderThanDays, withinTicks, withinPercent }: OrderLimits): string {
  return [
    olderThanDays === null ? '' : `${countText(olderThanDays, 'day')} old`,
    withinTicks === null ? '' : `within ${countText(withinTicks, 'tick')} of filling`,
    withinPercent === null ? '' : `within ${withinPercent} % of filling`,
  ]
    .filter(Boolean)
    .join(', or ');
}

function block({ working, reasons }: FlaggedOrder): string {
  return `${orderBlock(working)}\n⏳ ${reasons.map(reasonText).join(' · ')}`;
}

function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case 'old':
      return `working for **${countText(reason.days, 'day')}**`;
    case 'near':
      return `**${priceText(reason.away)} from filling**${reason.percent ? `, ${roughPercent(reason.percent)} of today’s mark` : ''}`;
    case 'reached':
      return '**the mark has reached its limit**';
  }
}

function doubts({ unknownDistance, unknownTicks }: WorkingOrders): string[] {
  const lines: string[] = [];
  const names = (orders: WorkingOrders['unknownTicks']) => orders.map(({ order }) => order.id).join(', ');
  if (unknownDistance.length > 0) {
    lines.push(`❔ How far from filling isn’t known for ${names(unknownDistance)}: there are no marks.`);
  }
  if (unknownTicks.length > 0) {
    lines.push(`❔ The distance in ticks isn’t known for ${names(unknownTicks)}: the broker gives no ticks.`);
  }
  return lines;
}
