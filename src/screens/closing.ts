import type { AccountName, AccountNaming } from '../domain/account-names.js';
import { exchangeDay, shortDay } from '../domain/dates.js';
import type { Environment } from '../domain/environment.js';
import { sumExact } from '../domain/exact.js';
import type { Closing } from '../domain/realised.js';
import type { ClosingWords } from '../services/history/closing-projector.js';
import type { ClosingNews } from '../services/history/closing-reader.js';
import { accountText, whichAccount } from './account.js';
import { firstLine } from './first-line.js';
import { contractsText, signedUsd, usd } from './format.js';
import { ENDINGS, heldText, keptText, nameOf } from './history.js';
import { knownBy } from './known-by.js';
import { textView } from './pages.js';
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
    page: (news) => closingView(news, environment, accounts.of(news.account)),
    ...knownBy('closed', closingMark),
  };
}

/** What a position made over its whole life, and by what: told once its last contract is gone. */
export function closingView(news: ClosingNews, environment: Environment, account: AccountName): View {
  const { positionId, userId, position } = news;
  const { underlying, legs, net, fees } = position;
  const symbols = legs.map(({ instrument }) => instrument.symbol);
  const lines = [
    firstLine(
      [
        `**#${positionId} ${underlying} closed** · **${signedUsd(net)}** net`,
        keptText(position),
        heldText(position),
        whichAccount(account),
      ],
      `<@${userId}> `,
    ),
    `${nameOf(position)} · ${contractsText(symbols, underlying)}`,
    ...partTexts(news),
    `-# by the broker’s ledger, after fees of ${usd(fees)}`,
    `-# **${environment}** · account ${accountText(account)}`,
  ];
  const color = net.lt(0) ? COLOUR.bad : COLOUR.good;
  return { ...textView(lines), embeds: [{ color, footer: { text: closingMark(positionId) } }] };
}

/** What each way out made, where there was more than one. */
function partTexts({ position: { closings }, targets }: ClosingNews): string[] {
  const parts = new Map<string, Closing[]>();
  for (const closing of closings) {
    const way = closing.closedBy ?? closing.ending;
    parts.set(way, [...(parts.get(way) ?? []), closing]);
  }
  const texts = [...parts.values()].map((part) => {
    const [first] = part;
    if (!first) return '';
    const made = signedUsd(sumExact(part.map(({ net }) => net)));
    const way = targets.has(first.closedBy ?? '') ? 'target filled' : ENDINGS[first.ending];
    const order = first.closedBy === null ? '' : ` · order ${first.closedBy}`;
    return `**${made}** · ${way} ${shortDay(exchangeDay(first.closedAt))}${order}`;
  });
  const more = texts.length - MOST_PARTS;
  return more > 0 ? [...texts.slice(0, MOST_PARTS), `… and ${more} more`] : texts;
}
