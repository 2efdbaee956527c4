import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import { BrokerRefusal, BrokerUnreachable, UserError } from '../../../src/domain/errors.js';
import type { Owed } from '../../../src/ports/reminder-store.js';
import { reminderViews } from '../../../src/screens/reminders/message.js';
import type { Book } from '../../../src/services/accounts/positions.js';
import {
  type AccountSource,
  ReminderContentBuilder,
} from '../../../src/services/reminders/content-builder.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { plainTextOf } from '../../commands/support/limits.js';
import { bookOf, NOW } from './book.js';
import { brokerOf, SILENT } from './look.js';

const MARGIN = { digits: '1111', nickname: 'Margin', oneOfSeveral: true };
const IRA = { digits: '2222', nickname: 'Roth IRA', oneOfSeveral: true };
const TELLING = { late: false, now: NOW };
const CLOSED = new BrokerRefusal(403, 'not_permitted', 'The account is closed');

function claim(kind: string, options: object = {}, id = 1): Owed {
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

function accountOf(number: string, name: typeof MARGIN, holdings: string[], id: number) {
  const book = bookOf({ holdings });
  const positions = book.positions.map((view, at) => ({ ...view, id: id + at }));
  return { number, name, answer: { ...book, account: number, name, positions } as Book | Error, reads: 0 };
}

/** A margin account with two positions without targets, and an IRA with one. */
function setUp(ira: string[] = ['-1 SPY 2026-12-18 600 P @ 3.00']) {
  const accounts = [
    accountOf('5WX01111', MARGIN, ['-1 QQQ 2026-12-18 480 P @ 3.00', '-1 IWM 2026-12-18 200 P @ 2.00'], 1),
    accountOf('5WX02222', IRA, ira, 11),
  ];
  const sources = accounts.map(
    (each): AccountSource => ({
      ...each,
      read: async () => {
        each.reads += 1;
        if (each.answer instanceof Error) throw each.answer;
        return each.answer;
      },
    }),
  );
  const sut = new ReminderContentBuilder({
    desks: {
      about: async ({ account, position }) => {
        if (account !== undefined && !sources.some(({ number }) => number === account))
          throw new UserError('ACCOUNT_GONE', { digits: account.slice(-4) });
        if (position !== undefined) return sources.filter((_, at) => position > 10 === at > 0);
        return sources.filter(({ number }) => account === undefined || number === account);
      },
    },
    broker: brokerOf(SILENT),
    store: { orderLinks: async () => new Map() },
    spreadTicks: new Map(),
    log: pino({ level: 'silent' }),
    clock: new VirtualClock(NOW.toISOString()),
    calendar: () => fallbackCalendar,
  });
  const told = async (...claims: Owed[]) => {
    const content = await sut.build(claims, TELLING);
    const views = content ? reminderViews(content, 'PAPER', NOW) : [];
    const ids = views
      .flatMap(({ components }) => components.flatMap((row) => row.components))
      .flatMap((each) => ('custom_id' in each ? each.custom_id : []));
    return { text: plainTextOf(views), ids, parts: content?.parts ?? [] };
  };
  return { sut, accounts, told };
}

describe('a reminder', () => {
  test('tells of each account by itself, by name, and leads to a preview of each', async () => {
    const { told, accounts } = setUp();
    const { text, ids } = await told(claim('missing-targets'));
    expect(text.split('\n')[0]).toBe('<@111> **2 positions have no targets** · …1111 (Margin)');
    expect(text).toContain('**Missing targets · …1111 (Margin)**: 2 positions have no targets');
    expect(text).toContain('**Missing targets · …2222 (Roth IRA)**: 1 position has no targets');
    expect(text).toContain('account …1111 (Margin)\n');
    expect(text).toMatch(/account …2222 \(Roth IRA\)/);
    expect(ids.filter((id) => id.startsWith('remind:preview:'))).toEqual([
      'remind:preview:1.2',
      'remind:preview:11',
    ]);
    expect(accounts.map(({ reads }) => reads)).toEqual([1, 1]);
  });

  test('is silent about an account with nothing to tell, and names the other one all the same', async () => {
    const { told } = setUp([]);
    const { text, parts } = await told(claim('missing-targets'));
    expect(parts.map(({ account }) => account)).toEqual([MARGIN]);
    expect(text.split('\n')[0]).toContain('…1111 (Margin)');
    expect(text).not.toContain('2222');
  });

  test('is about one account, or about a position’s, where that is asked for', async () => {
    const { told, accounts } = setUp();
    expect((await told(claim('missing-targets', { account: '5WX02222' }))).parts).toMatchObject([
      { account: IRA },
    ]);
    expect((await told(claim('missing-targets', { position: 11 }, 2))).parts).toMatchObject([
      { account: IRA },
    ]);
    expect(accounts.map(({ reads }) => reads)).toEqual([0, 1]);
  });

  test('about an account that is served no more isn’t told of another', async () => {
    const { told } = setUp();
    await expect(told(claim('missing-targets', { account: '5WX09999' }))).rejects.toMatchObject({
      code: 'ACCOUNT_GONE',
    });
  });

  test('says once what its filter fits in none of the accounts, and nothing where it fits in one', async () => {
    const { told } = setUp();
    const empty = { sayWhenEmpty: true };
    const held = await told(claim('missing-targets', { underlying: 'SPY', ...empty }));
    expect(held.text).not.toContain('is held');
    const unheld = await told(claim('missing-targets', { underlying: 'TSLA', ...empty }));
    expect(unheld.text).toContain('Nothing of TSLA is held. Held: IWM, QQQ and SPY.');
  });

  test('tells a note once', async () => {
    const { told } = setUp();
    const { parts, text } = await told(claim('note', { text: 'roll it' }));
    expect(parts).toHaveLength(1);
    expect(text).not.toContain('Margin');
  });

  test('rehearsed, shows each account', async () => {
    const { sut } = setUp([]);
    const content = await sut.rehearse(claim('missing-targets').reminder);
    expect(content.parts.map(({ account, found }) => [account?.digits, found === null])).toEqual([
      ['1111', false],
      ['2222', true],
    ]);
    expect(plainTextOf(reminderViews(content, 'PAPER', NOW))).toContain(
      '**Missing targets · …2222 (Roth IRA)**: Nothing to tell now',
    );
  });
});

describe('an account that can’t be read', () => {
  test('is told beside the other', async () => {
    const { told, accounts } = setUp();
    for (const each of accounts.slice(1)) each.answer = CLOSED;
    const { text } = await told(claim('missing-targets'));
    expect(text).toContain('**Missing targets · …2222 (Roth IRA)**: Not known now');
    expect(text).toContain('The account is closed');
    expect(text).toContain('**Missing targets · …1111 (Margin)**: 2 positions have no targets');
  });

  test('is told too where the other has nothing to tell', async () => {
    const { told, accounts } = setUp([]);
    for (const each of accounts.slice(0, 1)) each.answer = CLOSED;
    const { parts, text } = await told(claim('missing-targets'));
    expect(parts).toHaveLength(1);
    expect(text.split('\n')[0]).toBe('<@111> **Not known now** · …1111 (Margin)');
  });

  test('with every other one waits for the broker', async () => {
    const { told, accounts } = setUp();
    for (const each of accounts) each.answer = new BrokerUnreachable('no answer');
    await expect(told(claim('missing-targets'))).rejects.toThrow('no answer');
  });
});
