import { ButtonStyle } from 'discord.js';
import type { Environment } from '../domain/environment.js';
import { sumExact } from '../domain/exact.js';
import { countText } from '../domain/text.js';
import type { OpenedWords } from '../services/noticing/opened-projector.js';
import type { HeldCard, OpenedCard } from '../services/noticing/opened-reader.js';
import { type Renewal, sendable } from '../services/noticing/shown-orders.js';
import type { PreviewedPosition } from '../services/previews/pricing.js';
import { whichAccount } from './account.js';
import { type Button, button } from './components.js';
import { customId } from './custom-ids.js';
import { doubtText } from './doubts.js';
import { firstLine } from './first-line.js';
import { clip, signedUsd } from './format.js';
import { haltText } from './halt.js';
import { knownBy } from './known-by.js';
import { entryText, expirations, heading, legs, rolledLines, targetsText, tiesLines } from './position.js';
import { positionCard } from './position-card.js';
import { previewNoteText } from './preview-notes.js';
import { basesOf, orderText } from './preview-orders.js';
import { COLOUR, type View } from './view.js';

/** Texts from outside are cut to these lengths; prices, legs and amounts never are. */
const TEXT = { why: 300, doubt: 160 };

/** In the footer, so that a message which nobody wrote down is known again. */
function openedMark(positionId: number | string): string {
  return `opened ${positionId}`;
}

/** How the card of a new position reads on Discord. */
export function openedWords(environment: Environment): OpenedWords<View> {
  return {
    page: (card) => openedView(card, environment),
    ...knownBy('opened', openedMark),
    // It mentions nobody where its account’s notices were switched off meanwhile.
    begins: () => true,
  };
}

/** A position that was opened, with its usual targets previewed, until they work or nothing of it is left. */
export function openedView(card: OpenedCard, environment: Environment): View {
  const { id, name, userId, held } = card;
  return positionCard(
    {
      id,
      name,
      userId,
      held: held && {
        lines: (mention) => heldLines(held, card, mention),
        buttons: (whole) => buttonsOf(id, held, whole),
        also: held.priced ? 'before fees' : '',
      },
      color: held?.priced ? COLOUR.calm : COLOUR.quiet,
      mark: openedMark(id),
    },
    environment,
  );
}

function heldLines(
  { view, moreOf, readAt, ...held }: HeldCard,
  { name }: OpenedCard,
  mention: string,
): string[] {
  const { position } = view;
  const more = moreOf.map((id) => `#${id}`).join(', ');
  return [
    firstLine([`**New: ${heading(view)}**`, entryText(position), whichAccount(name)], mention),
    `${expirations(view, readAt)} · ${legs(position)}`,
    ...(more === '' ? [] : [`More of ${more}: the same contracts.`]),
    ...rolledLines(view),
    ...tiesLines(view),
    ...position.doubts.map((doubt) => `⚠️ ${clip(doubtText(doubt), TEXT.doubt)}`),
    ...(held.priced ? targetLines(held.priced, held) : [`🎯 Its targets are set: ${targetsText(view)}.`]),
  ];
}

function targetLines(
  priced: PreviewedPosition,
  { quotes, halt, readOnly }: Omit<HeldCard, 'view' | 'moreOf' | 'readAt'>,
): string[] {
  const { targets, notes, view } = priced;
  const offered = sendable(targets);
  const profits = offered.flatMap(({ plan }) => plan.pricing.profit ?? []);
  const total =
    offered.length > 1 && profits.length === offered.length
      ? [`**${signedUsd(sumExact(profits))}** if all fill`]
      : [];
  const bases = basesOf(priced);
  const saidOnce = new Set<string>();
  return [
    ...(view.working.length > 0 ? [`⚠️ ${targetsText(view)}`] : []),
    ...notes.map((note) => `⛔ ${clip(previewNoteText(note), TEXT.why)}`),
    ...(targets.length > 0
      ? [`🎯 **Its usual targets**${bases.length > 0 ? `, % of ${bases.join(' and ')}` : ''}`]
      : []),
    ...targets.map((target) => orderText(target, { position: priced, quotes, saidOnce })),
    ...total,
    ...(halt ? [`🛑 **Nothing can be sent: ${haltText(halt)}.** \`/resume\` ends that.`] : []),
    ...(canPress(priced, { halt, readOnly })
      ? [
          'Not sent yet.',
          '-# Submit looks again first: if this has aged or changed, it shows a fresh preview instead.',
        ]
      : []),
  ];
}

function canPress(
  { targets }: PreviewedPosition,
  { halt, readOnly }: Pick<HeldCard, 'halt' | 'readOnly'>,
): boolean {
  return sendable(targets).length > 0 && halt === null && !readOnly;
}

function buttonsOf(id: number, held: HeldCard, whole: boolean): Button[] {
  const { priced, mark } = held;
  if (!priced) return [];
  const offered = sendable(priced.targets).length;
  const submit = button(
    customId('targets', 'card', { positionId: id, mark }),
    `Submit ${countText(offered, 'GTC order')}`,
    ButtonStyle.Success,
  );
  const other = button(customId('targets', 'again', id), 'Other targets…');
  return whole && canPress(priced, held) ? [submit, other] : [other];
}

/** What stands where the answer to a press on a card comes to stand. */
export const CHECKING = '⏳ Looking at the account once more…';

/** Why a press shows a preview and sent nothing. */
export const RENEWED: Record<Renewal, string> = {
  aged: '⌛ **The card’s preview had aged, so nothing was sent.** This is a fresh one.',
  changed: '🔁 **Its orders have changed since the card, so nothing was sent.** This is a fresh preview.',
  slow: '⌛ **Looking again took too long, so nothing was sent.** This is a fresh preview.',
};
