import type { Environment } from '../domain/environment.js';
import { unitsTraded } from '../domain/execution.js';
import { hasFree } from '../domain/position-cover.js';
import type { Reason } from '../domain/reasons.js';
import { gcd } from '../domain/strategies/shape.js';
import { countText } from '../domain/text.js';
import type { Cancellation, OrderCancel } from '../ports/cancels.js';
import type { OpenPosition } from '../services/accounts/positions.js';
import type { CancelWords } from '../services/orders/cancels/cancel-projector.js';
import { type CancelledOrder, type CancelNews, isSettled } from '../services/orders/cancels/cancel-reader.js';
import type { Left } from '../services/orders/left.js';
import { whereLine, whichAccount } from './account.js';
import { type Button, button, PER_ROW, row, setAgain, setTerms } from './components.js';
import { customId } from './custom-ids.js';
import { firstLine } from './first-line.js';
import { legsText, payOrReceive, quoted, spreadText, timestamp } from './format.js';
import { knownBy } from './known-by.js';
import { packPieces } from './pages.js';
import { heading, targetsText } from './position.js';
import { reasonText } from './reasons.js';
import { COLOUR, type Row, type View } from './view.js';
import { orderText } from './working-order.js';

const REASON_LENGTH = 300;

/** In the footer, so that a message which nobody wrote down is known again. */
function cancelMark(id: string): string {
  return `cancel ${id}`;
}

/** How cancellations read on Discord. */
export function cancelWords(environment: Environment): CancelWords<View> {
  return {
    pages: (news) => cancelViews(news, environment),
    ...knownBy('cancel', cancelMark),
  };
}

/** What became of each order, and what of the positions is uncovered now. */
export function cancelViews(news: CancelNews, environment: Environment): View[] {
  const { cancellation, orders, left, name } = news;
  const pages = packPieces([
    {
      text: firstLine(
        [...headlines(cancellation.orders), ...namesOf(left?.positions ?? []), whichAccount(name)],
        `<@${cancellation.userId}> `,
      ),
    },
    ...orders.map((each) => ({ text: orderLines(each), apart: true })),
    ...leftText(news).map((text) => ({ text, apart: true })),
    { text: whereLine(environment, name), apart: true },
  ]);
  return pages.map(({ text }, index) => ({
    content: text,
    embeds: [{ color: colourOf(cancellation), footer: { text: cancelMark(cancellation.id) } }],
    components: index === pages.length - 1 ? actions(news) : [],
  }));
}

/** Of one position its name; several are named elsewhere. */
export function namesOf(positions: readonly OpenPosition[]): string[] {
  return positions.length === 1 ? positions.map(heading) : [];
}

/** How a position is covered, in a line. */
export function coverLine(view: OpenPosition): string {
  return `${view.cover.state === 'full' ? '✅' : '⚠️'} ${heading(view)} · ${targetsText(view)}`;
}

/** What is true of the positions once each order's end is known; what they become later, other messages tell. */
function leftText({ cancellation, left }: CancelNews): string[] {
  const ended = cancellation.orders.filter(({ state }) => state === 'ended');
  if (!isSettled(cancellation) || ended.length === 0) return [];
  return [
    leftLines(
      left,
      ended.flatMap(({ positionIds }) => positionIds),
    ),
  ];
}

/** How the positions stand of which orders have ended, or that nobody knows it yet. */
export function leftLines(left: Left | null, positionIds: readonly number[]): string {
  if (!left) return 'What stands uncovered now I can’t read yet; I look again.';
  const gone = [...new Set(positionIds)].filter((id) => !left.positions.some((view) => view.id === id));
  const lines = [...left.positions.map(coverLine), ...gone.map((id) => `#${id} is no longer held.`)];
  return [`**As of ${timestamp(left.readAt, 'f')}**`, ...lines].join('\n');
}

/** `2 orders cancelled`, or exactly what happened instead. */
function headlines(cancels: readonly OrderCancel[]): string[] {
  const parts = new Map<string, number>();
  for (const cancel of cancels) parts.set(fateOf(cancel), (parts.get(fateOf(cancel)) ?? 0) + 1);
  const [first = '', ...more] = [...parts].map(([fate, count], index) =>
    index === 0 ? `**${countText(count, 'order')} ${fate}**` : `**${count} ${fate}**`,
  );
  return [first, ...more];
}

/** `cancelled`, or what happened instead. */
export function fateOf({ state, orderState, replacedBy }: OrderCancel): string {
  switch (state) {
    case 'ended':
      if (orderState === 'filled') return 'filled first';
      return orderState === 'cancelled' && replacedBy !== null ? 'replaced' : (orderState ?? 'ended');
    case 'refused':
    case 'absent':
      return 'not cancelled';
    case 'unknown':
      return 'unknown';
    default:
      return 'asked to be cancelled';
  }
}

const ICONS: Readonly<Record<OrderCancel['state'], string>> = {
  offered: '✅',
  requesting: '⏳',
  requested: '⏳',
  unknown: '❓',
  ended: '⚪',
  refused: '🔴',
  absent: '🔴',
};

function orderLines({ cancel, order }: CancelledOrder): string {
  return `${orderLine(cancel)}\n-# ${stateText({ cancel, order })}`;
}

/** Which order it is, and what it is for. */
export function orderLine(cancel: OrderCancel): string {
  const icon = cancel.orderState === 'filled' ? '💰' : ICONS[cancel.state];
  const legs = [...cancel.legs];
  const price =
    cancel.orderType === 'Limit' && cancel.price && cancel.effect
      ? payOrReceive(cancel.effect, cancel.price)
      : orderText(cancel);
  return `${icon} **Order ${cancel.orderId}** · ${cancel.underlying} ${spreadText(legs) ?? legsText(legs)} · ${price}`;
}

/** It goes on in a sentence of ours. */
function whyText(reason: Reason): string {
  return quoted(reasonText(reason), REASON_LENGTH).replace(/\.$/, '');
}

function stateText({ cancel, order }: CancelledOrder): string {
  const reason = cancel.reason === null ? null : whyText(cancel.reason);
  switch (cancel.state) {
    case 'ended':
      return endedText(cancel, order);
    case 'refused':
      return `Not cancelled: ${reason ?? 'the broker took the cancel and gave it up'}. ${worksText(order)}`;
    case 'absent':
      return `Not cancelled: ${reason ?? 'the broker shows no cancel of it, so none arrived'}. ${worksText(order)}`;
    case 'unknown':
      return `Unknown whether the cancel arrived${reason ? `: ${reason}` : '.'} I read the order until I can say.`;
    case 'requested':
      return 'Cancel requested: it works until the broker confirms its end, and may fill yet.';
    default:
      return 'The broker is being asked.';
  }
}

function worksText(order: CancelledOrder['order']): string {
  return order ? `It still works (${order.status}).` : 'I read the order to see how it stands.';
}

function endedText(cancel: OrderCancel, order: CancelledOrder['order']): string {
  const reason = cancel.reason === null ? '' : `: ${whyText(cancel.reason)}`;
  if (cancel.orderState === 'filled') return 'Filled before a cancel could reach it.';
  if (cancel.replacedBy !== null) return `Replaced by order ${cancel.replacedBy}, which stands for itself.`;
  const end = cancel.orderState === 'cancelled' ? 'Cancelled' : `${order?.status ?? 'Ended'}`;
  return `${end}${reason}.${tradedText(cancel, order)}`;
}

/** Terminal with fewer fills than ordered is normal: the executed part is what happened. */
function tradedText({ legs }: OrderCancel, order: CancelledOrder['order']): string {
  if (!order) return '';
  const traded = unitsTraded(order);
  if (traded === 0) return '';
  if (traded === null) return ' **Its legs had traded unevenly: look at the broker.**';
  return ` **${traded} of ${gcd(legs.map(({ quantity }) => quantity))} had filled before.**`;
}

/** What works still can be asked about anew, and what lost its target previewed. */
function actions({ orders, left }: CancelNews): Row[] {
  const still = orders.filter(({ cancel: { state } }) => state === 'refused' || state === 'absent');
  const lost = orders.filter(
    ({ cancel: { orderState, replacedBy } }) =>
      orderState !== null && orderState !== 'filled' && replacedBy === null,
  );
  const uncovered = (left?.positions ?? []).filter(
    (view) =>
      hasFree(view.cover) && lost.some(({ cancel: { positionIds } }) => positionIds.includes(view.id)),
  );
  const buttons = [
    ...still.map(({ cancel: { orderId } }) =>
      button(customId('cancel', 'one', orderId), `Cancel ${orderId} again…`),
    ),
    ...(left === null || uncovered.length > 0 ? formerTerms(lost.map(({ cancel }) => cancel)) : []),
    ...setAgain(uncovered.map(({ id }) => id)),
  ].slice(0, PER_ROW);
  return buttons.length > 0 ? [row(buttons)] : [];
}

/** The one order that was lost, at the price it had. */
function formerTerms([only, ...more]: readonly OrderCancel[]): Button[] {
  const [positionId, ...others] = only?.positionIds ?? [];
  if (!only?.price || positionId === undefined || more.length + others.length > 0) return [];
  if (only.complexId !== null || only.orderType !== 'Limit') return [];
  return [setTerms({ positionId, orderId: only.orderId, price: only.price })];
}

function colourOf({ orders }: Cancellation): number {
  if (orders.some(({ state }) => state === 'refused' || state === 'absent')) return COLOUR.bad;
  if (orders.some(({ state }) => state !== 'ended')) return COLOUR.warn;
  return orders.some(({ orderState }) => orderState === 'filled') ? COLOUR.good : COLOUR.quiet;
}
