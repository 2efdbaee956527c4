import type { AccountName, AccountNaming } from '../domain/account-names.js';
import type { Environment } from '../domain/environment.js';
import type { ClosedPosition } from '../domain/realised.js';
import { priceText } from '../domain/text.js';
import type { ClosingWords } from '../services/history/closing-projector.js';
import type { ClosingNews, ClosingWay } from '../services/history/closing-reader.js';
import { whereLine, whichAccount } from './account.js';
import { firstLine } from './first-line.js';
import { contractsText, dayText, signedUsd, usd } from './format.js';
import { ENDINGS, heldText, keptText, nameOf } from './history.js';
import { knownBy } from './known-by.js';
import { textView } from './pages.js';
import { chainText } from './position.js';
import { COLOUR, type View } from './view.js';

/** More parts are told as one. */
const MOST_PARTS = 12;

/** In the footer, so that a message which nobody wrote down is known again. */
function closingMark(positionId: number | string): string {
  return `closed ${positionId}`;
}

/** How a closed position reads on Discord. */
export function closingWords(environment: Environment, accounts: AccountNaming): ClosingWords<View> {
  return {
    page: (news, userId) => closingView(news, userId, environment, accounts.of(news.account)),
    ...knownBy('closed', closingMark),
  };
}

/** What a position made over its whole life, and by what: told once its last contract is gone. */
export function closingView(
  news: ClosingNews,
  userId: string,
  environment: Environment,
  account: AccountName,
): View {
  const { positionId, position, chain } = news;
  const { net, fees } = position;
  const lines = [
    firstLine(closedTexts(news, account), `<@${userId}> `),
    [...heldTexts(news), entryText(position)].join(' · '),
    ...wayTexts(news.ways),
    ...(chain ? [chainText(chain)] : []),
    ...sharesText(position),
    `-# by the broker’s ledger, after fees of ${usd(fees)}`,
    whereLine(environment, account),
  ];
  const color = net.lt(0) ? COLOUR.bad : COLOUR.good;
  return { ...textView(lines), embeds: [{ color, footer: { text: closingMark(positionId) } }] };
}

/** Which it was, what it made, and over how long. */
export function closedTexts(news: ClosingNews, account: AccountName): string[] {
  const { positionId, position } = news;
  return [
    `**#${positionId} ${position.underlying} ${endText(news)}** · **${signedUsd(position.net)}** net`,
    keptText(position),
    heldText(position),
    whichAccount(account),
  ];
}

/** What it consisted of. */
export function heldTexts({ position }: Pick<ClosingNews, 'position'>): string[] {
  const symbols = position.legs.map(({ instrument }) => instrument.symbol);
  return [nameOf(position), contractsText(symbols, position.underlying)];
}

/** As one says it: what was rolled goes on, and long contracts are exercised. */
function endText({ end, ways, position }: Pick<ClosingNews, 'end' | 'ways' | 'position'>): string {
  if (end === 'assigned' && !position.endings.has('assigned')) return ENDINGS.exercised;
  return end === 'closed' && ways.at(-1)?.rolled ? 'rolled' : end;
}

/** What is told of contracts alone would mislead where they turned into shares. */
export function sharesText({ endings }: Pick<ClosedPosition, 'endings'>): string[] {
  const delivered = endings.has('assigned') || endings.has('exercised');
  return delivered ? ['⚠️ Of the contracts alone: what the shares that changed hands make is not in it.'] : [];
}

/** `opened 12 Nov 26 for a credit of $198.88`. */
export function entryText({ openedAt, opened }: Pick<ClosedPosition, 'openedAt' | 'opened'>): string {
  const kind = opened.lt(0) ? 'debit' : 'credit';
  return `opened ${dayText(openedAt)} for a ${kind} of ${usd(opened.abs())}`;
}

function wayTexts(ways: readonly ClosingWay[]): string[] {
  const texts = ways.map((way) => {
    const order = way.orderId === null ? '' : ` · order ${way.orderId}`;
    return `**${signedUsd(way.net)}** · ${wayText(way)}${order}`;
  });
  const more = texts.length - MOST_PARTS;
  return more > 0 ? [...texts.slice(0, MOST_PARTS), `… and ${more} more`] : texts;
}

/** `target filled 20 Nov 26, paid 0.40`. */
export function wayText({ by, rolled, ending, at, price }: ClosingWay): string {
  const how = `${by ? `${by} filled` : rolled ? 'rolled' : ENDINGS[ending]} ${dayText(at)}`;
  return price ? `${how}, ${price.gt(0) ? 'received' : 'paid'} ${priceText(price.abs())}` : how;
}
