import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DayRow, dayPicture, dayRow } from '../../../src/screens/pictures/day-bars.js';
import { reminderPicture } from '../../../src/screens/pictures/index.js';
import type { ReminderContent } from '../../../src/services/reminders/content.js';
import { afterClose, overviewOf } from '../../../src/services/reminders/kinds/daily-summary.js';
import { d, filledOrder, option, x } from '../../domain/build.js';
import { bookOf, NOW } from '../../reminders/kinds/book.js';
import { expectShowable, textsOf } from './support/drawn.js';

const PUT = 'QQQ 2026-12-18 480 P';
const DAY = '2026-11-23';

function given() {
  const book = bookOf({
    holdings: [`-2 ${PUT} @ 3.00`, '-1 SPY 2026-12-18 700 C @ 2.00'],
    history: [filledOrder('1', [`sell-to-open 2 ${PUT} @ 3.00`], new Date('2026-11-20T15:00:00Z'))],
    marks: { [PUT]: '2.20', 'SPY 2026-12-18 700 C': '2.50' },
  });
  const put = option(PUT).symbol;
  book.quotes.set(put, {
    bid: null,
    ask: null,
    mark: d('2.20'),
    previousClose: { price: d('2.00'), day: '2026-11-20' },
  });
  return book;
}

const row = (heading: string, now: number, change: number | null): DayRow => ({
  heading,
  now: x(now),
  change: change === null ? null : x(change),
});

describe('a day in bars', () => {
  it('says of each position its open profit and what the day changed, where that is known', () => {
    const book = given();
    const rows = book.positions.flatMap((view) => dayRow(view, book.quotes, DAY) ?? []);
    const picture = dayPicture(rows, DAY);
    if (!picture) throw new Error('no picture');
    expectShowable(picture);
    expect(textsOf(picture)).toEqual([
      'Open profit, Mon 23 Nov 26',
      'the ring: before this day',
      expect.stringContaining('QQQ Short put × 2'),
      '+$160, today −$40',
      expect.stringContaining('SPY Short call'),
      '−$50',
    ]);
    expect(picture.alt).toMatch(
      /^Open profit, Mon 23 Nov 26\. #\d QQQ Short put × 2: \+\$160, today −\$40\. #\d SPY Short call: −\$50\.$/,
    );
  });

  it('says so where no change is known, and isn’t drawn where no profit is', () => {
    const picture = dayPicture([row('#1 QQQ', 100, null)], DAY);
    expect(picture && textsOf(picture)[1]).toBe('today’s change is not known');
    expect(dayPicture([], DAY)).toBeNull();
  });

  it('shows the largest of many, and says how many there are', () => {
    const picture = dayPicture(
      Array.from({ length: 30 }, (_, index) => row(`#${index}`, index, 0)),
      DAY,
    );
    expect(picture?.alt).toMatch(
      /^Open profit, Mon 23 Nov 26, 10 of 30 positions\. #29: \+\$29, today \$0\./,
    );
  });

  it('can be shown whatever the amounts', () => {
    const amount = fc.integer({ min: -90_000_000, max: 90_000_000 }).map((cents) => x(`${cents}/100`));
    const rows = fc.array(fc.record({ heading: fc.string(), now: amount, change: fc.option(amount) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(rows, (some) => {
        const picture = dayPicture(some, DAY);
        if (!picture) throw new Error('no picture');
        expectShowable(picture);
      }),
    );
  });

  it('stands beside the summary after the close alone', () => {
    const book = given();
    const overview = overviewOf(book, new Map(), {}, { now: NOW, day: DAY, session: null });
    const told = (findings: object): ReminderContent =>
      ({
        parts: [{ reminder: { id: 1 }, found: { kind: 'daily-summary', findings } }],
      }) as unknown as ReminderContent;
    const after = afterClose(overview, { closed: [], opened: [] }, book.positions, null);
    expect(reminderPicture(told(after))?.alt).toContain('#');
    expect(reminderPicture(told({ part: 'before', ...overview }))).toBeNull();
    expect(reminderPicture({ parts: [{ found: null }] } as unknown as ReminderContent)).toBeNull();
  });
});
