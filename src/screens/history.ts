import { dte, exchangeDay } from '../domain/dates.js';
import type { Environment } from '../domain/environment.js';
import { type Exact, sumExact } from '../domain/exact.js';
import { HUNDRED } from '../domain/money.js';
import { describeContract } from '../domain/occ.js';
import type { Ending } from '../domain/realised.js';
import { recognise, titleOf } from '../domain/strategies/index.js';
import { gcd } from '../domain/strategies/shape.js';
import { countText, listText, someText } from '../domain/text.js';
import type { Instrument } from '../domain/types.js';
import type { AccountHistory, Histories, HistoryEntry, Period } from '../services/history/history.js';
import { whereLine, whichAccount } from './account.js';
import { firstLine } from './first-line.js';
import { contractsText, dayText, roughPercent, signedUsd, usd } from './format.js';
import { textPages } from './pages.js';
import type { View } from './view.js';

/** As one chooses and reads them. */
export const PERIOD_NAMES: Record<Period, string> = {
  today: 'today',
  '7-days': 'last 7 days',
  '30-days': 'last 30 days',
  '90-days': 'last 90 days',
  'this-year': 'this year',
  '12-months': 'last 12 months',
};

/** More would be a channel full; the file has them all. */
const MOST_LISTED = 30;
const MOST_NAMED = 5;

export const ENDINGS: Record<Ending, string> = {
  traded: 'closed',
  expired: 'expired',
  assigned: 'assigned',
  exercised: 'exercised',
  'cash-settled': 'settled in cash',
};

/** What positions made: the sum, each position, and whatever leaves it unsure. */
export function historyViews(account: AccountHistory, asked: Histories, environment: Environment): View[] {
  const { entries, name } = account;
  const listed = entries.slice(0, MOST_LISTED);
  const more = entries.length - listed.length;
  const foot = [
    ...doubts(account),
    '-# By the broker’s ledger, after fees: an order closes what it was for, else the oldest. Shares, dividends and interest are not in it.',
    whereLine(environment, name),
  ].join('\n');
  return textPages([
    { text: [headline(account, asked), ...summary(entries)].join('\n') },
    ...listed.map((entry) => ({ text: entryText(entry), apart: true })),
    ...(more > 0
      ? [{ text: `… and ${countText(more, 'earlier position')}: the file has them all.`, apart: true }]
      : []),
    { text: foot, apart: true },
  ]);
}

function headline({ entries, name }: AccountHistory, { period, underlying }: Histories): string {
  const made = entries.length > 0 ? `${signedUsd(totalOf(entries))} realised` : 'Nothing was closed';
  return firstLine([
    `**${made}**`,
    PERIOD_NAMES[period],
    underlying?.toUpperCase() ?? '',
    entries.length > 0 ? countText(entries.length, 'position') : '',
    whichAccount(name),
  ]);
}

function summary(entries: readonly HistoryEntry[]): string[] {
  if (entries.length === 0) return [];
  const won = entries.filter(({ net }) => net.gt(0)).length;
  const rolled = entries.filter(({ ways }) => ways.has('rolled')).length;
  const targets = entries.reduce((count, entry) => count + entry.targets, 0);
  const days = entries.reduce((total, entry) => total + daysHeld(entry), 0) / entries.length;
  const facts = [
    `**${won} of ${entries.length}** with a profit`,
    targets > 0 ? `**${countText(targets, 'target')}** filled` : 'no targets filled',
    ...(rolled > 0 ? [`${rolled} rolled`] : []),
    `held ${Math.round(days)} days on average`,
    `fees ${usd(sumExact(entries.map(({ fees }) => fees)))}`,
  ];
  return [facts.join(' · ')];
}

function totalOf(entries: readonly HistoryEntry[]): Exact {
  return sumExact(entries.map(({ net }) => net));
}

/** `**+$118.76** · #6 QQQ Bull put vertical × 2 · 18 Dec 26`, and how it went beneath. */
function entryText(entry: HistoryEntry): string {
  const { net, positionId, underlying, legs } = entry;
  const symbols = legs.map(({ instrument }) => instrument.symbol);
  const id = positionId === null ? '' : `#${positionId} `;
  const facts = [
    keptText(entry),
    heldText(entry),
    `${howText(entry)} ${dayText(entry.closedAt)}`,
    entry.goesOn ? 'its chain goes on' : '',
    entry.whole ? '' : 'part of it is still open',
    entry.begunEarlier ? 'what was closed earlier is not in it' : '',
  ];
  return [
    `**${signedUsd(net)}** · ${id}${underlying} ${nameOf(entry)} · ${contractsText(symbols, underlying)}`,
    `-# ${facts.filter(Boolean).join(' · ')}`,
  ].join('\n');
}

/** `Bull put vertical × 2`, by the legs as they were opened. */
export function nameOf({ legs }: Pick<HistoryEntry, 'legs'>): string {
  const opened = legs.map((leg) => ({ ...leg, held: leg.opened }));
  const units = gcd(opened.map(({ opened: contracts }) => contracts));
  const title = titleOf({ strategy: recognise(opened).id, legs: opened });
  return units > 1 ? `${title} × ${units}` : title;
}

/** `64 % of credit kept`, or how much was gained or lost on what was paid. */
export function keptText({ opened, net }: Pick<HistoryEntry, 'opened' | 'net'>): string {
  if (opened.isZero()) return '';
  const percent = roughPercent(net.times(HUNDRED).div(opened.abs()));
  return `${percent} of ${opened.gt(0) ? 'credit' : 'debit'}`;
}

export function heldText(entry: Pick<HistoryEntry, 'openedAt' | 'closedAt'>): string {
  const days = daysHeld(entry);
  return days === 0 ? 'same day' : countText(days, 'day');
}

/** Whole days, by the exchange's calendar. */
export function daysHeld({ openedAt, closedAt }: Pick<HistoryEntry, 'openedAt' | 'closedAt'>): number {
  return dte(openedAt, exchangeDay(closedAt));
}

/** `target filled`, `expired`, `rolled`, `closed and assigned`. */
export function howText({ ways, targets }: Pick<HistoryEntry, 'ways' | 'targets'>): string {
  if (targets > 0 && ways.size === 1) return 'target filled';
  return listText([...ways].map((way) => (way === 'rolled' ? way : ENDINGS[way])));
}

function doubts({ unsure, odd, unsettled }: AccountHistory): string[] {
  return [
    ...(unsure.length > 0
      ? [
          `❔ **${named(unsure)}** ${unsure.length === 1 ? 'doesn’t' : 'don’t'} add up with what is held: the ledger may lack rows still, so the sum may change.`,
        ]
      : []),
    ...(odd > 0
      ? [
          `❔ **${countText(odd, 'row')}** of the ledger can’t be read and ${odd === 1 ? 'is' : 'are'} in no sum.`,
        ]
      : []),
    ...(unsettled.length > 0
      ? [
          `${named(unsettled)} expired and ${unsettled.length === 1 ? 'is' : 'are'} not settled yet; what that makes is not in the sum.`,
        ]
      : []),
  ];
}

function named(contracts: readonly Instrument[]): string {
  return someText(contracts.map(describeContract), MOST_NAMED);
}
