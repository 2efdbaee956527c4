import { describe, expect, it } from 'vitest';
import { type CodedReason, keptReason, readReason } from '../../src/domain/reasons.js';
import { reasonText } from '../../src/screens/reasons.js';

const ROW = {
  what: 'order',
  name: '41',
  why: 'its status is missing',
  concern: 'account',
  doubts: 'coverage',
} as const;

/** Each code once; the compiler asks for a new one. */
const SAMPLES: { [Code in CodedReason['code']]: Extract<CodedReason, { code: Code }> } = {
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
  NOT_SHOWN: { code: 'NOT_SHOWN', seconds: 90, ended: [{ orderId: '5002', status: 'Cancelled' }] },
  BY_HAND: { code: 'BY_HAND', userId: '7', orderIds: ['5002'] },
};

describe('why an order isn’t there', () => {
  it.each(Object.values(SAMPLES))('$code is kept with its facts and told as a sentence', (reason) => {
    expect(readReason(keptReason(reason))).toEqual(reason);
    expect(reasonText(reason)).toMatch(/^[^{[]\S* .*[^{[]$/);
    expect(reasonText(reason)).not.toMatch(/undefined|\[object|NaN|"code"/);
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
