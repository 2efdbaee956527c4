import { describe, expect, it } from 'vitest';
import { calendarFrom } from '../../../src/domain/calendar/calendar.js';
import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import { nyseYear } from '../../../src/domain/calendar/nyse-rules.js';
import { CLOSED, closingTime, EARLY, YEARS } from '../../reminders/support/nyse-tables.js';
import { shown } from '../../reminders/support/oracle.js';

const DAY_MS = 24 * 60 * 60_000;

describe('the rules of the NYSE', () => {
  it.each(YEARS)('give the closings of %i', (year) => {
    const { closed, early } = nyseYear(year);
    const of = (days: ReadonlySet<string>) => [...days].filter((day) => day.startsWith(`${year}-`)).sort();
    expect(of(closed)).toEqual(CLOSED[year]?.map((day) => `${year}-${day}`));
    expect(of(early)).toEqual(EARLY[year]?.map((day) => `${year}-${day}`));
  });

  it('know New Year’s Day on a Saturday and Juneteenth before it was kept', () => {
    expect(nyseYear(2022).closed).not.toContain('2021-12-31');
    expect(nyseYear(2021).closed).not.toContain('2021-12-31');
    expect(nyseYear(2022).closed).toContain('2022-06-20');
    expect(nyseYear(2021).closed).not.toContain('2021-06-18');
  });
});

describe('the fallback calendar', () => {
  it('has the right hours on the wall in New York on every day of 2024 to 2030', () => {
    for (let day = Date.UTC(2024, 0, 1); day < Date.UTC(2031, 0, 1); day += DAY_MS) {
      const date = new Date(day).toISOString().slice(0, 10);
      const close = closingTime(date);
      const hours = fallbackCalendar.day(date);
      const told = hours && [hours.open, hours.close].map((at) => shown(at.getTime(), 'America/New_York'));
      const expected = close && ['09:30', close].map((time) => Date.parse(`${date}T${time}Z`));
      expect({ date, told }).toEqual({ date, told: expected });
    }
  });
});

describe('calendarFrom', () => {
  const session = { open: new Date('2026-11-26T14:30Z'), close: new Date('2026-11-26T18:00Z') };
  const sut = calendarFrom(
    [
      { date: '2026-11-24', session: null },
      { date: '2026-11-26', session: null },
      { date: '2026-11-26', session },
    ],
    fallbackCalendar,
  );

  it('believes the broker against the rules, closings and sessions alike', () => {
    expect(sut.day('2026-11-24')).toBeNull();
    expect(sut.day('2026-11-26')).toEqual(session);
  });

  it('goes by the rules on days the broker did not tell', () => {
    expect(sut.day('2026-11-25')).toEqual(fallbackCalendar.day('2026-11-25'));
    expect(sut.day('2026-12-25')).toBeNull();
  });
});
