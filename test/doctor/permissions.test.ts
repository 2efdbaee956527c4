import { PERMISSION_BITS, permissionsIn } from '@profit-target/local-discord';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lackingIn } from '../../src/doctor/permissions.js';

const { SEND_MESSAGES_IN_THREADS } = PERMISSION_BITS;
const { VIEW_CHANNEL, SEND_MESSAGES, EMBED_LINKS, ATTACH_FILES, READ_MESSAGE_HISTORY, ADMINISTRATOR } =
  PERMISSION_BITS;
const ALL_FIVE = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES | READ_MESSAGE_HISTORY;
const GUILD = '900';
const BOT = '500';

const bits = fc
  .subarray([VIEW_CHANNEL, SEND_MESSAGES, EMBED_LINKS, ATTACH_FILES, READ_MESSAGE_HISTORY])
  .map((some) => some.reduce((a, b) => a | b, 0n));
const roleIds = fc.subarray(['10', '11', '12']);

describe('lackingIn', () => {
  it('agrees with the local Discord’s own reading of the rules on every mix of roles and overwrites', () => {
    fc.assert(
      fc.property(
        roleIds,
        fc.tuple(bits, bits, bits, bits),
        fc.constantFrom(0n, 0n, 0n, ADMINISTRATOR),
        fc.array(
          fc.record({
            who: fc.constantFrom([GUILD, 0], ['10', 0], ['11', 0], ['12', 0], [BOT, 1], ['501', 1] as const),
            allow: bits,
            deny: bits,
          }),
          { maxLength: 8 },
        ),
        (mine, [everyone, ten, eleven, twelve], extra, raw) => {
          const roles = [
            { id: GUILD, permissions: everyone },
            { id: '10', permissions: ten | extra },
            { id: '11', permissions: eleven },
            { id: '12', permissions: twelve },
          ];
          const overwrites = raw.map(({ who: [id, type], allow, deny }) => ({
            id: String(id),
            type: Number(type) as 0 | 1,
            allow,
            deny,
          }));
          const theirs = permissionsIn({
            everyoneRoleId: GUILD,
            userId: BOT,
            owner: false,
            roles: roles.filter(({ id }) => id === GUILD || mine.includes(id)),
            timedOut: false,
            overwrites,
          });
          const lacking = lackingIn(
            {
              guildId: GUILD,
              userId: BOT,
              roleIds: mine,
              roles: roles.map((role) => ({ ...role, permissions: String(role.permissions) })),
              overwrites: overwrites.map(({ id, type, allow, deny }) => ({
                id,
                type,
                allow: String(allow),
                deny: String(deny),
              })),
            },
            true,
          );
          expect(lacking.length === 0).toBe((theirs & ALL_FIVE) === ALL_FIVE);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('names what is missing in the words of Discord’s settings', () => {
    const standing = {
      guildId: GUILD,
      userId: BOT,
      roleIds: [],
      roles: [{ id: GUILD, permissions: String(VIEW_CHANNEL) }],
      overwrites: [],
    };
    expect(lackingIn(standing, true)).toEqual([
      'Send Messages',
      'Embed Links',
      'Attach Files',
      'Read Message History',
    ]);
    expect(lackingIn(standing, false)).toEqual(['Send Messages', 'Embed Links', 'Read Message History']);
  });

  it('asks in threads for the permission to write in them, in place of the channel’s', () => {
    const holding = (permissions: bigint) => ({
      guildId: GUILD,
      userId: BOT,
      roleIds: [],
      roles: [{ id: GUILD, permissions: String(permissions) }],
      overwrites: [],
    });
    expect(lackingIn(holding(ALL_FIVE), true, 'threads')).toEqual(['Send Messages in Threads']);
    const only = (ALL_FIVE & ~SEND_MESSAGES) | SEND_MESSAGES_IN_THREADS;
    expect(lackingIn(holding(only), true, 'threads')).toEqual([]);
    expect(lackingIn(holding(only), true)).toEqual(['Send Messages']);
  });
});
