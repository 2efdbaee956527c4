import { expect, test } from 'vitest';
import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import type { MarketDay } from '../../../src/domain/market.js';
import { MarketDays } from '../../../src/services/reminders/market-days.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { quiet } from '../../db/support/drivers.js';

/** A day of mourning that no table foretells. */
const MOURNING: MarketDay = { date: '2026-12-09', session: null };
const USUAL: MarketDay = {
  date: '2026-12-10',
  session: fallbackCalendar.day('2026-12-10') as MarketDay['session'],
};

function setUp(answers: (MarketDay[] | Error)[], settings = new Map<string, string>()) {
  const asked: string[][] = [];
  const clock = new VirtualClock('2026-11-23T15:00:00Z');
  const sut = new MarketDays({
    broker: {
      marketDays: async (from, to) => {
        asked.push([from, to]);
        const answer = answers[Math.min(asked.length, answers.length) - 1] ?? [];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    state: {
      recall: async (name) => settings.get(name) ?? null,
      remember: async (name, value) => void settings.set(name, value),
    },
    clock,
    log: quiet,
  });
  return { sut, asked, clock, settings };
}

test('before the broker told anything the table by rule holds', () => {
  const { sut } = setUp([]);
  expect(sut.calendar().day('2026-12-09')).not.toBeNull();
  expect(sut.calendar().day('2026-12-25')).toBeNull();
});

test('what the broker tells wins, changes the version, and survives a restart', async () => {
  const first = setUp([[MOURNING, USUAL]]);
  const before = first.sut.version();
  await first.sut.refresh();
  expect(first.sut.calendar().day('2026-12-09')).toBeNull();
  expect(first.sut.version()).not.toBe(before);

  const second = setUp([], first.settings);
  await second.sut.load();
  expect(second.sut.calendar().day('2026-12-09')).toBeNull();
  expect(second.sut.calendar().day('2026-12-10')).toEqual(USUAL.session);
  expect(second.sut.version()).toBe(first.sut.version());
});

test('days that are as the table says change nothing, however many are told', async () => {
  const { sut } = setUp([[USUAL], [MOURNING], [MOURNING, USUAL]]);
  await sut.refresh();
  const usual = sut.version();
  expect(usual).toBe(setUp([]).sut.version());
  await sut.refresh();
  const mourning = sut.version();
  await sut.refresh();
  expect(sut.version()).toBe(mourning);
  expect(mourning).not.toBe(usual);
});

test('a broker that doesn’t answer is asked again sooner, and a damaged memory stops nothing', async () => {
  const { sut, clock, asked } = setUp(
    [new BrokerUnreachable('no answer'), [MOURNING]],
    new Map([['market-days', '{']]),
  );
  await sut.load();
  sut.start();
  while (asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
  await sut.stop();
  expect(clock.slept[0]).toBe(10 * 60_000);
  expect(sut.calendar().day('2026-12-09')).toBeNull();
  expect(asked[0]).toEqual(['2026-11-16', '2027-08-10']);
});
