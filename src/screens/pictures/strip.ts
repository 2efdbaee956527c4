import type { Exact } from '../../domain/exact.js';
import { countText } from '../../domain/text.js';
import { clip } from '../format.js';
import { dollars } from './payoff-words.js';
import { clamp, numberOf } from './scale.js';
import type { StripRow } from './strip-facts.js';
import {
  BADGE,
  drawing,
  element,
  fitted,
  INK,
  label,
  line,
  MARGIN,
  MOST_ALT,
  type Picture,
  WIDTH,
  widthOf,
} from './svg.js';

const RIGHT = WIDTH - MARGIN;
const ZERO = WIDTH / 2;
const HALF = RIGHT - ZERO;
const TOP = 64;
const ROW = 36;
/** More, and a phone would make all of them smaller. */
const MOST_ROWS = 10;
const SMALL = 11;

/** Each position between its maximum loss (left), zero and its target (right), those nearest to an end first. */
export function stripPicture(rows: readonly StripRow[]): Picture | null {
  const known = rows.filter(({ now }) => now !== null);
  if (known.length === 0) return null;
  const sorted = known.toSorted((one, other) => ahead(other) - ahead(one));
  const shown = sorted.slice(0, MOST_ROWS);
  const title = titleOf(rows.length, shown.length);
  const parts = [
    label({ x: MARGIN, y: 22, text: title, size: 14, bold: true }),
    label({ x: MARGIN, y: 44, text: 'max loss', fill: INK.loss, size: SMALL, bold: true }),
    label({ x: ZERO, y: 44, text: '0', fill: INK.quiet, size: SMALL, anchor: 'middle' }),
    label({ x: RIGHT, y: 44, text: 'target', fill: INK.profit, size: SMALL, bold: true, anchor: 'end' }),
    ...shown.flatMap((row, index) => rowParts(row, TOP + ROW * index)),
  ];
  return {
    name: 'positions.png',
    svg: drawing(TOP + ROW * shown.length - 12 + BADGE, parts),
    alt: clip([`${title}.`, ...shown.map(rowWords)].join(' '), MOST_ALT),
  };
}

function titleOf(all: number, shown: number): string {
  if (all === shown) return `Where ${countText(all, 'position')} ${all === 1 ? 'stands' : 'stand'}`;
  return `${shown} of ${all} positions, the furthest first`;
}

/** How near to either end. */
function ahead({ progress }: StripRow): number {
  return progress ? Math.abs(numberOf(progress)) : -1;
}

function rowParts(row: StripRow, y: number): string[] {
  const { now, loss, target, unlimited } = row;
  const text = standing(row);
  const room = RIGHT - MARGIN - widthOf(text, 12) - 8;
  const bar = y + 13;
  const at = clamp(ZERO + HALF * along(row), MARGIN, RIGHT);
  const gains = now?.gte(0) ?? true;
  return [
    label({ x: MARGIN, y, text: fitted(row.heading, room) }),
    label({ x: RIGHT, y, text, bold: true, anchor: 'end' }),
    track(MARGIN, ZERO, bar, loss !== null && !unlimited),
    track(ZERO, RIGHT, bar, target !== null),
    element('rect', {
      x: Math.min(ZERO, at),
      y: bar - 4,
      width: Math.abs(at - ZERO),
      height: 8,
      fill: gains ? INK.profit : INK.loss,
      'fill-opacity': 0.75,
    }),
    line([ZERO, bar - 6], [ZERO, bar + 6], { stroke: INK.quiet, 'stroke-width': 1 }),
    element('circle', { cx: at, cy: bar, r: 5, fill: INK.text, stroke: INK.plate, 'stroke-width': 2 }),
  ];
}

/** Dashed where that side has no end that is known. */
function track(from: number, to: number, y: number, ends: boolean): string {
  const dashes = ends ? {} : { 'stroke-dasharray': '2 4' };
  return line([from, y], [to, y], { stroke: INK.line, 'stroke-width': 3, ...dashes });
}

/** From −1, the maximum loss, to 1, the target; without that end on the scale of the other side. */
function along({ now, loss, target, progress }: StripRow): number {
  if (progress) return numberOf(progress);
  const other = target ?? loss?.abs() ?? null;
  return now && other?.gt(0) ? numberOf(now.div(other)) : 0;
}

/** `+$118, 47 % of target`, `−$300, 60 % of max loss`. */
function standing({ now, progress, unlimited }: StripRow): string {
  if (!now) return 'not known';
  const amount = dollars(now);
  if (!progress) return now.lt(0) && unlimited ? `${amount}, loss unlimited` : amount;
  if (progress.gte(1)) return `${amount}, past target`;
  return `${amount}, ${wholePercent(progress)} ${now.lt(0) ? 'of max loss' : 'of target'}`;
}

function wholePercent(part: Exact): string {
  return `${part.abs().times(100).toDecimalPlaces(0)} %`;
}

function rowWords(row: StripRow): string {
  const { loss, target, unlimited } = row;
  const ends = [
    unlimited ? 'maximum loss unlimited' : loss && `maximum loss ${dollars(loss)}`,
    target && `target ${dollars(target)}`,
  ].filter(Boolean);
  return `${row.heading}: ${standing(row)}${ends.length > 0 ? ` (${ends.join(', ')})` : ''}.`;
}
