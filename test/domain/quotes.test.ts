import { describe, expect, test } from 'vitest';
import { fallbackCalendar } from '../../src/domain/calendar/fallback.js';
import { lastOpening, soundQuote, type ToldQuote } from '../../src/domain/quotes.js';
import { d } from './build.js';

const OPENED = new Date('2026-11-23T14:30:00Z');

function told(
  bid: string | null,
  ask: string | null,
  mark: string | null,
  more: Partial<ToldQuote> = {},
): ToldQuote {
  const price = (text: string | null) => (text === null ? null : d(text));
  const at = new Date('2026-11-23T15:00:00Z');
  return { bid: price(bid), ask: price(ask), mark: price(mark), at, halted: false, ...more };
}

describe('a quote that can’t be is none, with the reason', () => {
  test.each<[string, ToldQuote]>([
    ['crossed', told('1.20', '1.10', '1.15')],
    ['crossed', told('1.20', '0', '0.60')],
    ['no-bid', told('0', '4.80', '2.40')],
    ['no-bid', told(null, '4.80', '2.40')],
    ['no-bid', told('0', '0.30', '0.15')],
    ['no-bid', told('0', '0', '0')],
    ['halted', told('1.10', '1.20', '1.15', { halted: true })],
    ['old', told('1.10', '1.20', '1.15', { at: new Date('2026-11-23T14:29:59Z') })],
    ['impossible', told('1.10', '1.20', '7.00')],
    ['impossible', told('-1', '1.20', '0.10')],
  ])('%s', (doubt, quote) => {
    expect(soundQuote(quote, 'option', OPENED)).toEqual({ bid: null, ask: null, mark: null, doubt });
  });
});

describe('all others stay as told', () => {
  test.each<[string, ToldQuote, 'option' | 'other']>([
    ['usual', told('1.10', '1.20', '1.15'), 'option'],
    ['locked', told('1.10', '1.10', '1.10'), 'option'],
    ['nearly worthless without a bid', told('0', '0.05', '0.03'), 'option'],
    ['as wide as may be without a bid', told('0', '0.25', '0.13'), 'option'],
    ['only a mark, as indexes have', told(null, null, '5800'), 'other'],
    ['of no known age', told('1.10', '1.20', '1.15', { at: null }), 'option'],
    ['changed just at the opening', told('1.10', '1.20', '1.15', { at: OPENED }), 'option'],
    ['nothing served', told(null, null, null), 'option'],
  ])('%s', (_, quote, kind) => {
    expect(soundQuote(quote, kind, OPENED)).toEqual({
      bid: quote.bid,
      ask: quote.ask,
      mark: quote.mark,
      ...(quote.at && { at: quote.at }),
    });
  });
});

test('where it closed before stays with what is believed, if that can be a price', () => {
  const previousClose = { price: d('1.30'), day: '2026-11-20' };
  const sound = soundQuote(told('1.10', '1.20', '1.15', { previousClose }), 'option', OPENED);
  expect(sound.previousClose).toBe(previousClose);
  const below = { price: d('-1'), day: '2026-11-20' };
  expect(
    soundQuote(told('1.10', '1.20', '1.15', { previousClose: below }), 'option', OPENED),
  ).not.toHaveProperty('previousClose');
  expect(soundQuote(told('1.20', '1.10', '1.15', { previousClose }), 'option', OPENED)).not.toHaveProperty(
    'previousClose',
  );
});

describe('the last opening', () => {
  test.each([
    ['during a session', '2026-11-23T15:00:00Z', '2026-11-23', '2026-11-23T14:30:00.000Z'],
    ['before the bell', '2026-11-23T14:29:59Z', '2026-11-23', '2026-11-20T14:30:00.000Z'],
    ['on a Sunday', '2026-11-29T15:00:00Z', '2026-11-29', '2026-11-27T14:30:00.000Z'],
    ['on Thanksgiving', '2026-11-26T18:00:00Z', '2026-11-26', '2026-11-25T14:30:00.000Z'],
  ])('%s', (_, now, today, opened) => {
    expect(lastOpening(new Date(now), today, fallbackCalendar.day)?.toISOString()).toBe(opened);
  });
});
