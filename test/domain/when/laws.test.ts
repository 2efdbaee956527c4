import { CronExpressionParser } from 'cron-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import { nextRun, nextRuns } from '../../../src/domain/when/next-run.js';
import { parseWhen } from '../../../src/domain/when/parse.js';
import { printWhen } from '../../../src/domain/when/print.js';
import { resolveWhen } from '../../../src/domain/when/resolve.js';
import { isResolved, type ResolvedWhen } from '../../../src/domain/when/when.js';
import * as any from '../../reminders/support/arbitraries.js';
import { shown, walk, walkSessions } from '../../reminders/support/oracle.js';

const QUARTER_MS = 15 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const calendar = fallbackCalendar;

/** Expressions whose readings lie on quarter hours, with their own idea of which readings fit. */
const onQuarters = fc
  .record({
    minutes: any.field(0, 45, 15),
    hours: any.field(0, 23),
    weekdays: any.field(0, 6),
  })
  .map(({ minutes, hours, weekdays }) => ({
    text: `${minutes.text} ${hours.text} * * ${weekdays.text}`,
    fits: (reading: { hour: number; minute: number; weekday: number }) =>
      minutes.values.has(reading.minute) &&
      hours.values.has(reading.hour) &&
      weekdays.values.has(reading.weekday % 7),
  }));

describe('the next run', () => {
  it('is what a walk through time on Intl and the published holidays finds, quarter hour by quarter hour', () => {
    fc.assert(
      fc.property(onQuarters, any.zone, any.moment, fc.boolean(), (cron, zone, after, marketDaysOnly) => {
        const when = parseWhen(cron.text) as ResolvedWhen;
        const until = after + 3 * DAY_MS;
        const run = nextRun(when, { after: new Date(after), zone, marketDaysOnly, calendar })?.getTime();
        const soon = run === undefined || run > until ? null : run;
        expect(soon).toBe(walk(cron.fits, { after, until, zone, step: QUARTER_MS, marketDaysOnly }));
      }),
      { numRuns: 200 },
    );
  });

  it('of days and months is what the walk finds', () => {
    const kinds = fc.oneof(
      any.days.map((list) => ({
        text: list.map((day) => ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'][day - 1]).join(),
        on: (reading: { weekday: number }) => list.some((day) => day === reading.weekday),
        within: 8,
      })),
      fc.constant({
        text: 'first of month',
        on: (reading: { day: number }) => reading.day === 1,
        within: 32,
      }),
      fc.constant({
        text: 'last of month',
        on: ({ year, month, day }: { year: number; month: number; day: number }) =>
          new Date(Date.UTC(year, month, 0)).getUTCDate() === day,
        within: 32,
      }),
    );
    const quarter = fc.record({ hour: fc.nat(23), minute: fc.constantFrom(0, 15, 30, 45) });
    fc.assert(
      fc.property(kinds, quarter, any.zone, any.moment, (kind, time, zone, after) => {
        const when = parseWhen(`${kind.text} ${time.hour}:${String(time.minute).padStart(2, '0')}`);
        const fits: Parameters<typeof walk>[0] = (reading) =>
          kind.on(reading) && reading.hour === time.hour && reading.minute === time.minute;
        const until = after + kind.within * DAY_MS;
        const options = { zone, marketDaysOnly: false };
        const run = nextRun(when as ResolvedWhen, { ...options, after: new Date(after), calendar });
        expect(run?.getTime()).toBe(walk(fits, { ...options, after, until, step: QUARTER_MS }));
      }),
      { numRuns: 30 },
    );
  });

  it('at the open or close is that of the published sessions, half days included', () => {
    const edges = fc.constantFrom('open' as const, 'close' as const);
    fc.assert(
      fc.property(edges, fc.integer({ min: -720, max: 720 }), any.moment, (edge, offset, after) => {
        const when = { kind: 'market' as const, edge, offset };
        const options = { after: new Date(after), zone: 'Asia/Tokyo', marketDaysOnly: true, calendar };
        expect(nextRun(when, options)?.getTime()).toBe(walkSessions(edge, offset, after));
      }),
      { numRuns: 500 },
    );
  });

  it('of a cron expression is that of cron-parser where no clock ever changes', () => {
    fc.assert(
      fc.property(any.cronText, any.instant, (text, after) => {
        const currentDate = new Date(after);
        const theirs = CronExpressionParser.parse(text, { currentDate, tz: 'UTC' }).next().toDate();
        const options = { after: currentDate, zone: 'UTC', marketDaysOnly: false, calendar };
        expect(nextRun(parseWhen(text) as ResolvedWhen, options)).toEqual(theirs);
      }),
      { numRuns: 100 },
    );
  });

  it('is strictly later each time, and no reading of the clock has two', () => {
    const kept = any.when.filter(isResolved);
    fc.assert(
      fc.property(kept, any.zone, any.nearChange, fc.boolean(), (when, zone, start, marketDaysOnly) => {
        const options = { after: new Date(start), zone, marketDaysOnly, calendar };
        const runs = nextRuns(when, options, 6).map((run) => run.getTime());
        expect(runs.every((run, index) => run > (runs[index - 1] ?? start))).toBe(true);
        if (when.kind === 'market') return;
        const readings = runs.map((run) => shown(run, zone));
        expect(new Set(readings).size).toBe(readings.length);
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on where between two runs one asks', () => {
    const kept = any.when.filter(isResolved);
    fc.assert(
      fc.property(
        kept,
        any.zone,
        any.moment,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (when, zone, start, part) => {
          const options = { zone, marketDaysOnly: true, calendar };
          const run = nextRun(when, { ...options, after: new Date(start) });
          if (run === null) return;
          const between = new Date(start + Math.floor((run.getTime() - 1 - start) * part));
          expect(nextRun(when, { ...options, after: between })).toEqual(run);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the text', () => {
  it('printed is read back as the same and printed the same', () => {
    fc.assert(
      fc.property(any.when, (when) => {
        const text = printWhen(when);
        expect(parseWhen(text)).toEqual(when);
        expect(printWhen(parseWhen(text))).toBe(text);
        expect(JSON.parse(JSON.stringify(when))).toEqual(when);
      }),
      { numRuns: 1000 },
    );
  });

  it('may be written with any case and more spaces', () => {
    fc.assert(
      fc.property(any.when, fc.nat(), (when, seed) => {
        const text = [...printWhen(when)].map((each, index) =>
          each === ' ' ? '  ' : (seed >> (index % 30)) & 1 ? each.toUpperCase() : each.toLowerCase(),
        );
        expect(parseWhen(` ${text.join('')}\t`)).toEqual(when);
      }),
      { numRuns: 500 },
    );
  });

  it('that is nonsense is refused as such, whatever it is', () => {
    const words = fc.constantFrom(
      'every',
      'weekdays',
      'mon',
      '-',
      ',',
      'market',
      'open',
      'close',
      '+15m',
      'in',
      '2h',
      'at',
      '9:00',
      'am',
      '*',
      '*/5',
      '0',
      'first',
      'of',
      'month',
      '2026-12-18',
      'tomorrow',
      'z',
      '__proto__',
      '99999',
      '+',
    ); // prettier-ignore
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(words, { maxLength: 8 }).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(parseWhen(printWhen(parseWhen(text)))).toEqual(parseWhen(text));
        } catch (error) {
          expect(error).toMatchObject({ name: 'UserError', code: 'WHEN_UNREADABLE' });
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what only means something now', () => {
  it('is resolved to one run that is still ahead', () => {
    const said = any.when.filter((when) => !isResolved(when));
    fc.assert(
      fc.property(said, any.zone, any.moment, (when, zone, now) => {
        if (when.kind === 'near' && when.day === 'today') return;
        const resolved = resolveWhen(when, new Date(now), zone);
        const options = { zone, marketDaysOnly: false, calendar };
        const run = nextRun(resolved, { ...options, after: new Date(now) });
        expect(run?.getTime()).toBeGreaterThan(now);
        expect(nextRun(resolved, { ...options, after: run as Date })).toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});
