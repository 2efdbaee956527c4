import type { AccountNaming } from '../domain/account-names.js';
import type { Environment } from '../domain/environment.js';
import { sumExact } from '../domain/exact.js';
import { countText } from '../domain/text.js';
import type { ClosingDigest, ClosingDigestWords } from '../services/history/closing-digest-projector.js';
import type { ClosingNews } from '../services/history/closing-reader.js';
import { whereLine } from './account.js';
import { closedTexts, heldTexts, sharesText } from './closing.js';
import { firstLine } from './first-line.js';
import { signedUsd, usd } from './format.js';
import { knownBy } from './known-by.js';
import { packPieces } from './pages.js';
import { chainText } from './position.js';
import { COLOUR, type View } from './view.js';

/** In the footer, so that a message which nobody wrote down is known again. */
function digestMark(digest: string): string {
  return `closings ${digest}`;
}

/** How many closed positions read in one message on Discord. */
export function closingDigestWords(
  environment: Environment,
  accounts: AccountNaming,
): ClosingDigestWords<View> {
  return {
    pages: (news, digest) => digestViews(news, digest, environment, accounts),
    ...knownBy('closed', digestMark),
  };
}

/** Each with what it made over its whole life, and what they made together. */
function digestViews(
  news: readonly ClosingNews[],
  { topic, userId, waiting }: ClosingDigest,
  environment: Environment,
  accounts: AccountNaming,
): View[] {
  const net = sumExact(news.map(({ position }) => position.net));
  const fees = sumExact(news.map(({ position }) => position.fees));
  const [account, ...more] = new Set(news.map((each) => each.account));
  const pages = packPieces([
    {
      text: firstLine(
        [`**${countText(news.length, 'position')} gone**`, `**${signedUsd(net)}** net`],
        `<@${userId}> `,
      ),
    },
    ...news.map((each) => ({ text: closedText(each, accounts), apart: true })),
    {
      text: [
        ...(waiting > 0
          ? [`-# The ledger doesn’t have all of ${countText(waiting, 'more position')} yet.`]
          : []),
        `-# by the broker’s ledger, after fees of ${usd(fees)}`,
        account !== undefined && more.length === 0
          ? whereLine(environment, accounts.of(account))
          : `-# **${environment}**`,
      ].join('\n'),
      apart: true,
    },
  ]);
  const color = net.lt(0) ? COLOUR.bad : COLOUR.good;
  return pages.map(({ text }) => ({
    content: text,
    embeds: [{ color, footer: { text: digestMark(topic) } }],
    components: [],
  }));
}

function closedText(news: ClosingNews, accounts: AccountNaming): string {
  return [
    closedTexts(news, accounts.of(news.account)).filter(Boolean).join(' · '),
    heldTexts(news).join(' · '),
    ...(news.chain ? [chainText(news.chain)] : []),
    ...sharesText(news.position),
  ].join('\n');
}
