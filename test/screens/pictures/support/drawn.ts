import { Resvg } from '@resvg/resvg-js';
import { expect } from 'vitest';
import { BADGE, MOST_ALT, type Picture, WIDTH, widthOf } from '../../../../src/screens/pictures/svg.js';

/** The texts of a drawing, as they are read. */
export function textsOf({ svg }: Picture): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => plain(text));
}

/** A picture that any phone shows whole: it can be drawn, nothing is written over its edge, and words stand beside it. */
export function expectShowable(picture: Picture): void {
  const { svg, alt, name } = picture;
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(name).toMatch(/^[a-z0-9-]+\.png$/);
  expect(alt.length).toBeGreaterThan(0);
  expect(alt.length).toBeLessThanOrEqual(MOST_ALT);
  const { width, height } = new Resvg(svg, { font: { loadSystemFonts: false } });
  expect(width).toBe(WIDTH);
  // Taller, and a phone would make all of it smaller.
  expect(height).toBeLessThanOrEqual(560);
  for (const [, written = '', text = ''] of svg.matchAll(/<text([^>]*)>([^<]*)<\/text>/g)) {
    const { x, y, 'font-size': size, 'text-anchor': anchor = 'start' } = attributes(written);
    const whole = widthOf(plain(text), Number(size));
    const left = Number(x) - (anchor === 'end' ? whole : anchor === 'middle' ? whole / 2 : 0);
    const where = { text: plain(text), left, right: left + whole };
    expect(where.left, JSON.stringify(where)).toBeGreaterThanOrEqual(0);
    expect(where.right, JSON.stringify(where)).toBeLessThanOrEqual(WIDTH);
    // Beneath the letters nothing is read, so the ALT badge may lie there.
    expect(Number(y) + Number(size) * 0.25, where.text).toBeLessThanOrEqual(height - BADGE + 2);
  }
}

function attributes(written: string): Record<string, string> {
  return Object.fromEntries(
    [...written.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
  );
}

function plain(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
