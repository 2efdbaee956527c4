import { describe, expect, it } from 'vitest';
import type { BrokerTrouble } from '../../src/domain/broker-troubles.js';
import { UserError } from '../../src/domain/errors.js';
import { becauseOf, type CodedReason, keptReason, readReason } from '../../src/domain/reasons.js';
import { reasonText } from '../../src/screens/reasons.js';

const ROW = {
  what: 'order',
  name: '41',
  why: 'its status is missing',
  concern: 'account',
  doubts: 'coverage',
} as const;

/** Each code once but those of troubles with the broker; the compiler asks for a new one. */
const SAMPLES: {
  [Code in Exclude<CodedReason['code'], BrokerTrouble['code']>]: Extract<CodedReason, { code: Code }>;
} = {
  HALTED: { code: 'HALTED' },
  TOO_LATE: { code: 'TOO_LATE', seconds: 30 },
  NOT_SENT: { code: 'NOT_SENT', said: 'no answer' },
  ACCOUNT_CHANGED: {
    code: 'ACCOUNT_CHANGED',
    changes: [
      { what: 'held', symbol: 'QQQ   261218P00480000', before: -2, now: 0 },
      { what: 'restricted', symbol: 'QQQ', before: 0, now: 1 },
      { what: 'closing', symbol: 'QQQ', orderId: '7', before: 0, now: 1 },
      { what: 'closing', symbol: 'QQQ', orderId: '8', before: 2, now: 1 },
      { what: 'closing', symbol: 'QQQ', orderId: '9', before: 2, now: 0 },
      { what: 'unreadable', row: ROW },
    ],
  },
  ACCOUNT_UNREAD: { code: 'ACCOUNT_UNREAD' },
  BOT_STOPPED: { code: 'BOT_STOPPED' },
  WAY_NOT_CLEAR: { code: 'WAY_NOT_CLEAR' },
  TRADED_BEFORE: { code: 'TRADED_BEFORE' },
  UNNAMED: { code: 'UNNAMED' },
  PERHAPS_NOT_THIS: { code: 'PERHAPS_NOT_THIS' },
  NOT_SHOWN: { code: 'NOT_SHOWN', seconds: 90, ended: [{ orderId: '5002', status: 'Cancelled' }] },
  BY_HAND: { code: 'BY_HAND', userId: '7', orderIds: ['5002'] },
  ADOPTED: { code: 'ADOPTED', userId: '7' },
  FORGOTTEN: { code: 'FORGOTTEN', userId: '7' },
  CLOSED: { code: 'CLOSED', why: 'not-seen' },
  DISCORD_SAYS: { code: 'DISCORD_SAYS', said: 'Unknown Thing' },
  SLOW_DOWN: { code: 'SLOW_DOWN' },
  ANSWERS_WITH: { code: 'ANSWERS_WITH', status: 503 },
  NO_ANSWER: { code: 'NO_ANSWER', seconds: 10 },
  NOT_CONNECTED: { code: 'NOT_CONNECTED' },
  PART_POSTED: { code: 'PART_POSTED', after: { code: 'SLOW_DOWN' } },
  NOT_RUNNING: { code: 'NOT_RUNNING' },
  PAUSED: { code: 'PAUSED' },
  NEXT_RUN_UNKNOWN: { code: 'NEXT_RUN_UNKNOWN', because: 'more than 20000 runs are due' },
  NOT_PUT_TOGETHER: {
    code: 'NOT_PUT_TOGETHER',
    because: { code: 'POSITION_NOT_OURS', facts: { id: 37, digits: '1111' } },
  },
  NOT_TAKEN: { code: 'NOT_TAKEN', because: { code: 'NO_ANSWER', seconds: 10 } },
  OUT_OF_TIME: { code: 'OUT_OF_TIME' },
  PERHAPS_POSTED: { code: 'PERHAPS_POSTED', after: { code: 'OUT_OF_TIME' } },
};

describe('why an order isn’t there', () => {
  it.each(Object.values(SAMPLES))('$code is kept with its facts and told as a sentence', (reason) => {
    expect(readReason(keptReason(reason))).toEqual(reason);
    expect(reasonText(reason)).toMatch(/^[^{[]\S* .*[^{[]$/);
    expect(reasonText(reason)).not.toMatch(/undefined|\[object|NaN|"code"/);
  });

  it('says of what was decided on the command line where, and mentions nobody', () => {
    const byCli = (['ADOPTED', 'FORGOTTEN'] as const).map((code) => reasonText({ code, userId: 'cli' }));
    expect(byCli).toEqual([
      'placed elsewhere, adopted by the command line',
      'The broker doesn’t know it (any more); the command line had it forgotten.',
    ]);
  });

  it('names each change', () => {
    expect(reasonText(SAMPLES.ACCOUNT_CHANGED).split('; ')).toEqual([
      'QQQ 18 Dec 26 480 P: 2 short before, none held now',
      'QQQ: 1 not tradable now (0 before)',
      'QQQ: closing order 7 appeared (1 working)',
      'QQQ: closing order 8 works 1 now, 2 before',
      'QQQ: closing order 9 is no longer working',
      'order 41 (its status is missing) can’t be read now',
    ]);
  });

  it('has the words of an error that was kept, and names one whose facts make none any more', () => {
    expect(reasonText(SAMPLES.NOT_PUT_TOGETHER)).toMatch(/^It could not be put together: .*…1111/);
    const unreadable = new UserError('WHEN_UNREADABLE', { part: 'whenever', why: null });
    expect(reasonText({ code: 'NEXT_RUN_UNKNOWN', because: becauseOf(unreadable) })).toBe(
      "Its next run can't be worked out: I can’t read “whenever”.",
    );
    const halted = new UserError('HALTED', { halt: { by: '7', at: new Date(), reason: null } });
    const kept = readReason(keptReason({ code: 'NOT_PUT_TOGETHER', because: becauseOf(halted) }));
    expect(reasonText(kept)).toBe('It could not be put together: HALTED');
    expect(becauseOf(new Error('a bug'))).toBe('a bug');
  });

  it.each([
    'The bot stopped before anything was sent.',
    'margin_check_failed',
    '{"code":"margin_check_failed","message":"Too little"}',
    '{"code":',
    '',
  ])('in others’ words, or in those of an earlier version, is told as it is: %j', (kept) => {
    expect(keptReason(kept)).toBe(kept);
    expect(reasonText(readReason(kept))).toBe(kept);
  });
});
