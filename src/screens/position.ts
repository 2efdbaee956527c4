import { dte, shortDay, weekday } from '../domain/dates.js';
import type { Exact } from '../domain/exact.js';
import { isOver, type LastTrade } from '../domain/expiration.js';
import { isOpening } from '../domain/leg-actions.js';
import { describeContract, describeTerse, isAdjusted } from '../domain/occ.js';
import { leaveUnsure } from '../domain/odd-rows.js';
import { hasFree, type PositionCover } from '../domain/position-cover.js';
import { isOurClose, type PositionStep } from '../domain/position-life.js';
import { closingCost, heldCredit, type OpenProfit, type Quotes } from '../domain/profit.js';
import type { ToldChain } from '../domain/rolls.js';
import { isRest } from '../domain/strategies/index.js';
import type { WorkingOrderPart } from '../domain/targets.js';
import { countText, priceText } from '../domain/text.js';
import type { Instrument, OptionTerms, Position, QuoteDoubt, UnitLeg } from '../domain/types.js';
import type { OpenPosition } from '../services/accounts/positions.js';
import { countOf, dayText, roughPercent, signedUsd, usd } from './format.js';
import { kindText, othersText } from './working-order.js';

/** Words for one position, shared by every screen that shows it. */

export function heading({ id, position, title }: OpenPosition): string {
  return `#${id} ${position.underlying} ${title}${unitsText(position)}`;
}

/** How many there are; of one closed in parts no number of them is left, only its legs tell. */
function unitsText(position: Position): string {
  // The title of a rest counts its own parts.
  if (isRest(position)) return '';
  if (heldCredit(position).changed) return ' (partly closed)';
  return position.units > 1 ? ` × ${position.units}` : '';
}

/**
 * `18 Dec 26 (25 DTE)`, each series once; `SPXW 18 Dec 26 (25 DTE)` where the root isn't the underlying. Whatever
 * trades last before its expiration day, or no more, says so.
 */
export function expirations({ position, ends }: Pick<OpenPosition, 'position' | 'ends'>, now: Date): string {
  const series = new Map(
    heldLegs(position).flatMap(({ instrument: { symbol, option } }) =>
      option
        ? [[`${option.expiration} ${option.root}`, { option, end: ends.get(symbol) ?? null }] as const]
        : [],
    ),
  );
  return [...series]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { option, end }]) => {
      const name = option.root === position.underlying ? '' : `${option.root} `;
      return `${name}${shortDay(option.expiration)} (${endText(option, end, now)})`;
    })
    .join(' · ');
}

/** `25 DTE`, `1 DTE, settles in the morning: trades last today`, `expired, not settled yet`. */
function endText({ expiration }: OptionTerms, end: LastTrade | null, now: Date): string {
  if (end && isOver(end, now)) return 'expired, not settled yet';
  const days = `${dte(now, expiration)} DTE`;
  if (!end || end.day === expiration) return days;
  const last = dte(now, end.day) === 0 ? 'today' : `${weekday(end.day)} ${shortDay(end.day)}`;
  return `${days}${end.morning ? ', settles in the morning' : ''}: trades last ${last}`;
}

/** `−2 × 480P · +2 × 475P`; contracts that are not what they seem are spelt out. */
export function legs(position: Position): string {
  const held = heldLegs(position);
  const name = namesAmong(held.map(({ instrument }) => instrument));
  return held
    .map(
      ({ instrument, side, held: count }) =>
        `${side === 'short' ? '−' : '+'}${countOf(count, name(instrument))}`,
    )
    .join(' · ');
}

/**
 * How to name contracts that stand together: by strike, but in full where roots or expirations differ, and
 * whatever is adjusted or not of a hundred shares.
 */
export function namesAmong(instruments: readonly Instrument[]): (instrument: Instrument) => string {
  const [first, ...others] = instruments.flatMap(({ option }) => option ?? []);
  const differ = others.some(
    ({ root, expiration }) => root !== first?.root || expiration !== first.expiration,
  );
  return (instrument) => {
    const { option, multiplier } = instrument;
    const unusual = option && (isAdjusted(option) || multiplier !== 100);
    return unusual || differ ? describeContract(instrument) : describeTerse(instrument);
  };
}

/**
 * `credit of 2.45 ($245.00)`, the dollars for what is still held. Where closing in parts changed what a unit
 * consists of, so is the price, to stand beside a mark of the same contracts.
 */
export function entryText(position: Position): string {
  const { perUnit, dollars, changed } = heldCredit(position);
  if (!perUnit || !dollars) return 'opening price unknown';
  const isCredit = changed ? perUnit.gte(0) : position.entry.kind === 'credit';
  const unsigned = (amount: Exact) => (isCredit ? amount : amount.negated());
  const text = `${priceText(unsigned(perUnit))} (${usd(unsigned(dollars))})`;
  return `${isCredit ? 'credit' : 'debit'} of ${text}${changed ? ' for what is still held' : ''}`;
}

/** Of a position that was rolled, or that a roll opened: what its other numbers leave out; a line. Empty of all others. */
export function rolledLines({ position, chain, profit }: OpenPosition): string[] {
  const opened = position.rolled ? `Opened by a roll (order ${position.openingOrderId})` : '';
  if (!chain) {
    return opened ? [`${opened}: what the legs it closed made or lost is not in these numbers.`] : [];
  }
  const open = profit.dollars && `≈ **${signedUsd(chain.realised.plus(profit.dollars))}** with what is open`;
  return [[opened, chainText(chain), open].filter(Boolean).join(' · ')];
}

/** `chain **−$120.40** realised over 2 rolls since 3 Oct 26, after fees`. */
export function chainText({ rolls, since, realised, sure }: ToldChain): string {
  const amount = `${sure ? '' : '≈ '}**${signedUsd(realised)}**`;
  return `chain ${amount} realised over ${countText(rolls, 'roll')} since ${dayText(since)}, after fees`;
}

/**
 * `mark 1.80 · **+$65.00** (27 % of credit)`, or what is missing.
 * @param short without the words for what the percentage is of
 */
export function profitText({ position, profit }: OpenPosition, quotes: Quotes, short = false): string {
  const cost = closingCost(unitLegs(position), quotes, 'mark');
  const mark = cost ? `mark ${priceText(cost.abs())}` : `no mark${doubtText(position, quotes)}`;
  return `${mark} · ${openProfitText(profit, short)}`;
}

const DOUBTS: Record<QuoteDoubt, string> = {
  halted: 'trading is halted',
  old: 'its quote is from before this session',
  crossed: 'its quote is crossed',
  'no-bid': 'nobody bids',
  impossible: 'its quote contradicts itself',
  expired: 'trades no more',
};

/** ` (trading is halted)`: why quotes that the broker serves are not believed; empty where it serves none. */
function doubtText(position: Position, quotes: Quotes): string {
  const doubts = heldLegs(position).flatMap(({ instrument }) => quotes.get(instrument.symbol)?.doubt ?? []);
  const texts = [...new Set(doubts)].map((doubt) => DOUBTS[doubt]);
  return texts.length > 0 ? ` (${texts.join(', ')})` : '';
}

function openProfitText({ dollars, percent, percentOf: of }: OpenProfit, short: boolean): string {
  if (!dollars) return 'open profit unknown';
  return `**${signedUsd(dollars)}**${percent ? ` (${roughPercent(percent)}${short ? '' : ` of ${of}`})` : ''}`;
}

/** What it belongs with though no order says so, and what it protects; a line each. */
export function tiesLines({ ties, hedges }: Pick<OpenPosition, 'ties' | 'hedges'>): string[] {
  const lines = ties.map(({ role, contracts, own, other }) => {
    const name = namesAmong([own, other.instrument]);
    return role === 'covers'
      ? `🔗 Belongs with #${other.id} (inferred): ${countOf(contracts, name(own))} covers its short ${name(other.instrument)}`
      : `🔗 Belongs with #${other.id} (inferred): its ${name(other.instrument)} covers the short ${countOf(contracts, name(own))}`;
  });
  return hedges > 0 ? [...lines, `🛡️ Hedge: protects ${hedges} shares you hold`] : lines;
}

const STEPS: Record<PositionStep, string> = {
  opening: 'opening',
  open: '',
  'partly-closed': 'partly closed',
  closing: 'closing',
  closed: 'closed by the ledger, though it is still listed',
  expired: 'expired by the ledger, though it is still listed',
  assigned: 'assigned by the ledger, though it is still listed',
};

/** Where it is on its way; empty while it is simply open. */
export function stepText({ step }: Pick<OpenPosition, 'step'>): string {
  return STEPS[step];
}

/** The state of a position's targets: none, working with order ids, partly filled, not known yet; and what else works. */
export function targetsText(view: OpenPosition): string {
  const { position, working, cover, underWay } = view;
  const unsure = leaveUnsure(view.odd);
  const targets = working.filter(({ flaws }) => flaws.length === 0);
  const lookedFor = '⏳ an order is still being placed or looked for';
  const rest = underWay ? lookedFor : cover.state === 'part' ? 'not everything is covered' : '';
  const unread = unsure ? 'targets not known: the broker’s answer can’t be read in full' : '';
  const closing = working.filter(isOurClose);
  const allCloses = closing.length > 0 && !hasFree(cover);
  const none = (underWay && working.length === 0) || allCloses ? unread : unread || 'no targets';
  return [
    targets.length > 0 ? `working: ${targets.map(partText).join(', ')}` : none,
    targets.length > 0 ? unread : '',
    ...closing.map(({ order, flaws }) => `closing: ${order.id}, ${kindText(order, flaws)}`),
    ...working
      .filter((part) => part.flaws.length > 0 && !isOurClose(part))
      .map((part) => `no target: ${flawedText(part)}`),
    rest,
    // What can't be read counts as not free; the broker has restricted nothing.
    unsure ? '' : lockedText(cover),
    position.opening ? 'its opening order still works: targets only for what is filled' : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** `701 (stop at 1.20; placed elsewhere; reserves 2 contracts)`. */
function flawedText({ order, others, flaws, contracts, linked }: WorkingOrderPart): string {
  const facts = [
    kindText(order, flaws),
    linked ? '' : 'placed elsewhere',
    `reserves ${countText(Math.max(...contracts.values()), 'contract')}`,
  ];
  return `${order.id}${othersText(others)} (${facts.filter(Boolean).join('; ')})`;
}

/** Of a position beside the one shown, whose target has to end for it. */
export function baredText(view: OpenPosition): string {
  return `⚠️ **That also leaves ${heading(view)} uncovered:** ${targetsText(view)}.`;
}

/** What works on it without being a target, in one line each. */
export function flawedLines({ working }: OpenPosition): string[] {
  return working
    .filter(({ flaws }) => flaws.length > 0)
    .map((part) =>
      isOurClose(part)
        ? `Order ${part.order.id} is closing it: ${kindText(part.order, part.flaws)}.`
        : `Order ${flawedText(part)} is no profit target.`,
    );
}

function partText({ order, others, linked }: WorkingOrderPart): string {
  const closing = order.legs.filter(({ action }) => !isOpening(action));
  const left = Math.max(0, ...closing.map(({ remaining }) => remaining));
  const all = Math.max(0, ...closing.map(({ quantity }) => quantity));
  const partly = left < all ? `, partly filled: ${left} of ${all} left` : '';
  return `${order.id}${othersText(others)}${linked ? '' : ' (placed elsewhere)'}${partly}`;
}

function lockedText({ contracts }: PositionCover): string {
  const restricted = Math.max(0, ...contracts.map((each) => each.restricted));
  return restricted > 0 ? `${restricted} restricted by the broker` : '';
}

/** What one unit of what is held consists of. */
export function unitLegs(position: Position): UnitLeg[] {
  return heldLegs(position)
    .filter(({ instrument }) => instrument.option)
    .map(({ instrument, side, held }) => ({ instrument, side, ratio: held / Math.max(1, position.units) }));
}

function heldLegs(position: Position) {
  return position.legs.filter(({ held }) => held > 0);
}
