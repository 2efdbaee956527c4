import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallbackCalendar } from '../../src/domain/calendar/fallback.js';
import { daySteps } from '../../src/domain/day-profits.js';
import { sumExact } from '../../src/domain/exact.js';
import { dueDay, isOpenedWithin, limitOf, plusDays, readDays } from '../../src/domain/exits.js';
import { d, x } from './build.js';

const { day: sessionOf } = fallbackCalendar;
const isSession = (day: string) => sessionOf(day) !== null;
const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000;

describe('days before expiration', () => {
  it.each([
    ['21, 7', [7, 21]],
    ['7 21 7', [7, 21]],
    ['45/21;0', [0, 21, 45]],
  ])('are read as people type them: %s', (typed, days) => {
    expect(readDays(typed)).toEqual(days);
  });

  it.each(['', 'soon', '21,-7', '1.5', '1 2 3 4 5 6'])('are not guessed: %j', (typed) => {
    expect(() => readDays(typed)).toThrow(expect.objectContaining({ code: 'DAYS_UNREADABLE' }));
  });

  it('have the nearest limit that they are within, and none above all of them', () => {
    expect([30, 22, 21, 8, 7, 0, -1].map((days) => limitOf([7, 21], days))).toEqual([
      null,
      null,
      21,
      21,
      7,
      7,
      7,
    ]);
  });

  it('say nothing of what was opened that late on purpose; of what nobody knows they do', () => {
    expect([isOpenedWithin(7, 7), isOpenedWithin(7, 8), isOpenedWithin(7, null)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the day on which an exit is due', () => {
  it.each([
    ['a Friday’s option, three weeks before', '2026-12-18', 21, '2026-11-27'],
    ['a Sunday waits for Monday', '2026-12-18', 19, '2026-11-30'],
    ['Thanksgiving waits for Friday', '2026-12-17', 21, '2026-11-27'],
    ['the last day itself', '2026-12-18', 0, '2026-12-18'],
  ])('%s', (_what, lastDay, limit, due) => {
    expect(dueDay(lastDay, limit, sessionOf)).toBe(due);
  });

  it('is the first with a session on which no more days are left, and never after the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 60 }), (offset, limit) => {
        const lastDay = plusDays('2026-06-01', offset);
        if (!isSession(lastDay)) return;
        const due = dueDay(lastDay, limit, sessionOf);
        expect(isSession(due) && due <= lastDay && daysBetween(due, lastDay) <= limit).toBe(true);
        for (let day = plusDays(lastDay, -limit); day < due; day = plusDays(day, 1))
          expect(isSession(day)).toBe(false);
      }),
    );
  });
});

describe('what each day made', () => {
  const note = (day: string, dollars: string, units = 2) => ({ day, dollars: d(dollars), units });
  const told = (notes: ReturnType<typeof note>[], openedAt: string | null = null) => {
    const { steps, unknown } = daySteps(notes, openedAt === null ? null : new Date(openedAt), sessionOf);
    return { unknown, steps: steps.map(({ from, to, dollars }) => `${from} ${to} ${dollars}`) };
  };

  it('is the difference to the day before; the day on which it was opened began at nothing', () => {
    const notes = [note('2026-11-23', '-5'), note('2026-11-24', '7.5'), note('2026-11-25', '4')];
    expect(told(notes, '2026-11-23T16:00:00Z')).toEqual({
      unknown: 0,
      steps: ['2026-11-23 2026-11-23 -5', '2026-11-24 2026-11-24 12.5', '2026-11-25 2026-11-25 -3.5'],
    });
  });

  it('is not split over days on which nobody looked, and skips those without a session', () => {
    // Thanksgiving and a weekend lie in between.
    expect(told([note('2026-11-25', '1'), note('2026-11-27', '3'), note('2026-12-01', '9')]).steps).toEqual([
      '2026-11-27 2026-11-27 2',
      '2026-11-30 2026-12-01 6',
    ]);
  });

  it('is not known of days before the first that was noted, nor where its size changed', () => {
    const notes = [note('2026-11-25', '1'), note('2026-11-27', '3', 1), note('2026-11-30', '4', 1)];
    expect(told(notes, '2026-11-20T16:00:00Z')).toEqual({ unknown: 5, steps: ['2026-11-30 2026-11-30 1'] });
    expect(told([], '2026-11-20T16:00:00Z')).toEqual({ unknown: 0, steps: [] });
  });

  it('adds up to all of it, however many days were missed', () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 20 });
    const amounts = fc.array(fc.integer({ min: -10_000, max: 10_000 }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(days, amounts, (offsets, cents) => {
        const noted = offsets
          .map((offset) => plusDays('2026-10-01', offset))
          .filter(isSession)
          .sort();
        const [first] = noted;
        if (first === undefined) return;
        const notes = noted.map((day, index) => ({ day, dollars: x((cents[index] ?? 0) / 100), units: 1 }));
        const { steps, unknown } = daySteps(notes, new Date(`${first}T18:00:00Z`), sessionOf);
        expect(unknown).toBe(0);
        expect(
          sumExact(steps.map(({ dollars }) => dollars))
            .minus(notes.at(-1)?.dollars ?? 0)
            .isZero(),
        ).toBe(true);
        // No day is told twice, and none between the first and the last is left out.
        const all = steps.flatMap(({ from, to }) => {
          const within: string[] = [];
          for (let day = from; day <= to; day = plusDays(day, 1)) if (isSession(day)) within.push(day);
          return within;
        });
        const held: string[] = [];
        for (let day = first; day <= (noted.at(-1) ?? first); day = plusDays(day, 1))
          if (isSession(day)) held.push(day);
        expect(all).toEqual(held);
      }),
    );
  });
});
