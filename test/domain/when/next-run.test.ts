import { describe, expect, it } from 'vitest';
import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import { nextRun } from '../../../src/domain/when/next-run.js';
import { parseWhen } from '../../../src/domain/when/parse.js';
import type { ResolvedWhen } from '../../../src/domain/when/when.js';
import { runsOf } from '../../reminders/support/runs.js';

const marketDaysOnly = true;

describe('market days only', () => {
  it('skips Thanksgiving and the weekend, not the half day between', () => {
    expect(runsOf('daily 9:00', '2026-11-25T15:00Z', 2, { marketDaysOnly })).toEqual([
      '2026-11-27T14:00Z',
      '2026-11-30T14:00Z',
    ]);
    expect(runsOf('daily 9:00', '2026-11-25T15:00Z', 1)).toEqual(['2026-11-26T14:00Z']);
  });

  it("goes by the exchange's calendar: Monday morning in Sydney is Sunday in New York", () => {
    expect(
      runsOf('daily 9:00', '2026-11-20T23:00Z', 2, { zone: 'Australia/Sydney', marketDaysOnly }),
    ).toEqual(['2026-11-23T22:00Z', '2026-11-24T22:00Z']);
  });

  it('says nothing about a day that somebody named', () => {
    expect(runsOf('2026-12-25 10:00', '2026-12-24T12:00Z', 2, { marketDaysOnly })).toEqual([
      '2026-12-25T15:00Z',
    ]);
    expect(runsOf('in 2h', '2026-11-28T12:00Z', 2, { marketDaysOnly })).toEqual(['2026-11-28T14:00Z']);
  });

  it('leaves nothing of the weekends, and does not try every minute of two years', () => {
    let asked = 0;
    const calendar = {
      day(date: string) {
        asked += 1;
        return fallbackCalendar.day(date);
      },
    };
    expect(runsOf('* * * * sat,sun', '2026-11-23T12:00Z', 1, { marketDaysOnly, calendar })).toEqual([]);
    expect(asked).toBeLessThan(1000);
  });

  it('finds nothing in a calendar without sessions', () => {
    const calendar = { day: () => null };
    expect(runsOf('daily 9:00', '2026-11-23T12:00Z', 1, { marketDaysOnly, calendar })).toEqual([]);
    expect(runsOf('market open', '2026-11-23T12:00Z', 1, { calendar })).toEqual([]);
  });
});

describe('the open and the close', () => {
  it('are those of the day: 13:00 on a half day, none on a holiday', () => {
    expect(runsOf('market close -10m', '2026-11-25T12:00Z', 3)).toEqual([
      '2026-11-25T20:50Z',
      '2026-11-27T17:50Z',
      '2026-11-30T20:50Z',
    ]);
  });

  it('may be followed by a run on the next calendar day, preceded by one on the day before', () => {
    expect(runsOf('market close +12h', '2026-11-25T00:00Z', 2)).toEqual([
      '2026-11-25T09:00Z',
      '2026-11-26T09:00Z',
    ]);
    expect(runsOf('market open -12h', '2026-11-26T00:00Z', 1)).toEqual(['2026-11-27T02:30Z']);
  });

  it('follow the broker where it tells another close than the rules', () => {
    const session = { open: new Date('2026-11-23T14:30Z'), close: new Date('2026-11-23T18:00Z') };
    const calendar = {
      day: (date: string) => (date === '2026-11-23' ? session : fallbackCalendar.day(date)),
    };
    expect(runsOf('market close', '2026-11-23T12:00Z', 2, { calendar })).toEqual([
      '2026-11-23T18:00Z',
      '2026-11-24T21:00Z',
    ]);
  });
});

describe('the next run', () => {
  it.each(['daily 9:00', '0 9 * * *', '2026-11-24 9:00', '2026-11-24T14:00:00Z', 'market open -30m'])(
    'of “%s” is later than asked, never equal',
    (text) => {
      const when = parseWhen(text) as ResolvedWhen;
      const options = { zone: 'America/New_York', marketDaysOnly: true, calendar: fallbackCalendar };
      const at = Date.parse('2026-11-24T14:00:00Z');
      expect(nextRun(when, { ...options, after: new Date(at - 1) })?.getTime()).toBe(at);
      expect(nextRun(when, { ...options, after: new Date(at) })?.getTime()).not.toBe(at);
      expect(nextRun(when, { ...options, after: new Date(at + 1) })?.getTime()).not.toBe(at);
    },
  );

  it('of a day of month and a day of week is on either', () => {
    expect(runsOf('0 9 1 * fri', '2026-11-27T15:00Z', 3)).toEqual([
      '2026-12-01T14:00Z',
      '2026-12-04T14:00Z',
      '2026-12-11T14:00Z',
    ]);
  });

  it('of the last of month knows how long months are', () => {
    expect(runsOf('last of month 12:00', '2028-01-31T18:00Z', 3, { zone: 'UTC' })).toEqual([
      '2028-02-29T12:00Z',
      '2028-03-31T12:00Z',
      '2028-04-30T12:00Z',
    ]);
  });

  it('is looked for two years ahead', () => {
    expect(runsOf('0 9 29 2 *', '2026-11-23T12:00Z', 2, { zone: 'UTC' })).toEqual(['2028-02-29T09:00Z']);
    expect(runsOf('0 9 29 2 *', '2025-11-23T12:00Z', 1, { zone: 'UTC' })).toEqual([]);
  });

  it('of a date is found however far it is', () => {
    expect(runsOf('2031-01-02 9:00', '2026-11-23T12:00Z', 2)).toEqual(['2031-01-02T14:00Z']);
  });

  it('is refused for an unknown zone and for no date at all', () => {
    const when = parseWhen('daily 9:00') as ResolvedWhen;
    const options = { marketDaysOnly: false, calendar: fallbackCalendar };
    const now = new Date('2026-11-23T12:00Z');
    expect(() => nextRun(when, { ...options, after: now, zone: 'Mars/Base' })).toThrow(RangeError);
    expect(() => nextRun(when, { ...options, after: new Date(Number.NaN), zone: 'UTC' })).toThrow(RangeError);
  });
});
