import { shortDay } from '../../domain/dates.js';
import type { Amount } from '../../domain/exact.js';
import { best, breakEvens, type Payoff, type Stretch, worst } from '../../domain/payoff.js';
import { listText, priceText } from '../../domain/text.js';
import { clip, signedUsd } from '../format.js';
import type { PayoffFacts } from './payoff-facts.js';
import { MOST_ALT } from './svg.js';
import type { TargetMark } from './target-marks.js';

/** What the picture shows, in words. */
export function payoffWords({ heading, payoff, underlying, price, now, targets }: PayoffFacts): string {
  const evens = breakEvens(payoff).map(centsText);
  const sentences = [
    `Payoff of ${heading} ${payoffTime(payoff)}.`,
    mostText(payoff),
    leastText(payoff),
    evens.length > 0 ? `Breaks even at ${listText(evens)}.` : '',
    price ? `${underlying} is at ${priceText(price)} now.` : `Where ${underlying} is now isn’t known.`,
    now ? `Profit at the marks: ${dollars(now)}.` : 'Profit at the marks isn’t known.',
    ...(targets.length > 0 ? [`Targets: ${targets.map(targetWords).join('; ')}.`] : []),
  ];
  return clip(sentences.filter(Boolean).join(' '), MOST_ALT);
}

/** `at expiration, 18 Dec 26`, with what the line leaves out. */
export function payoffTime({ expiration, later, shares }: Payoff): string {
  const day = shortDay(expiration);
  return [
    later.length > 0 ? `at nearest expiration ${day}, later without time value` : `at expiration, ${day}`,
    shares ? 'with the shares' : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** `pay 0.48 × 2 → +$96`. */
export function limitWords({ effect, limit, units, profit }: TargetMark): string {
  const price = `${effect === 'debit' ? 'pay' : 'receive'} ${priceText(limit)}${units > 1 ? ` × ${units}` : ''}`;
  return profit ? `${price}, ${dollars(profit)}` : price;
}

function targetWords(target: TargetMark): string {
  return `${target.label}: ${limitWords(target)}`;
}

function mostText(payoff: Payoff): string {
  const { profit, at } = best(payoff);
  return profit ? `At most ${dollars(profit)}, ${stretches(at)}.` : 'Profit without limit as it rises.';
}

function leastText(payoff: Payoff): string {
  const { profit, at } = worst(payoff);
  return profit ? `At worst ${dollars(profit)}, ${stretches(at)}.` : 'Loss without limit as it rises.';
}

function stretches(at: readonly Stretch[]): string {
  return at.map(stretchText).join(' and ');
}

function stretchText({ from, to }: Stretch): string {
  if (to === null) return from.isZero() ? 'everywhere' : `at or above ${from}`;
  if (from.eq(to)) return `at ${from}`;
  return from.isZero() ? `at or below ${to}` : `from ${from} to ${to}`;
}

/** `+$216`, `−$12.40`: without idle cents. */
export function dollars(amount: Amount): string {
  return signedUsd(amount).replace(/\.00$/, '');
}

/** Of the underlying, in cents: a break-even can have more digits than anybody trades. */
export function centsText(price: Amount): string {
  return price.toDecimalPlaces(2).toFixed(2);
}
