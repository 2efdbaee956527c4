import type { AccountName, AccountNaming } from '../domain/account-names.js';
import { dte, exchangeDay } from '../domain/dates.js';
import type { Environment } from '../domain/environment.js';
import { type Amount, Exact, sumExact } from '../domain/exact.js';
import { type Decimal, ZERO } from '../domain/money.js';
import { countText, priceText } from '../domain/text.js';
import type { FillNews } from '../ports/fill-news.js';
import type { ReportLine } from '../ports/report.js';
import type { FillTold, FillWords } from '../services/orders/fill-projector.js';
import {
  closedTwice,
  endedWithPartner,
  expiredWithContracts,
  hasEnded,
  leavesUncovered,
} from '../services/telling/report.js';
import { whereLine, whichAccount } from './account.js';
import { row, setAgain } from './components.js';
import { firstLine } from './first-line.js';
import {
  contractsText,
  eachText,
  legsText,
  roughPercent,
  signedUsd,
  spreadText,
  timestamp,
  usd,
} from './format.js';
import { knownBy } from './known-by.js';
import { textView } from './pages.js';
import { chainText } from './position.js';
import { orderName, partnerName, replacedPartnerText } from './report.js';
import { COLOUR, type View } from './view.js';

/** In the footer, so that a message which nobody wrote down is known again. */
const MARKS: Record<FillTold, (intentId: number | string) => string> = {
  fill: (id) => `fill ${id}`,
  part: (id) => `fill ${id} part`,
};

/** How fills read on Discord. */
export function fillWords(environment: Environment, accounts: AccountNaming): FillWords<View> {
  return {
    page: (news, told) => fillView(news, environment, accounts.of(news.account), told),
    ...knownBy('fill', MARKS.fill),
    newsOn: (page, id) =>
      knownBy('fill', MARKS.fill).newsOn(page, id) ?? knownBy('part', MARKS.part).newsOn(page, id),
  };
}

/** What an order has traded and made: a message of its own, brought up to date until the broker has booked its fees. */
export function fillView(
  news: FillNews,
  environment: Environment,
  account: AccountName,
  told: FillTold = 'fill',
): View {
  const { line, userId, filledAt } = news;
  const made = madeOf(news);
  const rows = [
    firstLine([...outcomeTexts(news), whichAccount(account)], `<@${userId}> `),
    `**Order ${line.orderId}** · ${closedText(news)} · ${contractsText(
      line.legs.map(({ symbol }) => symbol),
      line.underlying,
    )}`,
    ...betterText(news),
    ...(made ? [feesText(news)] : []),
    ...chainLines(news),
    ...restText(news),
    whereLine(environment, account, filledAt ? `filled ${timestamp(filledAt)}` : ''),
  ];
  return {
    ...textView(rows),
    embeds: [{ color: made?.lt(0) ? COLOUR.bad : COLOUR.good, footer: { text: MARKS[told](line.intentId) } }],
    components: leavesUncovered(line) ? [row(setAgain([line.positionId]))] : [],
  };
}

/** What has traded, what it made, and in how long. */
export function outcomeTexts(news: FillNews): string[] {
  return [filledText(news), madeText(news), percentText(news.line), heldText(news)];
}

/** `#6 QQQ 480/475P filled at 0.80`, or how much of it. */
function filledText({ line }: FillNews): string {
  const name = orderName(line);
  const { fill, units } = line;
  if (!fill || fill.units === 0)
    return `**${name} ${hasEnded(line) ? 'traded unevenly' : 'has begun to fill'}**`;
  const part = fill.units < units ? `${fill.units} of ${units} ` : '';
  const stop = line.stopTrigger ? 'stop ' : '';
  return `**${name}** ${stop}${part}filled${fill.price ? ` at **${priceText(fill.price)}**` : ''}`;
}

function madeText(news: FillNews): string {
  const made = madeOf(news);
  if (!made) return '';
  return isNet(news) ? `**${signedUsd(made)}** net` : `≈ **${signedUsd(made)}**`;
}

/** After the fees that are known. */
export function madeOf({ line: { fill }, fees }: FillNews): Exact | null {
  if (!fill?.profit) return null;
  return fill.profit.minus(sumExact([fees.closing, fees.opening].filter((fee) => fee !== null)));
}

export function isNet({ fees }: FillNews): boolean {
  return fees.closing !== null && fees.opening !== null;
}

/** Bought back, it is a part of the credit that is kept; sold, it is a gain on what was paid. */
function percentText({ fill, effect }: ReportLine): string {
  return fill?.percent ? `${roughPercent(fill.percent)} of ${effect === 'debit' ? 'credit' : 'debit'}` : '';
}

function heldText({ openedAt, filledAt }: FillNews): string {
  return openedAt && filledAt ? countText(dte(openedAt, exchangeDay(filledAt)), 'day') : '';
}

export function closedText({ line }: FillNews): string {
  return spreadText(line.legs) ?? legsText(line.legs);
}

/** The limit, and what the fill bettered. */
export function betterText({ line: { fill, price, effect } }: FillNews): string[] {
  if (!fill?.price) return ['The broker hasn’t listed every fill’s price yet; I look again.'];
  const better = fill.price.minus(price).times(effect === 'credit' ? 1 : -1);
  const than = better.isZero()
    ? 'as wanted'
    : `**${priceText(better.abs())}** ${better.gt(0) ? 'better' : 'worse'}`;
  const verb = effect === 'debit' ? 'You paid' : 'You received';
  return [`${verb} **${priceText(fill.price)}**${eachText(fill.units)} · limit ${priceText(price)}, ${than}`];
}

function feesText(news: FillNews): string {
  const { fill } = news.line;
  const { closing, opening } = news.fees;
  const before = fill?.profit ? `${signedUsd(fill.profit)} before fees` : '';
  if (!closing) return `-# ${before}; the exact fees follow once the broker has booked them`;
  if (!opening) return `-# ${before} · ${usd(closing)} to close; what opening it cost is not known`;
  return `-# ${before} · fees ${usd(closing)} to close, ${usd(openingShown(news, closing))} to open`;
}

/** The rest of the fees, so that the cents shown add up to the net shown: each rounded alone may miss it by one. */
function openingShown(news: FillNews, closing: Amount): Decimal {
  const cents = (amount: Amount | null | undefined) => amount?.toDecimalPlaces(2) ?? ZERO;
  return cents(news.line.fill?.profit)
    .minus(cents(madeOf(news)))
    .minus(cents(closing));
}

/** What the rolls before it had made by then, with this. */
export function chainLines(news: FillNews): string[] {
  const { chain, fees } = news;
  if (!chain) return [];
  // Until the ledger has all of this order, what it made is as rough as its headline.
  const own = fees.closing === null ? (madeOf(news) ?? Exact.zero) : Exact.zero;
  return [`-# ${chainText({ ...chain, realised: chain.realised.plus(own) })}`];
}

/** What still works, or doesn't any more: of the order, and of its pair. */
export function restText(news: FillNews): string[] {
  return [...leftText(news), ...pairText(news)];
}

function leftText({ line }: FillNews): string[] {
  const { fill, units, status, positionId } = line;
  const left = units - (fill?.units ?? 0);
  if (left === 0) return [];
  if (fill?.units === 0 && hasEnded(line)) return ['⚠️ **Its legs traded unevenly: look at the broker.**'];
  if (!hasEnded(line)) return [`${left} of ${units} still work until filled or cancelled.`];
  if (endedWithPartner(line)) return [];
  if (expiredWithContracts(line)) return [`${left} of ${units} not filled: expired with its contracts.`];
  return [
    `🔴 **${left} of ${units} not filled: ${status ?? 'ended'}.** \`/targets position:${positionId}\` makes a fresh preview.`,
  ];
}

/** What the fill did to the other order of its pair: at the broker one ends the other. */
function pairText({ line }: FillNews): string[] {
  const { partner, stopTrigger } = line;
  if (!partner) return [];
  const other = `${partnerName(line)},`;
  if (closedTwice(line)) return [`🔴 **Its ${other} has filled as well: look at what you hold.**`];
  if (partner.traded) return [`Its ${other} has closed ${countText(partner.units, 'unit')} besides.`];
  const replaced = replacedPartnerText(line);
  if (replaced) return [replaced];
  if (partner.works)
    return [
      `⏳ Its ${other} still works: the broker ends it with ${hasEnded(line) ? 'this fill' : 'the fill'}, and I look again.`,
    ];
  if (hasEnded(line)) return [`Its ${other} ended with it.`];
  return [
    stopTrigger
      ? `⚠️ Its ${other} ended with this part: the stop goes on for the rest.`
      : `⚠️ Its ${other} works no more: the rest has no stop.`,
  ];
}
