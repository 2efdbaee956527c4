import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { drawing, fitted, label, widthOf } from '../../../src/screens/pictures/svg.js';

const bold = createRequire(import.meta.url).resolve('@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf');
const font = { loadSystemFonts: false, fontFiles: [bold], defaultFontFamily: 'Inter' };

function drawnWidth(text: string): number {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="90"><text x="9" y="50" font-family="Inter" font-weight="700" font-size="20">${text}</text></svg>`;
  return new Resvg(svg, { font }).getBBox()?.width ?? 0;
}

describe('a drawing', () => {
  it('takes texts for as wide as the font draws them, or a little wider', () => {
    const texts = [
      '#37 QQQ Senex Trident',
      'now −$1,234.56',
      'pay 0.49 × 3, +$147',
      'WWWW MMMM',
      'Bull put vertical (1 of 2)',
      'at nearest expiration 18 Dec 26',
      '%%%',
    ];
    for (const text of texts) {
      const [estimated, drawn] = [widthOf(text, 20), drawnWidth(text)];
      expect(estimated, text).toBeGreaterThanOrEqual(drawn);
      expect(estimated, text).toBeLessThan(1.25 * drawn);
    }
  });

  it('cuts what doesn’t fit, and says that it did', () => {
    expect(fitted('#37 QQQ Senex Trident', 300)).toBe('#37 QQQ Senex Trident');
    const cut = fitted('#37 QQQ Senex Trident', 80);
    expect(cut).toMatch(/^#37 QQQ.*…$/);
    expect(widthOf(cut)).toBeLessThanOrEqual(80);
  });

  it('holds any text as text, whatever signs it has', () => {
    const svg = drawing(40, [label({ x: 1, y: 20, text: 'a<b>&"c"\u0000\u{d800}\u0007 \u{1f534}' })]);
    expect(svg).toContain('a&lt;b&gt;&amp;&quot;c&quot;');
    expect(new Resvg(svg, { font }).height).toBe(40);
  });
});
