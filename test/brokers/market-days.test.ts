import { startPaperBroker } from '@profit-target/paper-broker';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBroker } from '../../src/brokers/index.js';
import { calendarFrom } from '../../src/domain/calendar/calendar.js';
import { dayAfter } from '../../src/domain/calendar/exchange.js';
import { fallbackCalendar } from '../../src/domain/calendar/fallback.js';
import type { Broker } from '../../src/ports/broker.js';
import { realClock } from './support/clocks.js';
import { brokerOn, data, FakeApi, failure, items } from './support/fake-api.js';

const SESSIONS = 'GET /market-time/sessions';
const HOLIDAYS = 'GET /market-time/equities/holidays';

let api: FakeApi;
let sut: Broker;

beforeEach(async () => {
  api = await FakeApi.start();
  api.on(HOLIDAYS, data({ 'market-holidays': ['2026-11-26', '2026-12-25'], 'market-half-days': [] }));
  api.on(SESSIONS, items([wire('2026-11-25', 21), wire('2026-11-27', 18)]));
  sut = brokerOn(api);
});
afterEach(() => api.close());

/** A session of a winter day as the published schema has it: without a date. */
function wire(date: string, closeHourUtc: number) {
  return {
    'start-at': `${date}T13:15:00.000Z`,
    'open-at': `${date}T14:30:00.000Z`,
    'close-at': `${date}T${closeHourUtc}:00:00.000Z`,
    'close-at-ext': null,
    'instrument-collection': 'Equity',
  };
}

function day(date: string, closeHourUtc: number) {
  const { 'open-at': open, 'close-at': close } = wire(date, closeHourUtc);
  return { date, session: { open: new Date(open), close: new Date(close) } };
}

describe('marketDays', () => {
  it('tells sessions and holidays in order, and nothing of days the broker leaves out', async () => {
    expect(await sut.marketDays('2026-11-23', '2026-11-30')).toEqual([
      day('2026-11-25', 21),
      { date: '2026-11-26', session: null },
      day('2026-11-27', 18),
    ]);
    expect(api.asked(SESSIONS)[0]?.url.split('?')[1]).toBe(
      'from-date=2026-11-23&to-date=2026-11-30&instrument-collection=Equity',
    );
  });

  it('includes both ends and nothing beyond them', async () => {
    const dates = async (from: string, to: string) =>
      (await sut.marketDays(from, to)).map(({ date }) => date);
    expect(await dates('2026-11-26', '2026-11-27')).toEqual(['2026-11-26', '2026-11-27']);
    expect(await dates('2026-11-26', '2026-11-26')).toEqual(['2026-11-26']);
    expect(await dates('2026-11-28', '2026-11-20')).toEqual([]);
  });

  it('asks for long ranges in parts of less than nine months that leave no gap', async () => {
    await sut.marketDays('2026-01-01', '2027-12-31');
    const parts = api.asked(SESSIONS).map(({ url }) => new URL(url, api.url).searchParams);
    const ends = parts.map((each) => [each.get('from-date'), each.get('to-date')]).sort();
    expect(ends).toEqual([
      ['2026-01-01', '2026-09-27'],
      ['2026-09-28', '2027-06-24'],
      ['2027-06-25', '2027-12-31'],
    ]);
  });

  it('believes a session on a day that is also listed as a holiday', async () => {
    api.on(SESSIONS, items([wire('2026-11-26', 18)]));
    expect(await sut.marketDays('2026-11-26', '2026-11-26')).toEqual([day('2026-11-26', 18)]);
  });

  it.each([
    ['null times', { 'open-at': null, 'close-at': null }],
    ['no close', { 'open-at': '2026-11-25T14:30:00Z' }],
    ['a close before the open', { 'open-at': '2026-11-25T14:30:00Z', 'close-at': '2026-11-25T14:30:00Z' }],
  ])('takes a session with %s for not told', async (_, item) => {
    api.on(SESSIONS, items([{ 'session-date': '2026-11-25', ...item }]));
    expect(await sut.marketDays('2026-11-25', '2026-11-25')).toEqual([]);
  });

  it('reads holidays from a map as the published schema has it', async () => {
    api.on(HOLIDAYS, data({ 'market-holidays': { '2026-11-26': 'Thanksgiving', other: '2026-12-25' } }));
    api.on(SESSIONS, items([]));
    expect(await sut.marketDays('2026-11-01', '2026-12-31')).toEqual([
      { date: '2026-11-26', session: null },
      { date: '2026-12-25', session: null },
    ]);
  });

  it('fails rather than telling half of it', async () => {
    api.on(HOLIDAYS, data({ 'market-holidays': 'none' }));
    await expect(sut.marketDays('2026-11-25', '2026-11-26')).rejects.toMatchObject({
      name: 'BrokerProtocolError',
    });
    api.on(HOLIDAYS, failure(403, 'not_permitted', 'No'));
    await expect(sut.marketDays('2026-11-25', '2026-11-26')).rejects.toMatchObject({ name: 'BrokerRefusal' });
  });
});

describe('marketDays of the paper broker', () => {
  it('agree with the fallback calendar, which knows nothing of it', async () => {
    const paper = await startPaperBroker({ seed: 7, startAt: '2026-11-23T15:00:00Z', rateCeilings: false });
    try {
      const { url: apiUrl, streamerUrl, clientSecret, refreshToken } = paper;
      const broker = createBroker({
        name: 'paper',
        apiUrl,
        streamerUrl,
        clientSecret,
        refreshToken,
        userAgent: 'profit-target-bot/0.0.0-test',
        clock: realClock,
        logger: pino({ level: 'silent' }),
      });
      const told = await broker.marketDays('2026-11-01', '2027-12-31');
      expect(told.filter(({ session }) => session === null)).toHaveLength(12);
      const calendar = calendarFrom(told, { day: () => null });
      for (let date = '2026-11-01'; date <= '2027-12-31'; date = dayAfter(date)) {
        expect({ date, hours: calendar.day(date) }).toEqual({ date, hours: fallbackCalendar.day(date) });
      }
    } finally {
      await paper.close();
    }
  });
});
