import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/commands/index.js';
import type { UserError } from '../../../src/domain/errors.js';
import { wordsOf } from '../../../src/screens/failures/index.js';
import {
  type About,
  type AccessRules,
  type Action,
  assertChannel,
  assertMay,
  isTrader,
  permission,
} from '../../../src/services/access/access.js';
import { accessRules } from '../support/builders.js';

const NOBODY: AccessRules = accessRules({ traderUserIds: [] });
const id = fc.constantFrom('1', '2', '3', '4');
const rules = fc.record({
  traderUserIds: fc.uniqueArray(id),
  traderRoleIds: fc.uniqueArray(id),
  viewerUserIds: fc.uniqueArray(fc.oneof(id, fc.constant('*'))),
  viewerRoleIds: fc.uniqueArray(fc.oneof(id, fc.constant('*'))),
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
        expect(isTrader(given, who)).toBe(named || byRole);
        expect(refusal(() => assertMay(given, who, 'trade')) === null).toBe(
          !given.readOnly && (named || byRole),
        );
      }),
    );
  });

  it('an empty list never means everybody', () => {
    fc.assert(fc.property(actor, (who) => !isTrader(NOBODY, who)));
  });

  it('a user id among the roles, or a role id among the users, gives nothing', () => {
    expect(isTrader({ ...NOBODY, traderRoleIds: ['1'] }, { userId: '1', roleIds: [] })).toBe(false);
    expect(isTrader({ ...NOBODY, traderUserIds: ['1'] }, { userId: '2', roleIds: ['1'] })).toBe(false);
  });

  it.each([
    ['READ_ONLY', { ...NOBODY, traderUserIds: ['1'], readOnly: true }, '1'],
    ['NOBODY_MAY_TRADE', NOBODY, '1'],
    ['NOT_A_TRADER', { ...NOBODY, traderUserIds: ['2'] }, '1'],
  ])('%s says that nothing was sent and whom to ask', (code, given, userId) => {
    const refused = refusal(() => assertMay(given, { userId, roleIds: [] }, 'trade'));
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

/*
 * The table in ARCHITECTURE.md is read here: whoever changes what is decided has to change what is said, and the
 * other way round.
 */
describe('the table of rights', () => {
  const text = readFileSync(new URL('../../../ARCHITECTURE.md', import.meta.url), 'utf8');
  const [, table = ''] = /^## Who may do what\n[\s\S]*?^(\|[\s\S]*?)\n\n/m.exec(text) ?? [];
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', ''));
  const [head = [], , ...rows] = table.split('\n').map(cells);
  const needs = head.slice(1);

  const NAMED = {
    ...NOBODY,
    traderUserIds: ['t'],
    traderRoleIds: ['T'],
    viewerUserIds: ['v'],
    viewerRoleIds: ['V'],
  };
  const PEOPLE: Record<string, [AccessRules, Parameters<typeof permission>[1], About?]> = {
    trader: [NAMED, { userId: 't', roleIds: [], guildId: 'g' }],
    'trader by role': [NAMED, { userId: 'x', roleIds: ['T'], guildId: 'g' }],
    'trader, READ_ONLY': [
      { ...NAMED, readOnly: true },
      { userId: 't', roleIds: [], guildId: 'g' },
    ],
    'trader, an account that isn’t served': [
      NAMED,
      { userId: 't', roleIds: [], guildId: 'g' },
      { account: { number: '5WX10001', served: false } },
    ],
    viewer: [NAMED, { userId: 'v', roleIds: [], guildId: 'g' }],
    'viewer by role': [NAMED, { userId: 'x', roleIds: ['V'], guildId: 'g' }],
    'member, viewers *': [
      { ...NAMED, viewerUserIds: ['*'] },
      { userId: 'x', roleIds: [], guildId: 'g' },
    ],
    'stranger, an account that isn’t served': [
      NAMED,
      { userId: 'x', roleIds: [], guildId: 'g' },
      { account: { number: '5WX10001', served: false } },
    ],
    stranger: [NAMED, { userId: 'x', roleIds: ['y'], guildId: 'g' }],
    'trader, direct message': [NAMED, { userId: 't', roleIds: [], guildId: null }],
    'viewer, direct message': [NAMED, { userId: 'v', roleIds: [], guildId: null }],
    'stranger, viewers *, direct message': [
      { ...NAMED, viewerRoleIds: ['*'] },
      { userId: 'x', roleIds: [], guildId: null },
    ],
    'anybody, no trader named': [NOBODY, { userId: 'x', roleIds: [], guildId: 'g' }],
  };

  it('has a row for everybody and a column for each right', () => {
    expect(rows.map(([who]) => who)).toEqual(Object.keys(PEOPLE));
    expect(needs).toEqual(['none', 'look', 'schedule', 'trade']);
  });

  it.each(rows)('%s', (who, ...told) => {
    const [given, person, about] = PEOPLE[who as string] as (typeof PEOPLE)[string];
    expect(needs.map((action) => permission(given, person, action as Action, about))).toEqual(told);
  });

  const [, entries = ''] = /^\| entry \|.*\n\|[-|]*\n([\s\S]*?)\n\n/m.exec(text) ?? [];
  it('names each entry with the right it needs', () => {
    const told = entries
      .split('\n')
      .map(cells)
      .flatMap(([names = '', action]) => names.split(' ').map((name) => [name, action]));
    const real = COMMANDS.flatMap(({ data, action, parts = {} }) => [
      [`/${data.name}`, action],
      ...Object.entries(parts).map(([name, part]) => [`${data.name}:${name}`, part.action]),
    ]);
    expect(told.sort()).toEqual(real.sort());
  });
});

describe('whose reminder it is', () => {
  const asker = { userId: 'x', roleIds: [] };
  it.each([
    [['x'], 'ok'],
    [['x', 'x'], 'ok'],
    [['x', 'y'], 'NOT_A_TRADER'],
    [[], 'NOT_A_TRADER'],
  ])('of %j: one’s own alone may be dealt with', (owners, answer) => {
    const rules = { ...NOBODY, traderUserIds: ['t'] };
    expect(permission(rules, asker, 'schedule', { owners })).toBe(answer);
    expect(permission(rules, asker, 'trade', { owners })).toBe('NOT_A_TRADER');
  });
});
