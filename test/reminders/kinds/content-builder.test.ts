import { pino } from 'pino';
import { expect, test } from 'vitest';
import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import type { Owed } from '../../../src/ports/reminder-store.js';
import type { Book } from '../../../src/services/accounts/positions.js';
import { ReminderContentBuilder } from '../../../src/services/reminders/content-builder.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { bookOf, NOW } from './book.js';
import { brokerOf, SILENT } from './look.js';

const BOOK = bookOf({ holdings: ['-1 QQQ 2026-12-18 480 P @ 3.00'] });
const TELLING = { late: false, now: NOW };

function claim(id: number, kind: string, options: object = {}): Owed {
  const reminder = {
    id,
    guildId: '900',
    channelId: '800',
    userId: '111',
    kind,
    when: 'weekdays 9:00',
    zone: 'America/New_York',
    marketDaysOnly: true,
    options: JSON.stringify(options),
    state: 'active' as const,
    pausedReason: null,
    nextRunAt: null,
    createdAt: NOW,
  };
  const occurrence = {
    id: 100 + id,
    reminderId: id,
    dueAt: NOW,
    state: 'owed' as const,
    dispatchedAt: null,
    leadId: 100 + id,
    messageRef: null,
    note: null,
    finishedAt: null,
    doneAt: null,
  };
  return { occurrence, reminder, alsoMissed: [] };
}

function setUp(book: Book | Error = BOOK) {
  const clock = new VirtualClock(NOW.toISOString());
  const state = { reads: 0, book };
  const sut = new ReminderContentBuilder({
    desks: {
      about: async () => [
        {
          number: BOOK.account,
          name: BOOK.name,
          read: async () => {
            state.reads += 1;
            if (state.book instanceof Error) throw state.book;
            return state.book;
          },
        },
      ],
    },
    broker: brokerOf(SILENT),
    store: { orderLinks: async () => new Map() },
    spreadTicks: new Map(),
    log: pino({ level: 'silent' }),
    clock,
    calendar: () => fallbackCalendar,
  });
  return { sut, clock, state };
}

test('reminders due together share one read of the account; ten seconds later it is read anew', async () => {
  const { sut, clock, state } = setUp();
  await Promise.all(
    Array.from({ length: 50 }, (_, id) => sut.build([claim(id, 'missing-targets')], TELLING)),
  );
  expect(state.reads).toBe(1);
  clock.advance(9_999);
  await sut.build([claim(1, 'missing-targets')], TELLING);
  expect(state.reads).toBe(1);
  clock.advance(1);
  await sut.build([claim(1, 'missing-targets')], TELLING);
  expect(state.reads).toBe(2);
});

test('a reminder due after the account was read, or told after it changed, is read anew', async () => {
  const { sut, clock, state } = setUp();
  await sut.build([claim(1, 'missing-targets')], TELLING);
  clock.advance(1_000);
  const later = claim(2, 'missing-targets');
  later.occurrence.dueAt = new Date(NOW.getTime() + 1);
  await sut.build([later], TELLING);
  expect(state.reads).toBe(2);
  await sut.build([claim(3, 'missing-targets')], TELLING);
  expect(state.reads).toBe(2);
  sut.forget();
  await sut.build([claim(4, 'missing-targets')], TELLING);
  expect(state.reads).toBe(3);
});

test('a failed read is no memory: the next look asks again', async () => {
  const { sut, clock, state } = setUp(new BrokerUnreachable('no answer'));
  await expect(sut.build([claim(1, 'missing-targets')], TELLING)).rejects.toThrow('no answer');
  clock.advance(10_000);
  state.book = BOOK;
  expect(await sut.build([claim(1, 'missing-targets')], TELLING)).toMatchObject({
    leadId: 101,
    userId: '111',
  });
});

test('nothing to say is null, and of several only those with something are told', async () => {
  const { sut } = setUp();
  expect(await sut.build([claim(1, 'expiry', { dte: [3] })], TELLING)).toBeNull();
  const content = await sut.build(
    [claim(1, 'expiry', { dte: [3] }), claim(2, 'missing-targets'), claim(3, 'note', { text: 'hi' })],
    { ...TELLING, late: true },
  );
  expect(content).toMatchObject({ leadId: 101, late: true });
  expect(content?.parts.map(({ reminder }) => reminder.id)).toEqual([2, 3]);
});

test('what can’t be read doesn’t hold back a note beside it, and is said', async () => {
  const { sut } = setUp(new BrokerUnreachable('no answer'));
  const content = await sut.build([claim(1, 'missing-targets'), claim(2, 'note', { text: 'hi' })], TELLING);
  expect(content?.parts.map(({ found }) => found)).toEqual([
    { kind: 'missing-targets', unreadable: expect.objectContaining({ trouble: 'no answer' }) },
    expect.objectContaining({ kind: 'note' }),
  ]);
});

test('options from another version are never taken for "no filter"', async () => {
  const { sut } = setUp();
  await expect(sut.build([claim(1, 'missing-targets', { sector: 'tech' })], TELLING)).rejects.toThrow();
});
