import type { Exact } from '../../domain/exact.js';

/** A drawing as text, and what it says in words for those who don't see it. */
export interface Picture {
  /** Of the file, such as `payoff-37.png`. */
  name: string;
  /** Of a size of its own, in CSS pixels; opaque, so that it reads on dark and on light. */
  svg: string;
  /** At most `MOST_ALT` characters. */
  alt: string;
}

/** As wide as a phone shows a picture: every text is sized for that. */
export const WIDTH = 360;
export const MARGIN = 12;
/** Left free at the foot: over the lower left corner of a picture lies Discord's ALT badge. */
export const BADGE = 26;
/** Discord's limit of an attachment's description. */
export const MOST_ALT = 1024;

/**
 * Profit and loss in sky blue and orange (Okabe and Ito's palette), which no common colour blindness confuses; loss is
 * hatched as well, and every amount carries its sign.
 */
export const INK = {
  plate: '#1f232b',
  text: '#f2f3f5',
  quiet: '#aab1be',
  line: '#59616f',
  profit: '#56b4e9',
  loss: '#f5a742',
};

/** Of what was made, or lost. */
export function inkOf(amount: Exact): string {
  return amount.lt(0) ? INK.loss : INK.profit;
}

/** The name under which the renderer knows its one font. */
const FONT = 'Inter';
/** How wide letters of the bold font are, in parts of its size; all others as the widest usual ones. */
const WIDTHS: readonly (readonly [letters: string, width: number])[] = [
  [' ijlI·’', 0.3],
  ['.,:;t()/fr-1', 0.43],
  ['aceksxozLJ7Fv', 0.59],
  ['bdgpqEhnu2356890PSRBZyT$#&+−', 0.67],
  ['4×DKUYCXAGHVNOQ', 0.78],
];
const WIDEST = 1.05;
const WIDTH_OF = new Map(
  WIDTHS.flatMap(([letters, width]) => [...letters].map((each) => [each, width] as const)),
);

type Attributes = Record<string, string | number>;

const RIM: Attributes = {
  stroke: INK.plate,
  'stroke-width': 3,
  'stroke-linejoin': 'round',
  'paint-order': 'stroke',
};

export interface Label {
  x: number;
  /** Of the line the letters stand on. */
  y: number;
  text: string;
  size?: number;
  fill?: string;
  bold?: boolean;
  anchor?: 'start' | 'middle' | 'end';
}

export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? pixels(value) : escaped(value)}"`)
    .join('');
  return children.length > 0 ? `<${name}${written}>${children.join('')}</${name}>` : `<${name}${written}/>`;
}

/** Text with a rim of the plate's colour, so that it reads over any line. */
export function label({
  text,
  x,
  y,
  size = 12,
  fill = INK.text,
  bold = false,
  anchor = 'start',
}: Label): string {
  const attributes: Attributes = { x, y, 'font-size': size, fill, ...RIM };
  if (bold) attributes['font-weight'] = 700;
  if (anchor !== 'start') attributes['text-anchor'] = anchor;
  return element('text', attributes, [escaped(text)]);
}

export function line(from: [number, number], to: [number, number], more: Attributes): string {
  return element('line', { x1: from[0], y1: from[1], x2: to[0], y2: to[1], ...more });
}

/** Everything on its plate. */
export function drawing(height: number, parts: readonly string[]): string {
  const hatch = element(
    'pattern',
    { id: 'loss', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    [
      element('rect', { width: 6, height: 6, fill: INK.loss, 'fill-opacity': 0.16 }),
      element('rect', { width: 1.5, height: 6, fill: INK.loss, 'fill-opacity': 0.55 }),
    ],
  );
  const plate = element('rect', { width: WIDTH, height, rx: 8, fill: INK.plate });
  const group = element('g', { 'font-family': FONT }, parts);
  const root: Attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width: WIDTH,
    height,
    viewBox: `0 0 ${WIDTH} ${height}`,
  };
  return element('svg', root, [element('defs', {}, [hatch]), plate, group]);
}

/** How wide a text is at most. */
export function widthOf(text: string, size = 12): number {
  let width = 0;
  for (const letter of text) width += WIDTH_OF.get(letter) ?? WIDEST;
  return width * size;
}

/** Cut to fit, with an ellipsis. */
export function fitted(text: string, width: number, size = 12): string {
  if (widthOf(text, size) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && widthOf(`${letters.join('')}…`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** Two places are finer than any screen. */
export function pixels(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Also without the signs that XML can't hold; names come from outside. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A small numbered sign. */
export function diamond(x: number, y: number, number: number): string[] {
  const d = `M${pixels(x - 8)} ${pixels(y)}L${pixels(x)} ${pixels(y - 8)}L${pixels(x + 8)} ${pixels(y)}L${pixels(x)} ${pixels(y + 8)}Z`;
  return [
    element('path', { d, fill: INK.text, stroke: INK.plate, 'stroke-width': 1.5 }),
    element(
      'text',
      { x, y: y + 3.2, 'font-size': 9, 'font-weight': 700, fill: INK.plate, 'text-anchor': 'middle' },
      [String(number)],
    ),
  ];
}
