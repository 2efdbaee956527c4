import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { dte, exchangeDay, isIsoDate, isOnDay, shortDay, weekday } from '../../src/domain/dates.js';

describe('exchange days', () => {
  it('turns at midnight in New York, in winter and in summer', () => {
    expect(exchangeDay(new Date('2026-12-18T04:59:59Z'))).toBe('2026-12-17');
    expect(exchangeDay(new Date('2026-12-18T05:00:00Z'))).toBe('2026-12-18');
    expect(exchangeDay(new Date('2026-07-18T03:59:59Z'))).toBe('2026-07-17');
    expect(exchangeDay(new Date('2026-07-18T04:00:00Z'))).toBe('2026-07-18');
  });

  it('counts days to expiration in calendar days: zero on the day, negative after', () => {
    expect(dte(new Date('2026-12-18T21:30:00Z'), '2026-12-18')).toBe(0);
    expect(dte(new Date('2026-12-18T02:00:00Z'), '2026-12-18')).toBe(1);
    expect(dte(new Date('2026-12-19T12:00:00Z'), '2026-12-18')).toBe(-1);
    expect(dte(new Date('2026-11-23T15:00:00Z'), '2026-12-18')).toBe(25);
  });

  it('counts whole days across the change of clocks', () => {
    // Clocks change on 8 March and 1 November 2026.
    expect(dte(new Date('2026-03-07T12:00:00Z'), '2026-03-09')).toBe(2);
    expect(dte(new Date('2026-10-31T12:00:00Z'), '2026-11-02')).toBe(2);
  });

  it('writes days in words', () => {
    expect(shortDay('2026-12-01')).toBe('1 Dec 26');
    expect(weekday('2026-12-18')).toBe('Fri');
  });

  it('says of any moment what the calendar library says', () => {
    const moment = fc.date({ min: new Date('1971-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, moment, (now, other) => {
        const today = DateTime.fromJSDate(now, { zone: 'America/New_York' }).toFormat('yyyy-MM-dd');
        const date = DateTime.fromJSDate(other, { zone: 'utc' });
        const iso = date.toFormat('yyyy-MM-dd');
        expect(exchangeDay(now)).toBe(today);
        expect(isOnDay(now, today)).toBe(true);
        expect(isOnDay(now, iso)).toBe(iso === today);
        expect(shortDay(iso)).toBe(date.toFormat('d LLL yy', { locale: 'en' }));
        expect(weekday(iso)).toBe(date.toFormat('ccc', { locale: 'en' }));
        const apart = DateTime.fromISO(iso, { zone: 'utc' }).diff(
          DateTime.fromISO(today, { zone: 'utc' }),
          'days',
        );
        expect(dte(now, iso)).toBe(apart.days);
      }),
      { numRuns: 1_000 },
    );
  });

  it('knows days the calendar lacks', () => {
    expect(isIsoDate('2028-02-29')).toBe(true);
    expect(isIsoDate('2026-02-29')).toBe(false);
    expect(isIsoDate('2026-2-9')).toBe(false);
    expect(() => shortDay('2026-02-30')).toThrow(RangeError);
  });
});
