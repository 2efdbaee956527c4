import { shortDay, weekday } from '../../domain/dates.js';
import { describeSymbol } from '../../domain/occ.js';
import { keyOfOrder } from '../../domain/position-key.js';
import { countText, listText } from '../../domain/text.js';
import { hasNearness, type WorkingOrder } from '../../services/orders/working-orders.js';
import type { ClosedOrder } from '../../services/reminders/closed.js';
import type { ExpiringPosition } from '../../services/reminders/expiring.js';
import type { DailySummary, PartialSum } from '../../services/reminders/kinds/daily-summary.js';
import type { OpenedOrder } from '../../services/reminders/opened.js';
import { signedUsd, timestamp, usd } from '../format.js';
import { limitText } from '../orders.js';
import { heading, targetsText } from '../position.js';
import { COLOUR } from '../view.js';
import { kindText, othersText } from '../working-order.js';
import { riskWords } from './risk.js';
import { listBlock, type Telling } from './telling.js';

type After = Extract<DailySummary, { part: 'after' }>;

export function dailySummaryTelling(found: DailySummary): Telling {
  const { book, day, without, partly } = found;
  const date = `${weekday(day)} ${shortDay(day)}`;
  return {
    headline: found.part === 'after' ? `After the close, ${date}` : `The day ahead, ${date}`,
    about:
      found.part === 'after' && found.realised.dollars
        ? [`${sumText(found.realised, 'order')} realised`]
        : [],
    blocks: found.part === 'after' ? afterBlocks(found) : beforeBlocks(found),
    colour: colourOf(found),
    book,
    preview: [...without, ...partly],
    orders: found.part === 'after' ? found.reached.map(({ order }) => order.id) : [],
  };
}

function beforeBlocks(found: DailySummary): Telling['blocks'] {
  const { session, expiring, without, partly, unsure, unread, orders } = found;
  const market = session
    ? `Regular session ${timestamp(session.open, 't')} to ${timestamp(session.close, 't')}.`
    : 'No trading at the exchange today.';
  const nothing = expiring.length + without.length + partly.length + unsure.length + orders.length === 0;
  return [
    market,
    ...listBlock('Expires within a week', expiringLines(found)),
    ...listBlock('Not (fully) covered', uncoveredLines(found)),
    ...listBlock('Working', orders.map(orderLine)),
    ...(nothing
      ? [
          unread.length > 0
            ? 'Of what I can read, nothing expires soon, is uncovered or works.'
            : 'Nothing expires soon, nothing is uncovered, nothing works.',
        ]
      : []),
  ];
}

function afterBlocks(found: After): Telling['blocks'] {
  const { book, closed, opened, realised, open, positions, unread, balances } = found;
  // An order of today may be among those that can’t be read.
  const unreadOrder = book.odd.some(({ what }) => what === 'order');
  const rows = [
    closed.length > 0
      ? `Realised ${sumText(realised, 'order')}, before fees`
      : `Nothing was closed by an order${unreadOrder ? ' that I can read' : ''} today.`,
    positions > 0
      ? `Open ${sumText(open, 'position')} over ${countText(positions, 'position')}`
      : `No open option positions${unread.length > 0 ? ' that I can read' : ''}.`,
    balances
      ? [
          `Buying power ${balances.derivativeBuyingPower ? usd(balances.derivativeBuyingPower) : 'not told'}`,
          `net liquidating value ${balances.netLiquidatingValue ? usd(balances.netLiquidatingValue) : 'not told'}`,
        ].join(' · ')
      : '❔ The broker doesn’t tell balances right now.',
    '-# What was assigned, exercised or expired is not part of the realised profit.',
  ];
  return [
    rows.join('\n'),
    ...listBlock('Filled today', [
      ...closed.map((each) => closedLine(each, found)),
      ...opened.map((each) => openedLine(each, found)),
    ]),
    ...listBlock('Next', nextLines(found)),
  ];
}

function expiringLines({ expiring }: DailySummary): string[] {
  return expiring.map((each) => `• ${heading(each.view)} · ${dteText(each)}${riskWords(each)}`);
}

function uncoveredLines({ without, partly, unsure }: DailySummary): string[] {
  return [...without, ...partly, ...unsure].map((view) => `• ${heading(view)} · ${targetsText(view)}`);
}

/** What to think about before the next session. */
function nextLines(found: After): string[] {
  const { without, partly, unsure, expiring, reached } = found;
  const ids = (views: readonly { id: number }[]) => listText(views.map(({ id }) => `#${id}`));
  return [
    without.length > 0 ? `• Set targets for ${ids(without)}` : '',
    partly.length > 0 ? `• Cover the rest of ${ids(partly)}` : '',
    unsure.length > 0 ? `• Look at ${ids(unsure)} at the broker: I can’t read all about it` : '',
    ...expiring.map((each) => `• ${dteText(each)}: ${heading(each.view)}${riskWords(each)}`),
    reached.length > 0
      ? `• Look at ${listText(reached.map(({ order }) => `order ${order.id}`))}: the mark is at the limit`
      : '',
  ].filter(Boolean);
}

function orderLine(working: WorkingOrder): string {
  const { order, others, flaws, positions, toMark } = working;
  const price = flaws.length > 0 ? `no target: ${kindText(order, flaws)}` : limitText(order);
  const whose = positions.map(heading).join(', ') || order.underlying;
  const reached = toMark?.lte(0) ? ' · **at or past today’s mark**' : '';
  const mark = toMark === null && hasNearness(order) ? ' · no mark' : reached;
  return `• Order ${order.id}${othersText(others)} · ${whose} · ${price}${mark}`;
}

function closedLine({ order, positionId, contracts, realised }: ClosedOrder, { book }: DailySummary): string {
  const view = book.positions.find(({ id }) => id === positionId);
  const whose = view ? heading(view) : `${positionId === null ? '' : `#${positionId} `}${order.underlying}`;
  const profit = realised ? `**${signedUsd(realised)}**` : 'realised profit not known';
  return `• Order ${order.id} · ${whose} · closed ${contractsText(contracts)} · ${profit}`;
}

function openedLine({ order, contracts }: OpenedOrder, { book }: DailySummary): string {
  const view = book.positions.find(({ position }) => position.key === keyOfOrder(order.id));
  return `• Order ${order.id} · ${view ? heading(view) : order.underlying} · opened ${contractsText(contracts)}`;
}

function contractsText(contracts: ReadonlyMap<string, number>): string {
  return [...contracts].map(([symbol, count]) => `${count} × ${describeSymbol(symbol)}`).join(', ');
}

function sumText({ dollars, unknown }: PartialSum, noun: string): string {
  if (!dollars) return '**not known**';
  return `**${signedUsd(dollars)}**${unknown > 0 ? ` (without ${countText(unknown, noun)} not known)` : ''}`;
}

function dteText({ dte: days, over, expiration, lastDay }: ExpiringPosition): string {
  if (over) return 'expired, not settled yet';
  const early = lastDay !== expiration;
  if (days === 0) return early ? '**trades last today**' : '**expires today**';
  return `${countText(days, 'day')} to ${early ? 'its last trade' : 'expiration'}`;
}

function colourOf({ without, partly, unread, expiring }: DailySummary): number {
  if (expiring.some(({ shorts }) => shorts.length > 0)) return COLOUR.bad;
  return without.length + partly.length + unread.length > 0 ? COLOUR.warn : COLOUR.calm;
}
