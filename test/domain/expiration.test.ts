import { describe, expect, test } from 'vitest';
import { fallbackCalendar } from '../../src/domain/calendar/fallback.js';
import { isOver, lastTradeOf, type ToldExpiration } from '../../src/domain/expiration.js';
import { parseOcc } from '../../src/domain/occ.js';

function last(symbol: string, told: Partial<ToldExpiration> | null = null) {
  const terms = parseOcc(symbol);
  if (!terms) throw new Error(symbol);
  const full = told && { stopsTradingAt: null, expiresAt: null, settlement: null, ...told };
  const { at, day, morning } = lastTradeOf(terms, full, fallbackCalendar.day);
  return { at: at.toISOString(), day, morning };
}

const AM = 'SPX   261218C05800000';

describe('what settles in the morning trades last on the day before', () => {
  const thursday = { at: '2026-12-17T21:15:00.000Z', day: '2026-12-17', morning: true };

  test.each<[string, Partial<ToldExpiration> | null]>([
    ['the broker says nothing', null],
    ['it says only AM', { settlement: 'AM' }],
    [
      'it says the end of the last session',
      { settlement: 'AM', stopsTradingAt: new Date('2026-12-17T21:15:00Z') },
    ],
    [
      'it says the settlement’s own time',
      { settlement: 'AM', stopsTradingAt: new Date('2026-12-18T14:30:00Z') },
    ],
    [
      'it says the afternoon of the expiration day',
      { settlement: 'AM', stopsTradingAt: new Date('2026-12-18T21:15:00Z') },
    ],
    ['it says only when it expires', { settlement: 'AM', expiresAt: new Date('2026-12-18T14:30:00Z') }],
  ])('%s', (_, told) => {
    expect(last(AM, told)).toEqual(thursday);
  });

  test('an earlier end that the broker tells for that day is believed', () => {
    const told = { settlement: 'AM' as const, stopsTradingAt: new Date('2026-12-17T21:00:00Z') };
    expect(last(AM, told).at).toBe('2026-12-17T21:00:00.000Z');
  });

  test.each([
    ['VIX   261216C00020000', '2026-12-15'],
    ['VIXW  261209C00020000', '2026-12-08'],
    ['RUT   261218P02000000', '2026-12-17'],
    ['NDX   261218P20000000', '2026-12-17'],
    // Good Friday 2027 is 26 March: the Monday after it has the Thursday before it as its day before.
    ['SPX   270329C05800000', '2027-03-25'],
  ])('%s: %s', (symbol, day) => {
    expect(last(symbol)).toMatchObject({ day, morning: true });
  });

  test('on a half day its last session ends a quarter past one', () => {
    // The day after Thanksgiving before a Monday expiration.
    expect(last('SPX   261130C05800000')).toEqual({
      at: '2026-11-27T18:15:00.000Z',
      day: '2026-11-27',
      morning: true,
    });
  });
});

describe('what settles in the afternoon trades on its expiration day', () => {
  test.each<[string, string, Partial<ToldExpiration> | null, string]>([
    ['by rule until the close', 'QQQ   261218P00480000', null, '2026-12-18T21:00:00.000Z'],
    ['SPXW is an afternoon series', 'SPXW  261218P05800000', null, '2026-12-18T21:00:00.000Z'],
    [
      'SPX named PM is believed',
      AM,
      { settlement: 'PM', stopsTradingAt: new Date('2026-12-18T21:00:00Z') },
      '2026-12-18T21:00:00.000Z',
    ],
    [
      'SPY until a quarter past, as told',
      'SPY   261218P00600000',
      { settlement: 'PM', stopsTradingAt: new Date('2026-12-18T21:15:00Z') },
      '2026-12-18T21:15:00.000Z',
    ],
    ['a half day by rule', 'QQQ   261127P00480000', null, '2026-11-27T18:00:00.000Z'],
    [
      'a half day whose usual close is told',
      'QQQ   261127P00480000',
      { settlement: 'PM', stopsTradingAt: new Date('2026-11-27T21:00:00Z') },
      '2026-11-27T18:15:00.000Z',
    ],
    [
      'a time of another year is not believed',
      'QQQ   261218P00480000',
      { stopsTradingAt: new Date('2016-12-18T21:00:00Z') },
      '2026-12-18T21:00:00.000Z',
    ],
    [
      'in summer the close is an hour earlier in UTC',
      'QQQ   260619P00480000',
      null,
      '2026-06-18T20:00:00.000Z',
    ],
  ])('%s', (_, symbol, told, at) => {
    expect(last(symbol, told).at).toBe(at);
  });

  test('at its last instant it trades no more, just before it does', () => {
    const terms = parseOcc('QQQ   261218P00480000');
    if (!terms) throw new Error('no terms');
    const end = lastTradeOf(terms, null, fallbackCalendar.day);
    expect(isOver(end, new Date('2026-12-18T20:59:59.999Z'))).toBe(false);
    expect(isOver(end, new Date('2026-12-18T21:00:00Z'))).toBe(true);
  });
});
