import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserError } from '../../../src/domain/errors.js';
import { wordsOf } from '../../../src/screens/failures/index.js';
import {
  type AccessRules,
  assertChannel,
  assertMayTrade,
  mayTrade,
  permission,
} from '../../../src/services/access/access.js';

const NOBODY: AccessRules = { traderUserIds: [], traderRoleIds: [], channelIds: [], readOnly: false };
const id = fc.constantFrom('1', '2', '3', '4');
const rules = fc.record({
  traderUserIds: fc.uniqueArray(id),
  traderRoleIds: fc.uniqueArray(id),
  channelIds: fc.uniqueArray(id),
  readOnly: fc.boolean(),
});
const actor = fc.record({ userId: id, roleIds: fc.uniqueArray(id) });

function refusal(work: () => void): UserError | null {
  try {
    work();
    return null;
  } catch (error) {
    return error as UserError;
  }
}

describe('trading rights', () => {
  it('are given by name or by role and by nothing else', () => {
    fc.assert(
      fc.property(rules, actor, (given, who) => {
        const named = given.traderUserIds.includes(who.userId);
        const byRole = who.roleIds.some((role) => given.traderRoleIds.includes(role));
        expect(mayTrade(given, who)).toBe(named || byRole);
        expect(refusal(() => assertMayTrade(given, who)) === null).toBe(!given.readOnly && (named || byRole));
      }),
    );
  });

  it('an empty list never means everybody', () => {
    fc.assert(fc.property(actor, (who) => !mayTrade(NOBODY, who)));
  });

  it('a user id among the roles, or a role id among the users, gives nothing', () => {
    expect(mayTrade({ ...NOBODY, traderRoleIds: ['1'] }, { userId: '1', roleIds: [] })).toBe(false);
    expect(mayTrade({ ...NOBODY, traderUserIds: ['1'] }, { userId: '2', roleIds: ['1'] })).toBe(false);
  });

  it.each([
    ['READ_ONLY', { ...NOBODY, traderUserIds: ['1'], readOnly: true }, '1'],
    ['NOBODY_MAY_TRADE', NOBODY, '1'],
    ['NOT_A_TRADER', { ...NOBODY, traderUserIds: ['2'] }, '1'],
  ])('%s says that nothing was sent and whom to ask', (code, given, userId) => {
    const refused = refusal(() => assertMayTrade(given, { userId, roleIds: [] }));
    expect(refused).toMatchObject({ code, sent: 'nothing' });
    const words = refused && wordsOf(refused);
    expect(words?.what).toContain('nothing was sent');
    expect(words?.hint).toMatch(/whoever runs/i);
  });
});

describe('channels', () => {
  it('none named: it answers anywhere; some named: only there and in their threads, and says where', () => {
    fc.assert(
      fc.property(rules, id, fc.option(id), (given, channelId, parentId) => {
        const refused = refusal(() => assertChannel(given, { channelId, parentId }));
        const open =
          given.channelIds.length === 0 ||
          given.channelIds.some((named) => named === channelId || named === parentId);
        expect(refused === null).toBe(open);
        if (!refused) return;
        expect(refused.code).toBe('WRONG_CHANNEL');
        for (const named of given.channelIds) expect(wordsOf(refused).hint).toContain(`<#${named}>`);
      }),
    );
  });
});

describe('the one decision', () => {
  const named = { ...NOBODY, traderUserIds: ['1'], traderRoleIds: ['3'] };
  const byName = { userId: '1', roleIds: [] };
  const byRole = { userId: '2', roleIds: ['3'] };
  const stranger = { userId: '2', roleIds: ['4'] };

  it.each([
    ['a trader by name', named, byName, 'ok', 'ok'],
    ['a trader by role', named, byRole, 'ok', 'ok'],
    ['a stranger', named, stranger, 'NOT_A_TRADER', 'NOT_A_TRADER'],
    ['anybody while nobody is named', NOBODY, byName, 'NOBODY_MAY_TRADE', 'NOBODY_MAY_TRADE'],
    ['a trader, read-only', { ...named, readOnly: true }, byName, 'READ_ONLY', 'ok'],
    ['a trader by role, read-only', { ...named, readOnly: true }, byRole, 'READ_ONLY', 'ok'],
    ['a stranger, read-only', { ...named, readOnly: true }, stranger, 'READ_ONLY', 'NOT_A_TRADER'],
    [
      'anybody, read-only and nobody named',
      { ...NOBODY, readOnly: true },
      byName,
      'READ_ONLY',
      'NOBODY_MAY_TRADE',
    ],
  ] as const)('for %s', (_who, rules, actor, trade, schedule) => {
    expect([permission(rules, actor, 'trade'), permission(rules, actor, 'schedule')]).toEqual([
      trade,
      schedule,
    ]);
  });
});
