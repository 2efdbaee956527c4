import { exchangeDay, shortDay } from '../domain/dates.js';
import type { Amount } from '../domain/exact.js';
import type { Decimal } from '../domain/money.js';
import { describeSymbol, parseOcc } from '../domain/occ.js';
import { priceText } from '../domain/text.js';
import type { Effect, LegAction } from '../domain/types.js';

/** `$1,234.50`; a negative amount gets a real minus sign in front. */
export function usd(amount: Amount): string {
  const cents = centsOf(amount);
  return cents.startsWith('-') ? `−${dollars(cents.slice(1))}` : dollars(cents);
}

/** `+$60.00`, `−$12.40`, `$0.00`. */
export function signedUsd(amount: Amount): string {
  const cents = centsOf(amount);
  if (cents.startsWith('-')) return `−${dollars(cents.slice(1))}`;
  return `${cents === '0.00' ? '' : '+'}${dollars(cents)}`;
}

/** `-12.40`, and `0.00` for whatever rounds to nothing. */
function centsOf(amount: Amount): string {
  const cents = amount.toFixed(2);
  return cents === '-0.00' ? '0.00' : cents;
}

/** @param cents `1234.50` */
function dollars(cents: string): string {
  const grouped = cents.length > '999.99'.length ? cents.replace(/\B(?=(\d{3})+\.)/g, ',') : cents;
  return `$${grouped}`;
}

/** `39.8 %`, at most one decimal; for comparison and progress, never for input. */
export function roughPercent(percent: Amount): string {
  return `${percent.toDecimalPlaces(1).toString().replace('-', '−')} %`;
}

/** `You pay **0.90**`, `You receive **1.25**`: direction in words, because signs have cost people money. */
export function payOrReceive(effect: Effect, price: Decimal): string {
  return `You ${effect === 'debit' ? 'pay' : 'receive'} **${priceText(price)}**`;
}

/** `you pay at most **3.30**`, of a stop limit that woke up. */
export function atWorst(effect: Effect, price: Decimal): string {
  return `you ${effect === 'debit' ? 'pay at most' : 'receive at least'} **${priceText(price)}**`;
}

/** A live timestamp: `R` counts down, `f` is date and time in the reader's own zone. */
export function timestamp(at: Date, style: 'R' | 'f' | 't' = 'R'): string {
  return `<t:${Math.floor(at.getTime() / 1000)}:${style}>`;
}

const ACTIONS: Record<LegAction, string> = {
  'buy-to-open': 'buy to open',
  'sell-to-open': 'sell to open',
  'buy-to-close': 'buy to close',
  'sell-to-close': 'sell to close',
};

interface Leg {
  symbol: string;
  action: LegAction;
  quantity: number;
}

/** `buy to close 2 × 480P, sell to close 2 × 475P`; in full where expiration or root tells the legs apart. */
export function legsText(legs: readonly Leg[]): string {
  const options = legs.flatMap(({ symbol }) => parseOcc(symbol) ?? []);
  const series = new Set(options.map(({ root, expiration }) => `${root} ${expiration}`));
  const name = series.size > 1 ? describeSymbol : strikeText;
  return legs
    .map(({ symbol, action, quantity }) => `${ACTIONS[action]} ${countOf(quantity, name(symbol))}`)
    .join(', ');
}

/** `2 × 480P`; on a phone no line ends between the count and what it counts. */
export function countOf(count: number, name: string): string {
  return `${count}\u00a0×\u00a0${name}`;
}

/** `31 Dec 26`: the day at the exchange. */
export function dayText(at: Date): string {
  return shortDay(exchangeDay(at));
}

/** `31 Dec 26`, or `SPXW 31 Dec 26` where the root isn't the underlying: contracts that look alike must not. */
export function contractsText(symbols: readonly string[], underlying: string): string {
  const options = symbols.flatMap((symbol) => parseOcc(symbol) ?? []);
  const names = options.map(({ root, expiration }) =>
    root === underlying ? shortDay(expiration) : `${root} ${shortDay(expiration)}`,
  );
  return [...new Set(names)].join(' / ');
}

/**
 * `2 × 480/475P · You pay **0.80** each`: what an order closes and for how much, direction in words. A vertical goes by
 * its two strikes, the one bought first; where the count says how many units there are, it is said once. A stop says where it
 * wakes up: `2 × 480/475P · stop at **3.10**, then you pay at most **3.30** each`.
 */
export function dealText({
  legs,
  effect,
  price,
  stopTrigger = null,
  units,
}: {
  legs: readonly Leg[];
  effect: Effect;
  price: Decimal;
  stopTrigger?: Decimal | null;
  units: number;
}): string {
  const spread = spreadText(legs);
  const told = spread !== null && legs.every(({ quantity }) => quantity === units);
  const each = told && units > 1 ? ' each' : eachText(units);
  const deal = stopTrigger
    ? `stop at **${priceText(stopTrigger)}**, then ${atWorst(effect, price)}`
    : payOrReceive(effect, price);
  return `${spread ?? legsText(legs)} · ${deal}${each}`;
}

/** `2 × 480/475P`, `2 × 230/225P + 254/259C`, or `2 × 606/601P + 1 × 606/611C`; null for what isn't made of closing verticals. */
export function spreadText(legs: readonly Leg[]): string | null {
  const verticals = verticalsOf(legs);
  const [first] = verticals ?? [];
  if (!verticals || !first) return null;
  const name = sameOf(verticals);
  if (name !== null) return countOf(first.quantity, name);
  return verticals.map((each) => countOf(each.quantity, each.name)).join(' + ');
}

/** `480/475P` or `230/225P + 254/259C`, however many; null where there are more of the one than of the other too. */
export function spreadName(legs: readonly Leg[]): string | null {
  const verticals = verticalsOf(legs);
  return verticals && sameOf(verticals);
}

function sameOf(verticals: readonly Vertical[]): string | null {
  if (new Set(verticals.map(({ quantity }) => quantity)).size !== 1) return null;
  return verticals.map(({ name }) => name).join(' + ');
}

interface Vertical {
  name: string;
  quantity: number;
}

/** Puts and calls of one expiration apart, each of them bought and sold alike; null where anything else is closed. */
function verticalsOf(legs: readonly Leg[]): Vertical[] | null {
  const options = legs.map((leg) => ({ ...leg, option: parseOcc(leg.symbol) }));
  if (new Set(options.map(({ option }) => option && `${option.root} ${option.expiration}`)).size !== 1) {
    return null;
  }
  const types = [...new Set(options.map(({ option }) => option?.type))];
  const verticals = types.map((type) => verticalOf(options.filter(({ option }) => option?.type === type)));
  const known = verticals.flatMap((each) => each ?? []);
  return known.length === types.length ? known : null;
}

function verticalOf(legs: readonly Leg[]): Vertical | null {
  const bought = legs.find(({ action }) => action === 'buy-to-close');
  const sold = legs.find(({ action }) => action === 'sell-to-close');
  if (legs.length !== 2 || !bought || !sold || bought.quantity !== sold.quantity) return null;
  const strike = parseOcc(bought.symbol)?.strike.toString();
  return strike === undefined
    ? null
    : { name: `${strike}/${strikeText(sold.symbol)}`, quantity: bought.quantity };
}

/** `each, × 2` behind a price that is per unit, where there are several. */
export function eachText(units: number): string {
  return units > 1 ? ` each, × ${units}` : '';
}

/** `0.85 below mark 2.05`: where a limit stands beside the closing price of the moment. */
export function besideMark(limit: Decimal, mark: Decimal): string {
  const difference = limit.minus(mark);
  if (difference.isZero()) return `at mark ${priceText(mark)}`;
  return `${priceText(difference.abs())} ${difference.gt(0) ? 'above' : 'below'} mark ${priceText(mark)}`;
}

function strikeText(symbol: string): string {
  const option = parseOcc(symbol);
  return option ? `${option.strike.toString()}${option.type === 'call' ? 'C' : 'P'}` : symbol;
}

/** A text from outside in one line, so that none of it looks like a line of ours. */
export function quoted(text: string, limit: number): string {
  return clip(text.replaceAll(/\s+/g, ' ').trim(), limit);
}

/** Cuts at a limit with an ellipsis; for texts from outside, whose length nobody promises. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Not through the middle of an emoji.
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Who did something: a mention; whoever sits at the machine is nobody that Discord knows. */
export function personText(userId: string): string {
  if (/^\d+$/.test(userId)) return `<@${userId}>`;
  return userId === 'cli' ? 'the command line' : userId;
}
