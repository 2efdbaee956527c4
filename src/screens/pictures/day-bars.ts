import { shortDay, weekday } from '../../domain/dates.js';
import { dayChange } from '../../domain/day-change.js';
import type { Exact } from '../../domain/exact.js';
import type { Quotes } from '../../domain/profit.js';
import type { IsoDate } from '../../domain/types.js';
import type { OpenPosition } from '../../services/accounts/positions.js';
import { clip } from '../format.js';
import { heading } from '../position.js';
import { dollars } from './payoff-words.js';
import { numberOf, type Scale, scale } from './scale.js';
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
  WIDTH,
  widthOf,
} from './svg.js';

export interface DayRow {
  heading: string;
  /** The open profit. */
  now: Exact;
  /** What the day changed of it; null if not known. */
  change: Exact | null;
}

const RIGHT = WIDTH - MARGIN;
const TOP = 62;
const ROW = 36;
/** More, and a phone would make all of them smaller. */
const MOST_ROWS = 10;

/** Null where the open profit isn't known. */
export function dayRow(view: OpenPosition, quotes: Quotes, day: IsoDate): DayRow | null {
  const now = view.odd.length > 0 ? null : view.profit.dollars;
  return now && { heading: heading(view), now, change: dayChange(view.position, quotes, day) };
}

/** A bar per position on one scale of dollars: its open profit, and a ring where it stood before the day. */
export function dayPicture(rows: readonly DayRow[], day: IsoDate): Picture | null {
  if (rows.length === 0) return null;
  const sorted = rows.toSorted((one, other) => weight(other) - weight(one));
  const shown = sorted.slice(0, MOST_ROWS);
  const some = shown.length < rows.length ? `, ${shown.length} of ${rows.length} positions` : '';
  const title = `Open profit, ${weekday(day)} ${shortDay(day)}${some}`;
  const x = scaleOf(shown);
  const ring = shown.some(({ change }) => change !== null);
  const parts = [
    label({ x: MARGIN, y: 22, text: fitted(title, RIGHT - MARGIN, 14), size: 14, bold: true }),
    label({
      x: MARGIN,
      y: 40,
      text: ring ? 'the ring: before this day' : 'today’s change is not known',
      fill: INK.quiet,
    }),
    ...shown.flatMap((row, index) => rowParts(row, TOP + ROW * index, x)),
  ];
  return {
    name: 'day.png',
    svg: drawing(TOP + ROW * shown.length - 12 + BADGE, parts),
    alt: clip([`${title}.`, ...shown.map((row) => `${row.heading}: ${standing(row)}.`)].join(' '), MOST_ALT),
  };
}

function weight({ now, change }: DayRow): number {
  return Math.max(Math.abs(numberOf(now)), change ? Math.abs(numberOf(change)) : 0);
}

function scaleOf(rows: readonly DayRow[]): Scale {
  const ends = rows.flatMap((row) => [numberOf(row.now), before(row)]);
  return scale([Math.min(0, ...ends), Math.max(0, ...ends)], [MARGIN + 6, RIGHT - 6]);
}

function before({ now, change }: DayRow): number {
  return numberOf(change ? now.minus(change) : now);
}

function rowParts(row: DayRow, y: number, x: Scale): string[] {
  const text = standing(row);
  const bar = y + 13;
  const [zero, now] = [x(0), x(row.now)];
  const fill = inkOf(row.now);
  const room = RIGHT - MARGIN - widthOf(text) - 8;
  const parts = [
    label({ x: MARGIN, y, text: fitted(row.heading, room) }),
    label({ x: RIGHT, y, text, bold: true, anchor: 'end' }),
    line([MARGIN, bar], [RIGHT, bar], { stroke: INK.line, 'stroke-width': 1 }),
    element('rect', { x: Math.min(zero, now), y: bar - 5, width: Math.abs(now - zero), height: 10, fill }),
    line([zero, bar - 8], [zero, bar + 8], { stroke: INK.text, 'stroke-width': 1 }),
  ];
  if (!row.change) return parts;
  const ring = { cx: x(before(row)), cy: bar, r: 4, fill: INK.plate, stroke: INK.text, 'stroke-width': 2 };
  return [...parts, element('circle', ring)];
}

/** `+$118.76, today −$12`. */
function standing({ now, change }: DayRow): string {
  return change ? `${dollars(now)}, today ${dollars(change)}` : dollars(now);
}
