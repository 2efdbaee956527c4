import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { positionsPicture, previewPicture } from '../../../src/screens/pictures/index.js';
import { stripPicture } from '../../../src/screens/pictures/strip.js';
import { stripRow } from '../../../src/screens/pictures/strip-facts.js';
import type { Book } from '../../../src/services/accounts/positions.js';
import { book, circumstances, previewOf } from '../../commands/support/arbitraries.js';
import { d, filledOrder, holding, workingOrder, x } from '../../domain/build.js';
import { bookOf } from '../../services/support/scene.js';
import { expectShowable, textsOf } from './support/drawn.js';

const NO_PRICES = { of: async () => new Map() };

function bookWith(
  positions: [legs: string[], marks: string[]][],
  working = [] as Parameters<typeof bookOf>[2],
): Book {
  const legs = positions.flatMap(([texts]) => texts);
  const marks = positions.flatMap(([, each]) => each);
  const holdings = legs.map((text) => holding(text));
  const orders = positions.map(([texts], index) =>
    filledOrder(
      String(100 + index),
      texts.map((text) => (text.startsWith('-') ? `sell-to-open ${text.slice(1)}` : `buy-to-open ${text}`)),
    ),
  );
  const quotes = new Map(
    holdings.map(({ instrument }, index) => {
      const mark = d(marks[index] ?? '1');
      return [instrument.symbol, { bid: mark, ask: mark, mark }];
    }),
  );
  return bookOf(holdings, orders, working, quotes);
}

const VERTICAL: [string[], string[]] = [
  ['-2 QQQ 2026-12-18 480 P @ 3.00', '2 QQQ 2026-12-18 475 P @ 2.00'],
  ['2.20', '1.60'],
];
const NAKED: [string[], string[]] = [['-1 AAPL 2026-12-18 300 C @ 4.20'], ['5.00']];

const rowOf = (given: Book, index = 0) => {
  const view = given.positions[index];
  if (!view) throw new Error('no position');
  return stripRow(view, null);
};

describe('where a position stands', () => {
  it('is between its maximum loss and what it usually aims at, as long as nothing works', () => {
    const { now, loss, target, progress } = rowOf(bookWith([VERTICAL]));
    expect([now, loss, target, progress]).toEqual([x(80), x(-800), x(100), x('80/100')]);
  });

  it('or at what works already, and beyond it is past', () => {
    const order = workingOrder(
      '7',
      ['buy-to-close 2 QQQ 2026-12-18 480 P', 'sell-to-close 2 QQQ 2026-12-18 475 P'],
      { price: d('0.70'), effect: 'debit' },
    );
    const { target, progress } = rowOf(bookWith([VERTICAL], [order]));
    expect([target, progress]).toEqual([x(60), x('80/60')]);
  });

  it('in loss is a part of the maximum loss; where that is unlimited no part of anything', () => {
    const losing = rowOf(bookWith([[VERTICAL[0], ['4.00', '1.00']]]));
    expect([losing.now, losing.progress]).toEqual([x(-400), x('-400/800')]);
    const naked = rowOf(bookWith([NAKED]));
    expect([naked.unlimited, naked.loss, naked.progress]).toEqual([true, null, null]);
  });

  it('is not known without marks', () => {
    const { now, progress } = rowOf({
      ...bookOf(VERTICAL[0].map((text) => holding(text))),
      quotes: new Map(),
    });
    expect([now, progress]).toEqual([null, null]);
  });
});

describe('the strip', () => {
  it('says each position’s profit and how far it is, the furthest first, and the same in words', async () => {
    const given = bookWith([NAKED, VERTICAL]);
    const picture = await positionsPicture(given, given.positions, NO_PRICES);
    if (!picture) throw new Error('no picture');
    expectShowable(picture);
    expect(textsOf(picture)).toEqual([
      'Where 2 positions stand',
      'max loss',
      '0',
      'target',
      '#38 QQQ Bull put vertical × 2',
      '+$80, 80 % of target',
      '#37 AAPL Short call',
      '−$80, loss unlimited',
    ]);
    expect(picture.alt).toBe(
      'Where 2 positions stand. #38 QQQ Bull put vertical × 2: +$80, 80 % of target (maximum loss −$800, target +$100). ' +
        '#37 AAPL Short call: −$80, loss unlimited (maximum loss unlimited, target +$210).',
    );
  });

  it('isn’t drawn where nothing of it is known', () => {
    expect(stripPicture([])).toBeNull();
    expect(stripPicture([rowOf(bookOf(VERTICAL[0].map((text) => holding(text))))])).toBeNull();
  });

  it('of any book can be shown, and a preview of several has one too', async () => {
    await fc.assert(
      fc.asyncProperty(book(30), circumstances, async (given, how) => {
        const pictures = [
          await positionsPicture(given, given.positions, NO_PRICES),
          await previewPicture(await previewOf(given, how), NO_PRICES),
        ];
        for (const picture of pictures) if (picture) expectShowable(picture);
        const several = given.positions.length > 1 && given.positions.some(({ profit }) => profit.dollars);
        if (several) expect(pictures).not.toContain(null);
      }),
      { numRuns: 40 },
    );
  });
});
