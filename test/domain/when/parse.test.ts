import { describe, expect, it } from 'vitest';
import type { UserError } from '../../../src/domain/errors.js';
import { parseWhen } from '../../../src/domain/when/parse.js';
import { printWhen } from '../../../src/domain/when/print.js';
import { isOneTime, isResolved } from '../../../src/domain/when/when.js';
import { wordsOf } from '../../../src/screens/failures/index.js';

function refusal(text: string): UserError {
  try {
    parseWhen(text);
  } catch (error) {
    return error as UserError;
  }
  throw new Error(`was read: ${text}`);
}

describe('what people write', () => {
  it.each([
    ['weekdays 9:00', 'weekdays 9:00'],
    ['every weekday at 9am', 'weekdays 9:00'],
    ['mon-fri 09:00', 'weekdays 9:00'],
    ['Weekends 10:00', 'weekends 10:00'],
    ['daily 16:15', 'daily 16:15'],
    ['every day 4:15 pm', 'daily 16:15'],
    ['every friday 15:30', 'every friday 15:30'],
    ['fridays 15:30', 'every friday 15:30'],
    ['Fri 3:30PM', 'every friday 15:30'],
    ['mon,wed,fri 9:30', 'mon,wed,fri 9:30'],
    ['Fri, Mon and Wed 9:30 a.m.', 'mon,wed,fri 9:30'],
    ['tues & thurs 9:30', 'tue,thu 9:30'],
    ['mon – thu 9:30', 'mon,tue,wed,thu 9:30'],
    ['sat-mon 9:30', 'mon,sat,sun 9:30'],
    ['9:30am on fridays', 'every friday 9:30'],
    ['noon every weekday', 'weekdays 12:00'],
    ['daily midnight', 'daily 0:00'],
    ['daily 12am', 'daily 0:00'],
    ['daily 12:30pm', 'daily 12:30'],
    ['first of month 9:00', 'first of month 9:00'],
    ['on the last day of every month 4pm', 'last of month 16:00'],
    ['market open', 'market open'],
    ['at the open', 'market open'],
    ['market open +15m', 'market open +15m'],
    ['market open+15 min', 'market open +15m'],
    ['market close −10m', 'market close -10m'],
    ['market close +90m', 'market close +1h30m'],
    ['10 minutes before the close', 'market close -10m'],
    ['half past', null],
    ['1h30m after market open', 'market open +1h30m'],
    ['market open -0m', 'market open'],
    ['in 2h', 'in 2h'],
    ['in 45 min', 'in 45m'],
    ['in an hour and 30 minutes', 'in 1h30m'],
    ['in 90m', 'in 1h30m'],
    ['in 1 week', 'in 7d'],
    ['in 366 days', 'in 366d'],
    ['in 1 day 2 hours', 'in 1d2h'],
    ['tomorrow 9:00', 'tomorrow 9:00'],
    ['4pm today', 'today 16:00'],
    ['2026-12-18 10:00', '2026-12-18 10:00'],
    ['2026-12-8T9:00', '2026-12-08 9:00'],
    ['on 2026-12-18 at 10am', '2026-12-18 10:00'],
    ['2026-12-18 15:00 UTC', '2026-12-18T15:00:00Z'],
    ['2026-12-18T15:00:37Z', '2026-12-18T15:00:37Z'],
    ['30 9 * * mon-fri', '30 9 * * MON-FRI'],
    ['*/15 9-15 * jan,jul 1-5', '*/15 9-15 * JAN,JUL 1-5'],
    ['cron: 0  9  1 * *', '0 9 1 * *'],
    ['0 9 29 2 *', '0 9 29 2 *'],
  ])('reads “%s”', (text, canonical) => {
    if (canonical === null) expect(refusal(text).code).toBe('WHEN_UNREADABLE');
    else expect(printWhen(parseWhen(text))).toBe(canonical);
  });
});

it('gives no offset a sign that JSON would lose', () => {
  expect(parseWhen('market open -0m')).toEqual({ kind: 'market', edge: 'open', offset: 0 });
});

it.each([
  ['in 2h', true, false],
  ['tomorrow 9:00', true, false],
  ['2026-12-18 10:00', true, true],
  ['2026-12-18 10:00 UTC', true, true],
  ['weekdays 9:00', false, true],
  ['market open', false, true],
])('knows whether “%s” is one time only and may be kept', (text, oneTime, kept) => {
  expect([isOneTime(parseWhen(text)), isResolved(parseWhen(text))]).toEqual([oneTime, kept]);
});

describe('nonsense', () => {
  it.each([
    ['blah 9:00', '“blah”'],
    ['constructor 9:00', '“constructor”'],
    ['money 9:00', '“money”'],
    ['every fryday 9:00', '“fryday”'],
    ['every other friday 9:00', '“other”'],
    ['every 2 hours', '“2”'],
    ['weekdays', 'a time such as 9:00 is missing'],
    ['weekdays at', 'a time such as 9:00 is missing'],
    ['weekdays 9', '“9”'],
    ['weekdays 24:00', '“24:00”'],
    ['weekdays 9:60', '“9:60”'],
    ['weekdays 13pm', '“13pm”'],
    ['weekdays 0am', '“0am”'],
    ['weekdays 9:00 ET', '“9:00 et”'],
    ['weekdays 9:00, 16:00', '“9:00 16:00”'],
    ['mon-wed-fri 9:00', '“mon-wed-fri”'],
    ['market', '“market”'],
    ['market opne +15m', '“opne +15m”'],
    ['market open 15m', '“15m”'],
    ['market open +15', '“15”'],
    ['market open +15m -5m', '“15m -5m”'],
    ['market close +1d', '“1d”'],
    ['market close +12h1m', '“12h1m”'],
    ['soon after the open', '“soon”'],
    ['in', 'a length of time such as 2h or 45 min is missing'],
    ['in 0m', '“0m”'],
    ['in 2 fortnights', '“2 fortnights”'],
    ['in -2h', '“-2h”'],
    ['in 367 days', '“367 days”'],
    ['tomorrow', 'a time such as 9:00 is missing'],
    ['tomorrow morning', '“morning”'],
    ['2026-12-18', 'a time such as 9:00 is missing'],
    ['2026-02-29 10:00', '“2026-02-29”'],
    ['2026-13-01 10:00', '“2026-13-01”'],
    ['1999-12-31 10:00', '“1999-12-31”'],
    ['2026-12-18 25:00', '“25:00”'],
    ['2026-12-18 10:00 CET', '“10:00 cet”'],
    ['18.12.2026 10:00', '“18.12.2026”'],
    ['60 9 * * *', '“60”: as the minute'],
    ['0 24 * * *', '“24”: as the hour'],
    ['0 9 0 * *', '“0”: as the day of month'],
    ['0 9 * 13 *', '“13”: as the month'],
    ['0 9 * * 8', '“8”: as the day of week'],
    ['0 9 * * fri-mon', '“fri-mon”: as the day of week'],
    ['0 9 * * 5#2', '“5#2”'],
    ['0 9 l * *', '“l”'],
    ['h 9 * * *', '“h”'],
    ['*/0 9 * * *', '“*/0”'],
    ['1,,2 9 * * *', '“1,,2”'],
    ['0 9 30 2 *', 'no month has such a day'],
    ['0 9 * *', 'it has 4 fields'],
    ['0 0 9 * * *', 'it has 6 fields'],
    ['@daily', '“@daily”'],
    ['', 'nothing is written'],
    ['   ', 'nothing is written'],
    ['9'.repeat(500), 'more than 120 characters'],
  ])('“%s” is refused for %s', (text, named) => {
    const error = refusal(text);
    expect(error.code).toBe('WHEN_UNREADABLE');
    expect(wordsOf(error).what).toContain(named);
  });

  it('is answered with three examples that can be read', () => {
    const examples = [...(wordsOf(refusal('x')).hint ?? '').matchAll(/“(.*?)”/g)].map(
      ([, example = '']) => example,
    );
    expect(examples).toHaveLength(3);
    for (const example of examples) expect(() => parseWhen(example)).not.toThrow();
  });

  it('is quoted at a readable length', () => {
    expect(wordsOf(refusal(`every ${'x'.repeat(100)}`)).what.length).toBeLessThan(200);
  });
});
