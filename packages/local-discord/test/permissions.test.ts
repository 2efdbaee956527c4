import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALL_PERMISSIONS,
  PERMISSION_BITS as P,
  type PermissionQuestion,
  permissionBits,
  permissionsIn,
} from '../src/base/permissions.js';

const EVERYONE = '1';
const ROLE = '2';
const USER = '3';
const bits = fc.bigInt({ min: 0n, max: ALL_PERMISSIONS });
const overwrite = fc.record({
  id: fc.constantFrom(EVERYONE, ROLE, USER, '4'),
  type: fc.constantFrom(0 as const, 1 as const),
  allow: bits,
  deny: bits,
});

function question(extra: Partial<PermissionQuestion> = {}): PermissionQuestion {
  return {
    everyoneRoleId: EVERYONE,
    userId: USER,
    owner: false,
    roles: [
      { id: EVERYONE, permissions: P.VIEW_CHANNEL | P.SEND_MESSAGES | P.EMBED_LINKS },
      { id: ROLE, permissions: P.ATTACH_FILES },
    ],
    timedOut: false,
    overwrites: [],
    ...extra,
  };
}
const deny = (id: string, type: 0 | 1, what: bigint) => ({ id, type, allow: 0n, deny: what });
const allow = (id: string, type: 0 | 1, what: bigint) => ({ id, type, allow: what, deny: 0n });

describe('permissions in a channel', () => {
  it('add up over the roles', () => {
    expect(permissionsIn(question())).toBe(P.VIEW_CHANNEL | P.SEND_MESSAGES | P.EMBED_LINKS | P.ATTACH_FILES);
  });

  it('are everything for owner and administrator, whatever the overwrites', () => {
    fc.assert(
      fc.property(fc.array(overwrite), (overwrites) => {
        const admin = [{ id: EVERYONE, permissions: P.ADMINISTRATOR }];
        expect(permissionsIn(question({ owner: true, overwrites }))).toBe(ALL_PERMISSIONS);
        expect(permissionsIn(question({ roles: admin, overwrites }))).toBe(ALL_PERMISSIONS);
      }),
    );
  });

  it('follow the member’s overwrite over the role’s over everyone’s', () => {
    const overwrites = [
      deny(EVERYONE, 0, P.ATTACH_FILES),
      allow(ROLE, 0, P.ATTACH_FILES),
      deny(USER, 1, P.ATTACH_FILES),
    ];
    const has = (n: number) =>
      (permissionsIn(question({ overwrites: overwrites.slice(0, n) })) & P.ATTACH_FILES) !== 0n;
    expect([has(1), has(2), has(3)]).toEqual([false, true, false]);
  });

  it('do not depend on the order in which overwrites are listed', () => {
    fc.assert(
      fc.property(fc.uniqueArray(overwrite, { selector: (one) => one.id }), (overwrites) => {
        const forward = permissionsIn(question({ overwrites }));
        expect(permissionsIn(question({ overwrites: [...overwrites].reverse() }))).toBe(forward);
      }),
    );
  });

  it('are nothing without VIEW_CHANNEL', () => {
    fc.assert(
      fc.property(fc.array(overwrite), (overwrites) => {
        const result = permissionsIn(question({ overwrites }));
        if (!(result & P.VIEW_CHANNEL)) expect(result).toBe(0n);
      }),
    );
    expect(permissionsIn(question({ overwrites: [deny(USER, 1, P.VIEW_CHANNEL)] }))).toBe(0n);
  });

  it('lose embeds and files along with SEND_MESSAGES', () => {
    expect(permissionsIn(question({ overwrites: [deny(USER, 1, P.SEND_MESSAGES)] }))).toBe(P.VIEW_CHANNEL);
  });

  it('shrink to reading in a timeout', () => {
    const roles = [{ id: EVERYONE, permissions: P.VIEW_CHANNEL | P.SEND_MESSAGES | P.READ_MESSAGE_HISTORY }];
    expect(permissionsIn(question({ roles, timedOut: true }))).toBe(P.VIEW_CHANNEL | P.READ_MESSAGE_HISTORY);
  });

  it('are summed up from names, and an unknown name is an error', () => {
    expect(permissionBits(['VIEW_CHANNEL', 'SEND_MESSAGES'])).toBe(1024n + 2048n);
    expect(() => permissionBits(['FLY'])).toThrow(RangeError);
  });
});
