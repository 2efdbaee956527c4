import type { AccountNaming } from '../domain/account-names.js';
import type { Environment } from '../domain/environment.js';
import { sumExact } from '../domain/exact.js';
import { countText } from '../domain/text.js';
import type { FillNews } from '../ports/fill-news.js';
import type { DigestWords } from '../services/orders/digest-projector.js';
import type { FillTold } from '../services/orders/fill-projector.js';
import { whereLine, whichAccount } from './account.js';
import { betterText, chainLines, closedText, isNet, madeOf, outcomeTexts, restText } from './fill.js';
import { firstLine } from './first-line.js';
import { signedUsd } from './format.js';
import { knownBy } from './known-by.js';
import { packPieces } from './pages.js';
import { COLOUR, type View } from './view.js';

/** In the footer, so that a message which nobody wrote down is known again. */
const MARKS: Record<FillTold, (digest: string) => string> = {
  fill: (digest) => `fills ${digest}`,
  part: (digest) => `fills ${digest} part`,
};

/** How many fills read in one message on Discord. */
export function digestWords(environment: Environment, accounts: AccountNaming): DigestWords<View> {
  return {
    pages: (news, told, digest) => digestViews(news, environment, accounts, MARKS[told](digest)),
    ...knownBy('fill', MARKS.fill),
    newsOn: (page, digest) =>
      knownBy('fill', MARKS.fill).newsOn(page, digest) ?? knownBy('part', MARKS.part).newsOn(page, digest),
  };
}

/** Each fill with its order's id, and what they made together. */
export function digestViews(
  news: readonly FillNews[],
  environment: Environment,
  accounts: AccountNaming,
  mark: string,
): View[] {
  const [first] = news;
  const pages = packPieces([
    {
      text: firstLine([`**${countText(news.length, 'fill')}**`, totalText(news)], `<@${first?.userId}> `),
    },
    ...news.map((each) => ({ text: fillText(each, accounts), apart: true })),
    { text: [...roughTexts(news), whereText(news, environment, accounts)].join('\n'), apart: true },
  ]);
  const color = news.some((each) => madeOf(each)?.lt(0)) ? COLOUR.warn : COLOUR.good;
  return pages.map(({ text }) => ({
    content: text,
    embeds: [{ color, footer: { text: mark } }],
    components: [],
  }));
}

/** After the fees that are known; exact only where each one's is. */
function totalText(news: readonly FillNews[]): string {
  const made = news.flatMap((each) => madeOf(each) ?? []);
  if (made.length === 0) return '';
  const total = `**${signedUsd(sumExact(made))}**`;
  const counted = made.length < news.length ? ` for ${made.length} of them` : '';
  return news.every(isNet) ? `${total} net` : `≈ ${total}${counted}`;
}

/** Those of several accounts each name their own. */
function whereText(news: readonly FillNews[], environment: Environment, accounts: AccountNaming): string {
  const [account, ...more] = new Set(news.map((each) => each.account));
  const one = account !== undefined && more.length === 0;
  return one ? whereLine(environment, accounts.of(account)) : `-# **${environment}**`;
}

/** Why not each amount is exact. */
function roughTexts(news: readonly FillNews[]): string[] {
  if (news.every(isNet)) return [];
  return news.some(({ fees }) => fees.closing === null)
    ? ['-# ≈: the exact fees follow once the broker has booked them']
    : ['-# ≈: what opening it cost is not known'];
}

function fillText(news: FillNews, accounts: AccountNaming): string {
  const { line, account } = news;
  const head = [...outcomeTexts(news), whichAccount(accounts.of(account))].filter(Boolean).join(' · ');
  return [
    head,
    `**Order ${line.orderId}** · ${closedText(news)}`,
    ...betterText(news).map((text) => `-# ${text}`),
    ...chainLines(news),
    ...restText(news),
  ].join('\n');
}
