import { Exact } from '../../domain/exact.js';
import type { ClosingNews, ClosingWay } from '../../services/history/closing-reader.js';
import { entryText, wayText } from '../closing.js';
import { clip, dayText, usd } from '../format.js';
import { heldText, keptText, nameOf } from '../history.js';
import { dollars } from './payoff-words.js';
import { numberOf, type Scale, scale } from './scale.js';
import {
  BADGE,
  diamond,
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

const RIGHT = WIDTH - MARGIN;
const TOP = 100;
const BOTTOM = 222;
const SMALL = 11;
const ROW = 18;
/** Ways out that are marked and named; a position rarely has more. */
const MOST_ROWS = 8;
/** So far two marks stand apart at least. */
const APART = 19;
/** Behind the last way out, so that the height it led to is seen. */
const PLATEAU = 40;

/** What a closed position made: from its entry over each way out, a step up or down for each, to its result. */
export function closedPicture(news: ClosingNews): Picture {
  const { positionId, position } = news;
  const { underlying, net, fees } = position;
  const ways = news.ways.slice(0, MOST_ROWS);
  const frame = frameOf(news);
  const rows = wayRows(ways, news.ways.length - ways.length, BOTTOM + 44);
  const title = `#${positionId} ${underlying} ${nameOf(position)}`;
  const made = dollars(net);
  const facts = [keptText(position), heldText(position)].filter(Boolean).join(', ');
  const parts = [
    label({ x: MARGIN, y: 22, text: fitted(title, RIGHT - MARGIN, 14), size: 14, bold: true }),
    label({ x: MARGIN, y: 62, text: made, size: 30, bold: true, fill: inkOf(net) }),
    label({ x: MARGIN, y: 84, text: fitted(facts, RIGHT - MARGIN - 110, 13), size: 13, bold: true }),
    label({
      x: RIGHT,
      y: 84,
      text: `net, after fees of ${usd(fees)}`,
      fill: INK.quiet,
      size: SMALL,
      anchor: 'end',
    }),
    ...allOfIt(news, frame),
    ...steps(frame),
    ...entry(news, frame),
    ...ways.flatMap((_, index) => mark(frame, index)),
    label({ x: MARGIN, y: BOTTOM + 16, text: dayText(position.openedAt), fill: INK.quiet, size: SMALL }),
    label({
      x: RIGHT,
      y: BOTTOM + 16,
      text: dayText(position.closedAt),
      fill: INK.quiet,
      size: SMALL,
      anchor: 'end',
    }),
    ...rows.parts,
  ];
  return {
    name: `closed-${positionId}.png`,
    svg: drawing(rows.end + BADGE - 8, parts),
    alt: clip(words(title, news), MOST_ALT),
  };
}

interface Frame {
  y: Scale;
  /** After each way out: where it stands in time, and what had been made by then. */
  points: { x: number; total: Exact }[];
}

function frameOf({ position, ways }: ClosingNews): Frame {
  const [from, to] = [position.openedAt.getTime(), position.closedAt.getTime()];
  const end = RIGHT - PLATEAU;
  const along = scale([from, to], [MARGIN + 8, end]);
  // Of one moment there is no time to draw: what ended then stands at the end.
  const points = totalsOf(ways).map(({ at, total }) => ({ x: to > from ? along(at.getTime()) : end, total }));
  spread(points.slice(0, MOST_ROWS), MARGIN + 8 + APART, end);
  const amounts = [Exact.zero, ...points.map(({ total }) => total), creditOf(position) ?? Exact.zero].map(
    numberOf,
  );
  return { points, y: scale([Math.min(...amounts), Math.max(...amounts)], [BOTTOM - 20, TOP + 16]) };
}

/** Moves them apart as little as it takes, between both ends, which leave room for all of them. */
function spread(points: { x: number }[], least: number, most: number): void {
  const last = points.length - 1;
  for (const [back, point] of points.toReversed().entries()) {
    point.x = Math.min(point.x, (points[last - back + 1]?.x ?? most + APART) - APART);
  }
  for (const [index, point] of points.entries()) {
    point.x = Math.max(point.x, (points[index - 1]?.x ?? least - APART) + APART);
  }
}

function totalsOf(ways: readonly ClosingWay[]): { at: Date; total: Exact }[] {
  let total = Exact.zero;
  return ways.map(({ at, net }) => {
    total = total.plus(net);
    return { at, total };
  });
}

/** What came in at the opening: nobody makes more of it. Null of what was paid for. */
function creditOf({ opened }: ClosingNews['position']): Exact | null {
  return opened.gt(0) ? opened : null;
}

/** The height at which all of the credit would have been kept. */
function allOfIt({ position }: ClosingNews, { y }: Frame): string[] {
  const credit = creditOf(position);
  if (!credit) return [];
  const at = y(credit);
  return [
    line([MARGIN, at], [RIGHT, at], { stroke: INK.quiet, 'stroke-width': 1, 'stroke-dasharray': '3 3' }),
    label({ x: MARGIN, y: at - 5, text: 'all of the credit', fill: INK.quiet, size: SMALL }),
  ];
}

/** From zero over each way out, filled down or up to zero. */
function steps({ points, y }: Frame): string[] {
  const zero = y(0);
  const plateaus = points.map(({ x, total }, index) => {
    const width = (points[index + 1]?.x ?? RIGHT) - x;
    const height = y(total);
    const fill = total.lt(0) ? { fill: 'url(#loss)' } : { fill: INK.profit, 'fill-opacity': 0.22 };
    return element('rect', { x, y: Math.min(zero, height), width, height: Math.abs(zero - height), ...fill });
  });
  const stroke = inkOf(points.at(-1)?.total ?? Exact.zero);
  const corners = points.map(({ x, total }) => `H${pixels(x)}V${pixels(y(total))}`).join('');
  const d = `M${MARGIN} ${pixels(zero)}${corners}H${RIGHT}`;
  return [
    line([MARGIN, zero], [RIGHT, zero], { stroke: INK.line, 'stroke-width': 1 }),
    ...plateaus,
    element('path', { d, fill: 'none', stroke, 'stroke-width': 2.5, 'stroke-linejoin': 'round' }),
  ];
}

/** A dot where it was opened, with what that cost or brought on the side that the steps leave free. */
function entry({ position: { opened } }: ClosingNews, { points, y }: Frame): string[] {
  const x = MARGIN + 8;
  const above = points[0]?.total.lt(0) ?? false;
  const text = `${opened.lt(0) ? 'paid' : 'sold for'} ${usd(opened.abs())}`;
  return [
    element('circle', { cx: x, cy: y(0), r: 5, fill: INK.text, stroke: INK.plate, 'stroke-width': 2 }),
    label({ x: x + 8, y: y(0) + (above ? -8 : 16), text, bold: true, size: SMALL }),
  ];
}

function mark({ points, y }: Frame, index: number): string[] {
  const point = points[index];
  return point ? diamond(point.x, y(point.total), index + 1) : [];
}

/** What the numbers mean: how and when, and what it made. */
function wayRows(ways: readonly ClosingWay[], more: number, top: number): { parts: string[]; end: number } {
  const parts = ways.flatMap((way, index) => {
    const y = top + ROW * index;
    const made = dollars(way.net);
    const room = RIGHT - MARGIN - 28 - widthOf(made, 12);
    return [
      ...diamond(MARGIN + 7, y - 4, index + 1),
      label({ x: MARGIN + 20, y, text: fitted(wayText(way), room) }),
      label({ x: RIGHT, y, text: made, bold: true, anchor: 'end', fill: inkOf(way.net) }),
    ];
  });
  const last = top + ROW * ways.length;
  if (more <= 0) return { parts, end: last - 4 };
  const rest = label({ x: MARGIN + 20, y: last, text: `and ${more} more`, fill: INK.quiet });
  return { parts: [...parts, rest], end: last + 13 };
}

function words(title: string, { position, end, ways }: ClosingNews): string {
  const facts = [keptText(position), heldText(position)].filter(Boolean).join(', ');
  return [
    `${title} ${end}: ${dollars(position.net)} net, ${facts}; ${entryText(position)}.`,
    ...ways.map((way) => `${dollars(way.net)}: ${wayText(way)}.`),
  ].join(' ');
}
