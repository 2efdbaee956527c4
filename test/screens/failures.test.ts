import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import type { FailureCode, Failures } from '../../src/domain/failures.js';
import { failureOf } from '../../src/screens/failure.js';
import { wordsOf } from '../../src/screens/failures/index.js';

const ACCOUNTS = [
  { digits: '1111', nickname: 'Margin', oneOfSeveral: true },
  { digits: '2222', nickname: null, oneOfSeveral: true },
];

/** Facts of every code, a variant each where the words differ; the compiler asks for those of a new one. */
const SAMPLES: { readonly [Code in FailureCode]: readonly Failures[Code][] } = {
  HALTED: [
    { halt: { by: '7', at: new Date('2026-11-23T15:00:00Z'), reason: null } },
    { halt: { by: 'cli', at: new Date('2026-11-23T15:00:00Z'), reason: 'Fed at 2' } },
  ],
  READ_ONLY: [{}],
  NOBODY_MAY_TRADE: [{ to: 'trade' }, { to: 'schedule' }],
  NOT_A_TRADER: [{ to: 'trade' }, { to: 'schedule' }],
  NOT_A_VIEWER: [{ where: 'server' }, { where: 'direct-message' }],
  WRONG_CHANNEL: [{ channelIds: ['1', '2'] }],
  WRONG_SERVER: [{}],
  SERVER_NOT_KNOWN: [{}],
  TOO_MUCH_AT_ONCE: [{ underWay: 2 }],
  ACCOUNT_UNKNOWN: [
    { there: ['0001', null], named: 1 },
    { there: [], named: 2 },
  ],
  ACCOUNT_NONE: [{}],
  ACCOUNT_UNREADABLE: [{ count: 1 }, { count: 2 }],
  ACCOUNT_NOT_OURS: [{ typed: '9999', accounts: ACCOUNTS }],
  STILL_READING: [{}],
  ACCOUNT_NEEDED: [{ accounts: ACCOUNTS }],
  ACCOUNT_GONE: [{ digits: '9999' }],
  POSITION_ELSEWHERE: [{ id: 37, account: { digits: '2222', nickname: 'Roth IRA', oneOfSeveral: true } }],
  POSITION_NOT_OURS: [{ id: 37, digits: '9999' }],
  POSITIONS_APART: [{ accounts: ACCOUNTS }],
  NOT_YOUR_PREVIEW: [{ ownerId: '7' }],
  PLAN_MISSING: [{}],
  ALREADY_SUBMITTED: [{}],
  PLAN_SUPERSEDED: [{}],
  PLAN_CANCELLED: [{}],
  PLAN_EXPIRED: [{}],
  PLAN_STALE: [{}],
  PLAN_OF_ANOTHER_ACCOUNT: [{ digits: '0009' }],
  LOOKALIKE_SETTLED: [{}],
  LOOKALIKE_CHANGED: [{}],
  LOOKALIKE_TAKEN: [{ orderId: '99' }],
  ORDERS_UNDER_WAY: [{}],
  DRY_RUN: [{}],
  NOT_ACKNOWLEDGED: [{ asked: 'press' }, { asked: 'command' }],
  OUTDATED: [{}],
  PREVIEW_UNCHANGED: [{ because: new UserError('NOT_AN_UNDERLYING', { typed: 'a b c' }) }],
  REMINDER_REMOVED: [{}],
  REMINDER_NOT_HERE: [{ id: 4 }],
  REMINDER_NOT_READ: [{ typed: 'what' }],
  REMINDER_ENDED: [{ id: 4 }],
  REMINDER_HANDLED: [{ at: new Date('2026-11-23T15:00:00Z') }],
  TOO_MANY_REMINDERS: [{ most: 100 }],
  WHEN_NEVER: [
    { when: '2026-11-26 9:00', marketDaysOnly: true },
    { when: '0 0 30 2 *', marketDaysOnly: false },
  ],
  ZONE_UNKNOWN: [{ typed: 'Mars' }],
  DAYS_UNREADABLE: [{ typed: 'soon' }],
  NOT_AN_UNDERLYING: [{ typed: '???' }],
  DATABASE_OF_ANOTHER_ENVIRONMENT: [{ owner: 'PAPER', environment: 'SANDBOX' }],
  DATABASE_NEWER: [{ migrations: ['Later2099'] }],
  DATABASE_NOT_DURABLE: [{}],
  DISCORD_TOKEN_REFUSED: [{}],
  DISCORD_GATEWAY_REFUSED: [{ said: 'Used invalid intents' }],
  DISCORD_GUILD_REFUSED: [{}],
  DISCORD_COMMANDS_REFUSED: [{ said: 'Invalid Form Body' }],
};

const SENT = /\b(was sent|sent nothing|never sends)\b/gi;

const all = Object.entries(SAMPLES).flatMap(([code, samples]) =>
  samples.map((facts) => new UserError(code as FailureCode, facts as Failures[FailureCode])),
);

describe('the words of a failure', () => {
  it.each(all.map((error) => [error.message, error] as const))('%s', (_, error) => {
    const { what, hint, saysSent } = wordsOf(error);
    const said = `${what}\n${hint ?? ''}`;
    // Whether anything was sent is told once: by the words that claim to, else by the sentence that is added.
    expect(said.match(SENT) !== null).toBe(saysSent === true);
    expect(failureOf(error, true).text.match(SENT)).toHaveLength(1);
    expect(said).not.toMatch(/undefined|\[object|NaN/);
    expect(what).toMatch(/[.!?]$|Form Body$/);
  });

  it('a slip leaves the preview as it was, and keeps its own words', () => {
    const because = new UserError('DAYS_UNREADABLE', { typed: 'soon' });
    expect(wordsOf(new UserError('PREVIEW_UNCHANGED', { because }))).toEqual({
      what: `${wordsOf(because).what} The preview is unchanged and nothing was sent.`,
      hint: wordsOf(because).hint,
      saysSent: true,
    });
  });
});
