import { describe, expect, it } from 'vitest';
import { parseWhen } from '../../../src/domain/when/parse.js';
import { printWhen } from '../../../src/domain/when/print.js';
import { resolveWhen } from '../../../src/domain/when/resolve.js';
import { saying } from '../../support/saying.js';

const resolved = (text: string, now: string, zone = 'America/New_York') =>
  printWhen(resolveWhen(parseWhen(text), new Date(now), zone));

describe('resolveWhen', () => {
  it.each([
    ['in 2h', '2026-11-23T17:00:00Z', '2026-11-23T19:00:00Z'],
    ['in 1h30m', '2026-11-23T17:00:00.001Z', '2026-11-23T18:30:01Z'],
    ['tomorrow 9:00', '2026-11-23T17:00:00Z', '2026-11-24 9:00'],
    ['today 16:00', '2026-11-23T17:00:00Z', '2026-11-23 16:00'],
    ['weekdays 9:00', '2026-11-23T17:00:00Z', 'weekdays 9:00'],
  ])('makes “%s” said at %s “%s”', (text, now, expected) => {
    expect(resolved(text, now)).toBe(expected);
  });

  it('takes tomorrow from the calendar in the zone, not in UTC', () => {
    expect(resolved('tomorrow 9:00', '2026-11-24T03:00:00Z')).toBe('2026-11-24 9:00');
    expect(resolved('tomorrow 9:00', '2026-11-23T17:00:00Z', 'Asia/Tokyo')).toBe('2026-11-25 9:00');
  });

  it('counts hours on the stopwatch and days on the calendar when the clocks change', () => {
    // Saturday noon before the clocks go back in New York: 16:00 UTC, Sunday noon is 17:00 UTC.
    expect(resolved('in 24h', '2026-10-31T16:00:00Z')).toBe('2026-11-01T16:00:00Z');
    expect(resolved('in 1 day', '2026-10-31T16:00:00Z')).toBe('2026-11-01T17:00:00Z');
    expect(resolved('in 1 day and 1h', '2026-10-31T16:00:00Z')).toBe('2026-11-01T18:00:00Z');
  });

  it('refuses what is not ahead, on both sides of the limit', () => {
    const past = { name: 'UserError', code: 'WHEN_PAST' };
    expect(resolved('2026-12-18 10:00', '2026-12-18T14:59:59.999Z')).toBe('2026-12-18 10:00');
    expect(() => resolved('2026-12-18 10:00', '2026-12-18T15:00:00Z')).toThrow(
      saying({ ...past, what: '2026-12-18 10:00 in America/New_York has passed.' }),
    );
    expect(() => resolved('today 11:59', '2026-11-23T17:00:00Z')).toThrow(expect.objectContaining(past));
    expect(() => resolved('2026-11-23 17:00 UTC', '2026-11-23T17:00:00Z')).toThrow(
      expect.objectContaining(past),
    );
  });
});
