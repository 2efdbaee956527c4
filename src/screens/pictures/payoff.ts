import type { Amount, Exact } from '../../domain/exact.js';
import { Decimal } from '../../domain/money.js';
import { best, breakEvens, type Extreme, type Payoff, payoffAt, worst } from '../../domain/payoff.js';
import { priceText } from '../../domain/text.js';
import type { PayoffFacts } from './payoff-facts.js';
import { centsText, dollars, limitWords, payoffTime, payoffWords } from './payoff-words.js';
import { clamp, numberOf, type Scale, scale } from './scale.js';
import { type Placed, spreadLabels } from './spread-labels.js';
import {
  BADGE,
  diamond,
  drawing,
  element,
  fitted,
  INK,
  label,
  line,
  MARGIN,
  type Picture,
  WIDTH,
  widthOf,
} from './svg.js';
import type { TargetMark } from './target-marks.js';

const TOP = 74;
const BOTTOM = 200;
const RIGHT = WIDTH - MARGIN;
const SMALL = 11;
const ROW = 17;
/** Rows of targets; a position rarely has more. */
const MOST_ROWS = 6;

/** What a position earns at expiration over the underlying's price, and where it stands now. */
export function payoffPicture(facts: PayoffFacts): Picture {
  const { id, heading, payoff } = facts;
  const targets = facts.targets.slice(0, MOST_ROWS);
  const frame = frameOf(facts, targets);
  const rows = targetRows(targets, facts.targets.length - targets.length, BOTTOM + 50);
  const parts = [
    label({ x: MARGIN, y: 21, text: fitted(heading, RIGHT - MARGIN, 14), size: 14, bold: true }),
    label({
      x: MARGIN,
      y: 37,
      text: fitted(payoffTime(payoff), RIGHT - MARGIN, SMALL),
      fill: INK.quiet,
      size: SMALL,
    }),
    ...curve(payoff, frame),
    ...axis(payoff, frame),
    ...here(facts, frame),
    ...extremes(payoff, frame),
    ...targets.flatMap((target, index) => mark(target, index + 1, frame)),
    ...rows.parts,
  ];
  return { name: `payoff-${id}.png`, svg: drawing(rows.end + BADGE - 8, parts), alt: payoffWords(facts) };
}

interface Frame {
  x: Scale;
  y: Scale;
  /** The prices shown. */
  low: number;
  high: number;
  zero: number;
}

/** Around everything of interest: strikes, break-evens, and the underlying now. */
function frameOf({ payoff, price, now }: PayoffFacts, targets: readonly TargetMark[]): Frame {
  const strikes = payoff.corners.slice(1).map((corner) => corner.price);
  const prices = [...strikes, ...breakEvens(payoff), ...(price ? [price] : [])].map(numberOf);
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  const room = Math.max((most - least) * 0.2, most * 0.03);
  const range = { low: Math.max(0, least - room), high: most + room };
  const profits = [
    0,
    ...points(payoff, range).map(({ profit }) => numberOf(profit)),
    ...(price && now ? [numberOf(now)] : []),
    ...targets.flatMap(({ profit }) => (profit ? [numberOf(profit)] : [])),
  ];
  const y = scale([Math.min(...profits), Math.max(...profits)], [BOTTOM - 20, TOP + 16]);
  return { ...range, y, zero: y(0), x: scale([range.low, range.high], [MARGIN, RIGHT]) };
}

/** Where the line bends or crosses zero, and both ends of what is shown. */
function points(
  payoff: Payoff,
  { low, high }: Pick<Frame, 'low' | 'high'>,
): { price: Amount; profit: Exact }[] {
  const inner: Amount[] = [...payoff.corners.map(({ price }) => price), ...breakEvens(payoff)];
  const within = inner.filter((price) => numberOf(price) > low && numberOf(price) < high);
  const sorted = within.sort((one, other) => numberOf(one) - numberOf(other));
  const prices: Amount[] = [new Decimal(low), ...sorted, new Decimal(high)];
  return prices.map((price) => ({ price, profit: payoffAt(payoff, price) }));
}

/** The line, blue above zero and orange below, with what lies between it and zero filled. */
function curve(payoff: Payoff, frame: Frame): string[] {
  const { x, y, zero } = frame;
  const path = points(payoff, frame).map(({ price, profit }) => ({ x: x(price), y: y(profit), profit }));
  const pieces = path.slice(1).map((to, index) => {
    const from = path[index] ?? to;
    return { from, to, gains: from.profit.plus(to.profit).gte(0) };
  });
  const areas = pieces.map(({ from, to, gains }) => {
    const d = `M${from.x} ${zero}L${from.x} ${from.y}L${to.x} ${to.y}L${to.x} ${zero}Z`;
    return element('path', gains ? { d, fill: INK.profit, 'fill-opacity': 0.22 } : { d, fill: 'url(#loss)' });
  });
  const lines = pieces.map(({ from, to, gains }) =>
    line([from.x, from.y], [to.x, to.y], {
      stroke: gains ? INK.profit : INK.loss,
      'stroke-width': 2.5,
      'stroke-linecap': 'round',
    }),
  );
  return [...areas, across(zero), ...lines];
}

function across(y: number): string {
  return line([MARGIN, y], [RIGHT, y], { stroke: INK.line, 'stroke-width': 1 });
}

/** Strikes below, break-evens under them and as rings on the zero line. */
function axis(payoff: Payoff, { x, zero, low, high }: Frame): string[] {
  const strikes = payoff.corners.slice(1).map(({ price }) => ({ x: x(price), text: price.toString() }));
  const evens = breakEvens(payoff).filter((price) => numberOf(price) > low && numberOf(price) < high);
  return [
    across(BOTTOM),
    ...strikes.map(({ x: at }) =>
      line([at, BOTTOM - 5], [at, BOTTOM], { stroke: INK.quiet, 'stroke-width': 1 }),
    ),
    ...below(strikes, '/', 13, INK.quiet),
    ...below(
      evens.map((price) => ({ x: x(price), text: `even ${centsText(price)}` })),
      ', ',
      29,
      INK.text,
    ),
    ...evens.map((price) =>
      element('circle', {
        cx: x(price),
        cy: zero,
        r: 4,
        fill: INK.plate,
        stroke: INK.text,
        'stroke-width': 2,
      }),
    ),
  ];
}

function below(labels: readonly Placed[], joint: string, drop: number, fill: string): string[] {
  return spreadLabels(labels, joint, SMALL).map(({ x, text }) =>
    label({ x, y: BOTTOM + drop, text, fill, size: SMALL, anchor: 'middle' }),
  );
}

/** The most it can earn above the picture, and lose below it, each over the prices at which it does. */
function extremes(payoff: Payoff, frame: Frame): string[] {
  const least = worst(payoff);
  const loses = least.profit === null || least.profit.lt(0);
  const most = extreme(best(payoff), 'max', frame, { fill: INK.profit, y: TOP + 7 });
  return loses ? [most, extreme(least, 'max loss', frame, { fill: INK.loss, y: BOTTOM - 7 })] : [most];
}

function extreme(
  { profit, at: [stretch] }: Extreme,
  word: string,
  { x, low, high }: Frame,
  how: { fill: string; y: number },
): string {
  const text = profit ? `${word} ${dollars(profit)}` : `${word} unlimited`;
  const end = (price: Decimal | null) => (price ? x(clamp(numberOf(price), low, high)) : RIGHT);
  // Without an end it is beyond the right one: what is unlimited is so as the underlying rises.
  const middle = stretch ? (end(stretch.from) + end(stretch.to)) / 2 : RIGHT;
  return label({ ...how, x: inside(middle, text), text, bold: true, size: SMALL, anchor: 'middle' });
}

/** The middle of a text, so that all of it is on the plate. */
function inside(middle: number, text: string): number {
  const half = widthOf(text, SMALL) / 2;
  return clamp(middle, MARGIN + half, RIGHT - half);
}

/** The underlying's price as a line through the picture, and the profit at the marks as a dot on it. */
function here({ underlying, price, now }: PayoffFacts, { x, y }: Frame): string[] {
  if (!price) return [];
  const at = x(price);
  const text = `${underlying} ${priceText(price)}`;
  const through = line([at, TOP - 14], [at, BOTTOM], {
    stroke: INK.text,
    'stroke-width': 1,
    'stroke-dasharray': '3 3',
  });
  const named = label({ x: inside(at, text), y: TOP - 18, text, size: SMALL, anchor: 'middle' });
  if (!now) return [through, named];
  const left = at > WIDTH / 2;
  return [
    through,
    named,
    element('circle', { cx: at, cy: y(now), r: 5, fill: INK.text, stroke: INK.plate, 'stroke-width': 2 }),
    label({
      x: at + (left ? -9 : 9),
      y: y(now) + 4,
      text: `now ${dollars(now)}`,
      bold: true,
      anchor: left ? 'end' : 'start',
    }),
  ];
}

/** A numbered diamond at the height of what the target earns, from the right edge on. */
function mark({ profit }: TargetMark, number: number, { y }: Frame): string[] {
  return profit ? diamond(RIGHT - 8 - (number - 1) * 20, y(profit), number) : [];
}

/** What the numbers mean: the target's name, its limit, and what it earns. */
function targetRows(
  targets: readonly TargetMark[],
  more: number,
  top: number,
): { parts: string[]; end: number } {
  const parts = targets.flatMap((target, index) => {
    const y = top + ROW * index;
    const limit = limitWords(target);
    const room = RIGHT - MARGIN - 28 - widthOf(limit);
    return [
      ...diamond(MARGIN + 7, y - 4, index + 1),
      label({ x: MARGIN + 20, y, text: fitted(target.label, room), fill: INK.quiet }),
      label({ x: RIGHT, y, text: limit, anchor: 'end' }),
    ];
  });
  const last = top + ROW * targets.length;
  if (more <= 0) return { parts, end: last - (targets.length > 0 ? 4 : 14) };
  const rest = label({ x: MARGIN + 20, y: last, text: `and ${more} more`, fill: INK.quiet });
  return { parts: [...parts, rest], end: last + 13 };
}
