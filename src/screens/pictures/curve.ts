import { Exact } from '../../domain/exact.js';
import { clip, dayText } from '../format.js';
import { dollars } from './payoff-words.js';
import { numberOf, scale } from './scale.js';
import {
  BADGE,
  drawing,
  element,
  fitted,
  INK,
  inkOf,
  label,
  line,
  MARGIN,
  MOST_ALT,
  type Picture,
  pixels,
  WIDTH,
  widthOf,
} from './svg.js';

/** Dollars made at a moment, after fees. */
export interface CurveStep {
  at: Date;
  net: Exact;
}

export interface CurveFacts {
  /** What it is of, such as `last 30 days`. */
  title: string;
  from: Date;
  to: Date;
  /** In any order. */
  steps: readonly CurveStep[];
}

const RIGHT = WIDTH - MARGIN;
const TOP = 40;
const FOOT = 190;

/** What was realised over a time, added up: a line that steps where something was closed. Null below two steps. */
export function curvePicture({ title, from, to, steps }: CurveFacts): Picture | null {
  if (steps.length < 2) return null;
  const points = sums(steps);
  const amounts = [Exact.zero, ...points.map(({ total }) => total)];
  const [low, high] = [amounts.reduce(lesser), amounts.reduce(greater)];
  const end = amounts.at(-1) ?? Exact.zero;
  const x = scale([from.getTime(), to.getTime()], [MARGIN, RIGHT]);
  const y = scale([numberOf(low), numberOf(high)], [FOOT - 16, TOP + 12]);
  const ink = inkOf(end);
  const corners = points.map(({ at, total }) => `H${pixels(x(at.getTime()))}V${pixels(y(total))}`);
  const d = `M${MARGIN} ${pixels(y(0))}${corners.join('')}H${RIGHT}`;
  const name = `Realised, ${title}`;
  const made = dollars(end);
  const parts = [
    label({
      x: MARGIN,
      y: 22,
      text: fitted(name, RIGHT - MARGIN - widthOf(made, 14) - 8, 14),
      size: 14,
      bold: true,
    }),
    label({ x: RIGHT, y: 22, text: made, size: 14, bold: true, anchor: 'end' }),
    line([MARGIN, y(0)], [RIGHT, y(0)], { stroke: INK.line, 'stroke-width': 1 }),
    element('path', { d, fill: 'none', stroke: ink, 'stroke-width': 2.5, 'stroke-linejoin': 'round' }),
    ...extremes({ low, high, end }, y),
    label({ x: MARGIN, y: FOOT + 18, text: dayText(from), fill: INK.quiet }),
    label({ x: RIGHT, y: FOOT + 18, text: dayText(to), fill: INK.quiet, anchor: 'end' }),
  ];
  const words = `${name}: ${made} in ${points.length} steps from ${dayText(from)} to ${dayText(to)}, at most ${dollars(high)}, at least ${dollars(low)}.`;
  return { name: 'history.png', svg: drawing(FOOT + 24 + BADGE, parts), alt: clip(words, MOST_ALT) };
}

function sums(steps: readonly CurveStep[]): { at: Date; total: Exact }[] {
  let total = Exact.zero;
  return steps
    .toSorted((one, other) => one.at.getTime() - other.at.getTime())
    .map(({ at, net }) => {
      total = total.plus(net);
      return { at, total };
    });
}

/** Where it was highest and lowest, unless the headline or the line of zero says so. */
function extremes(
  { low, high, end }: Record<'low' | 'high' | 'end', Exact>,
  y: (amount: Exact) => number,
): string[] {
  return [high, low]
    .filter((amount) => !amount.isZero() && !amount.eq(end))
    .map((amount) =>
      label({
        x: MARGIN,
        y: y(amount) + (amount.eq(high) ? -4 : 14),
        text: dollars(amount),
        fill: INK.quiet,
      }),
    );
}

const lesser = (one: Exact, other: Exact) => (other.lt(one) ? other : one);
const greater = (one: Exact, other: Exact) => (other.gt(one) ? other : one);
