import { ButtonStyle } from 'discord.js';
import { exchangeDay, shortDay, weekday } from '../domain/dates.js';
import type { DayStep } from '../domain/day-profits.js';
import type { Environment } from '../domain/environment.js';
import { countText, listText } from '../domain/text.js';
import type { ExitWords } from '../services/noticing/exits/exit-projector.js';
import type { ExitCard, ExitOffer, HeldExit } from '../services/noticing/exits/exit-reader.js';
import { sendable } from '../services/noticing/shown-orders.js';
import { whichAccount } from './account.js';
import { orderLines, submitLabel, wayLines } from './close.js';
import { type Button, button } from './components.js';
import { customId } from './custom-ids.js';
import { doubtText } from './doubts.js';
import { wordsOf } from './failures/index.js';
import { firstLine } from './first-line.js';
import { clip, roughPercent, signedUsd } from './format.js';
import { haltText } from './halt.js';
import { knownBy } from './known-by.js';
import { expirations, heading, legs, rolledLines } from './position.js';
import { positionCard } from './position-card.js';
import { previewNoteText } from './preview-notes.js';
import { COLOUR, type View } from './view.js';

/** Texts from outside are cut to these lengths; prices, legs and amounts never are. */
const TEXT = { why: 300, doubt: 160 };
/** So many days are told one by one, the latest. */
const MOST_STEPS = 10;

/** In the footer, so that a message which nobody wrote down is known again. */
function exitMark(topic: string): string {
  return `exit ${topic}`;
}

/** How the card of a position that has come to its days reads on Discord. */
export function exitWords(environment: Environment): ExitWords<View> {
  return { page: (card) => exitView(card, environment), ...knownBy('exit', exitMark), begins: () => true };
}

/** A position that has come to its days before expiration: what it made so far, and its close, previewed. */
export function exitView(card: ExitCard, environment: Environment): View {
  const { id, limit, name, userId, held } = card;
  return positionCard(
    {
      id,
      name,
      userId,
      held: held && {
        lines: (mention) => heldLines(held, card, mention),
        buttons: (whole) => buttonsOf(id, held, whole),
        also: 'mark' in held.offer ? 'GTC limit' : '',
      },
      color: held ? COLOUR.warn : COLOUR.quiet,
      mark: exitMark(`${id}/${limit}`),
    },
    environment,
  );
}

function heldLines(held: HeldExit, { limit, name }: ExitCard, mention: string): string[] {
  const { view, due, readAt, offer } = held;
  const { position, profit } = view;
  const late = due === exchangeDay(readAt) ? '' : ` It came to ${limit} DTE on ${dayText(due)}.`;
  return [
    firstLine(
      [
        `**Exit ${heading(view)}?**`,
        profit.dollars ? `**${signedUsd(profit.dollars)}** so far` : 'profit not known',
        whichAccount(name),
      ],
      mention,
    ),
    `${expirations(view, readAt)} · ${legs(position)}`,
    ...rolledLines(view),
    ...position.doubts.map((doubt) => `⚠️ ${clip(doubtText(doubt), TEXT.doubt)}`),
    `Your rule: ${limit} days before expiration.${late}`,
    profitLine(held),
    ...dayLines(held),
    ...offeredLines(offer, held),
  ];
}

/** What the profit so far is of, and what that is by the day on average. */
function profitLine({ view: { profit }, age }: HeldExit): string {
  if (!profit.dollars) return 'So far: not known, because a mark or an opening price is missing.';
  const share = profit.percent ? ` · ${roughPercent(profit.percent)} of ${profit.percentOf}` : '';
  const average =
    age === null
      ? ' · when it was opened isn’t known'
      : age > 0
        ? ` · **${signedUsd(profit.dollars.div(age))}** a day over ${countText(age, 'day')}`
        : '';
  return `So far at the marks, before fees${share}${average}`;
}

/** What each day made as far as it was noted, and what isn’t known. */
function dayLines({ steps: { steps, unknown }, today }: HeldExit): string[] {
  const told = steps.slice(-MOST_STEPS).map(stepText);
  const days = [
    ...(told.length < steps.length ? ['…'] : []),
    ...told,
    ...(today ? [`today **${signedUsd(today)}**`] : []),
  ];
  const missing =
    steps.length === 0
      ? '-# What each earlier day made I haven’t noted.'
      : unknown > 0
        ? `-# Of ${countText(unknown, 'day')} I haven’t noted what ${unknown === 1 ? 'it' : 'they'} made.`
        : null;
  return [...(days.length > 0 ? [`Day by day: ${days.join(' · ')}`] : []), ...(missing ? [missing] : [])];
}

function stepText({ from, to, dollars }: DayStep): string {
  const days = from === to ? dayText(to) : `${dayText(from)} to ${dayText(to)}`;
  return `${days} **${signedUsd(dollars)}**`;
}

function dayText(day: string): string {
  return `${weekday(day)} ${shortDay(day).replace(/ \d\d$/, '')}`;
}

function offeredLines(offer: HeldExit['offer'], held: HeldExit): string[] {
  if ('closing' in offer) return [closingText(offer.closing)];
  return 'why' in offer ? [`⛔ ${clip(wordsOf(offer.why).what, TEXT.why)}`] : offerLines(offer, held);
}

function closingText(orderIds: readonly string[]): string {
  const which = orderIds.length === 1 ? `Order ${orderIds} works` : `Orders ${listText(orderIds)} work`;
  return `✅ **${which} to close it**, until filled or cancelled.`;
}

function offerLines(offer: ExitOffer, held: HeldExit): string[] {
  const { position, givingWay } = offer;
  const [target] = position.targets;
  return [
    ...position.notes.map((note) => `⛔ ${clip(previewNoteText(note), TEXT.why)}`),
    ...(target ? ['', '**Close it now:**', ...orderLines(offer, position, target)] : []),
    ...(target && givingWay.length > 0 ? wayLines(offer, position) : []),
    ...(held.halt ? [`🛑 **Nothing can be sent: ${haltText(held.halt)}.** \`/resume\` ends that.`] : []),
    ...(canPress(offer, held)
      ? [
          'Not sent yet; I never send it by myself.',
          '-# Submit looks again first: if this has aged or changed, it shows a fresh preview instead.',
        ]
      : []),
  ];
}

function canPress({ position }: ExitOffer, { halt, readOnly }: HeldExit): boolean {
  return sendable(position.targets).length > 0 && halt === null && !readOnly;
}

function buttonsOf(id: number, held: HeldExit, whole: boolean): Button[] {
  const { offer } = held;
  const other = button(customId('close', 'open', id), 'Other price…');
  if (!('mark' in offer) || !whole || !canPress(offer, held)) return [other];
  const [target] = sendable(offer.position.targets);
  if (!target) return [other];
  const carried = { positionId: id, mark: offer.mark, price: target.order.price.toFixed() };
  return [button(customId('close', 'card', carried), submitLabel(offer, target), ButtonStyle.Success), other];
}
