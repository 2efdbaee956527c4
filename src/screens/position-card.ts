import type { AccountName } from '../domain/account-names.js';
import type { Environment } from '../domain/environment.js';
import { whereLine, whichAccount } from './account.js';
import { type Button, buttonRow } from './components.js';
import { firstLine } from './first-line.js';
import { clip } from './format.js';
import { textView } from './pages.js';
import { LIMITS, type View } from './view.js';

/** How one kind of card reads. */
export interface PositionCard {
  id: number;
  name: AccountName;
  /** Who is mentioned; empty for nobody. */
  userId: string;
  /** What it says of what is held, and offers; null once nothing of it is. */
  held: {
    lines(mention: string): string[];
    /** @param whole all that a press confirms is on the screen */
    buttons(whole: boolean): Button[];
    /** What is said beside the account. */
    also: string;
  } | null;
  color: number;
  /** In the footer, so that a message which nobody wrote down is known again. */
  mark: string;
}

/** A card about one position, by which a press confirms something as it is shown. */
export function positionCard(card: PositionCard, environment: Environment): View {
  const { id, name, userId, held, color, mark } = card;
  const mention = userId === '' ? '' : `<@${userId}> `;
  const lines = held?.lines(mention) ?? [
    firstLine([`**#${id} is closed by now**`, whichAccount(name)], mention),
    '`/history` tells what it made.',
  ];
  const text = textView([...lines, whereLine(environment, name, held?.also ?? '')]);
  const whole = text.content.length <= LIMITS.content;
  return {
    ...text,
    content: clip(text.content, LIMITS.content),
    embeds: [{ color, footer: { text: mark } }],
    components: held ? buttonRow(held.buttons(whole)) : [],
  };
}
