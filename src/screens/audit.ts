import type { Environment } from '../domain/environment.js';
import { countText } from '../domain/text.js';
import type { OrderTrail } from '../ports/audit.js';
import type { CancelledHere } from '../ports/cancels.js';
import type { IntentKind, IntentState } from '../ports/order-intents.js';
import type { AuditedOrder, PositionAudit, Press } from '../services/history/audit.js';
import { whereLine, whichAccount } from './account.js';
import { firstLine } from './first-line.js';
import { contractsText, dealText, personText, quoted, timestamp } from './format.js';
import { textPages } from './pages.js';
import { reasonText } from './reasons.js';
import type { View } from './view.js';

const MOST_REASON = 300;

/** What the broker answered, or didn't, as it was written down. */
const ANSWERS: Record<IntentState, string> = {
  reserved: 'is about to be sent',
  submitting: 'was sent; its answer is awaited',
  placed: 'was taken by the broker',
  refused: 'was refused, and no order exists',
  unknown: 'has no clear answer; it is being looked for',
  absent: 'isn’t at the broker: it was looked for long enough',
  abandoned: 'was given up before it was sent',
};

/** What became of a cancel whose order hasn't ended. */
const CANCELS: Record<Exclude<CancelledHere['state'], 'ended'>, string> = {
  offered: 'not confirmed',
  requesting: 'is about to be asked for',
  requested: 'was taken by the broker; its end is awaited',
  unknown: 'has no clear answer',
  refused: 'was refused, and the order works',
  absent: 'never arrived, and the order works',
};

/** What an order was for, where that isn't a target. */
const KINDS: Record<IntentKind, string> = { place: '', change: 'New price: ', close: 'Close: ' };

/** Who pressed what, when, and what came of it; the latest first. */
export function auditViews(audit: PositionAudit, environment: Environment): View[] {
  const { positionId, account, presses, more } = audit;
  const orders = presses.reduce((count, press) => count + press.orders.length, 0);
  const underlying = presses[0]?.orders[0]?.intent.underlying;
  return textPages([
    {
      text: firstLine([
        `**${[`#${positionId}`, ...(underlying ? [underlying] : [])].join(' ')}**`,
        orders > 0 ? `${countText(orders, 'order')}, the latest first` : 'nothing was ever sent for it by me',
        whichAccount(account),
      ]),
    },
    ...presses.flatMap((press) => [
      { text: pressText(press), apart: true },
      ...press.orders.map((order) => ({ text: orderText(order, press) })),
      ...press.decisions.map((decision) => ({ text: decisionText(decision) })),
    ]),
    ...(more ? [{ text: '… and earlier orders, which the database keeps too.', apart: true }] : []),
    { text: whereLine(environment, account), apart: true },
  ]);
}

function pressText({ plan, pressedAt, adopted }: Press): string {
  const at = pressedAt ? timestamp(pressedAt, 'f') : 'at a time not written down';
  return `**${whoText(plan.userId)} ${adopted ? 'adopted it' : 'pressed Submit'}** ${at}${messageText(plan)}`;
}

/** Where it was pressed; a preview on the command line has no message. */
function messageText({ guildId, channelId, messageIds }: Press['plan']): string {
  const message = messageIds.at(-1);
  if (message === undefined) return '';
  return ` · [preview](https://discord.com/channels/${guildId ?? '@me'}/${channelId}/${message})`;
}

function orderText(
  { intent, fills, toldAt, cancels, forgottenAt }: AuditedOrder,
  { adopted }: Pick<Press, 'adopted'>,
): string {
  const { legs, underlying, state, brokerOrderId, reason } = intent;
  const name = `${KINDS[intent.kind]}${brokerOrderId === null ? intent.label : `Order ${brokerOrderId}`}`;
  const symbols = legs.map(({ symbol }) => symbol);
  const sent = intent.sentAt ? `sent ${timestamp(intent.sentAt, 't')}` : 'never sent';
  const answered = intent.settledAt ? ` ${timestamp(intent.settledAt, 't')}` : '';
  const how = adopted ? ['placed elsewhere'] : [sent, `${ANSWERS[state]}${answered}`];
  const now = intent.brokerStatus
    ? `now **${intent.brokerStatus}**${toldAt ? ` since ${timestamp(toldAt, 'f')}` : ''}`
    : '';
  const last = fills.at(-1);
  const traded = last ? `${tradedText(intent, fills)}, the last ${timestamp(last.at, 'f')}` : '';
  return [
    `**${name}** · ${dealText(intent)} · ${contractsText(symbols, underlying)}`,
    `-# ${[...how, now, traded].filter(Boolean).join(' · ')}`,
    ...cancels.map(cancelText),
    ...(reason
      ? [
          `-# ${quoted(reasonText(reason), MOST_REASON)}${forgottenAt ? ` · ${timestamp(forgottenAt, 'f')}` : ''}`,
        ]
      : []),
  ].join('\n');
}

/** `traded 1 of 2`, in the order's own units; in contracts where its legs have traded unevenly. */
function tradedText({ legs, units }: OrderTrail['intent'], fills: OrderTrail['fills']): string {
  const traded = (symbol: string) =>
    fills.reduce((sum, fill) => sum + (fill.symbol === symbol ? fill.quantity : 0), 0);
  const parts = new Set(legs.map(({ symbol, quantity }) => (traded(symbol) * units) / quantity));
  const [whole = 0] = parts;
  if (parts.size === 1 && Number.isInteger(whole)) return `traded ${whole} of ${units}`;
  const contracts = fills.reduce((count, { quantity }) => count + quantity, 0);
  return `traded ${countText(contracts, 'contract')}, its legs unevenly`;
}

function cancelText({ userId, confirmedAt, state, orderState, successor }: CancelledHere): string {
  const done = state === 'ended' && orderState === 'cancelled';
  const end = done ? '' : ` · ${state === 'ended' ? `it ended first: ${orderState}` : CANCELS[state]}`;
  const next = successor === null ? '' : ` · order ${successor} took its place`;
  const what = done ? 'cancelled it' : 'asked to cancel it';
  return `-# ${whoText(userId)} ${what} ${timestamp(confirmedAt, 'f')}${end}${next}`;
}

function decisionText({ at, userId, whose }: Press['decisions'][number]): string {
  const said = whose === 'ours' ? 'is mine' : 'was placed by hand';
  return `-# ${whoText(userId)} said that what looked like it ${said} · ${timestamp(at, 'f')}`;
}

/** At the beginning of a line. */
function whoText(userId: string): string {
  const text = personText(userId);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
