/** Discord's permission bits that this server knows (documented names). */
export const PERMISSION_BITS = {
  KICK_MEMBERS: 1n << 1n,
  BAN_MEMBERS: 1n << 2n,
  ADMINISTRATOR: 1n << 3n,
  MANAGE_CHANNELS: 1n << 4n,
  MANAGE_GUILD: 1n << 5n,
  ADD_REACTIONS: 1n << 6n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  SEND_TTS_MESSAGES: 1n << 12n,
  MANAGE_MESSAGES: 1n << 13n,
  EMBED_LINKS: 1n << 14n,
  ATTACH_FILES: 1n << 15n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  CHANGE_NICKNAME: 1n << 26n,
  MANAGE_ROLES: 1n << 28n,
  USE_APPLICATION_COMMANDS: 1n << 31n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
  MODERATE_MEMBERS: 1n << 40n,
} as const;

export type PermissionName = keyof typeof PERMISSION_BITS;

/** Everything Discord has handed out so far (bits 0 to 52): what an owner or administrator holds. */
export const ALL_PERMISSIONS = (1n << 53n) - 1n;

const GONE_WITHOUT_SEND =
  PERMISSION_BITS.EMBED_LINKS |
  PERMISSION_BITS.ATTACH_FILES |
  PERMISSION_BITS.MENTION_EVERYONE |
  PERMISSION_BITS.SEND_TTS_MESSAGES;
const KEPT_IN_TIMEOUT = PERMISSION_BITS.VIEW_CHANNEL | PERMISSION_BITS.READ_MESSAGE_HISTORY;

export interface Overwrite {
  /** Role or user id. */
  id: string;
  /** 0 role, 1 member. */
  type: 0 | 1;
  allow: bigint;
  deny: bigint;
}

export interface PermissionQuestion {
  everyoneRoleId: string;
  userId: string;
  owner: boolean;
  /** The member's roles, @everyone included, with their permissions. */
  roles: readonly { id: string; permissions: bigint }[];
  timedOut: boolean;
  overwrites: readonly Overwrite[];
}

/** Sums up the bits of names; an unknown name throws a RangeError. */
export function permissionBits(names: readonly string[]): bigint {
  return names.reduce((sum, name) => {
    if (!(name in PERMISSION_BITS)) throw new RangeError(`unknown permission ${name}`);
    return sum | PERMISSION_BITS[name as PermissionName];
  }, 0n);
}

/**
 * What a member may do in a channel, in Discord's documented order: base roles, owner and administrator, then the
 * overwrites of @everyone, of the roles together, of the member; then what goes along with a lost permission.
 */
export function permissionsIn(question: PermissionQuestion): bigint {
  const base = question.roles.reduce((sum, role) => sum | role.permissions, 0n);
  if (question.owner || base & PERMISSION_BITS.ADMINISTRATOR) return ALL_PERMISSIONS;
  const roleIds = new Set(question.roles.map((role) => role.id));
  const { everyoneRoleId: everyone, userId } = question;
  let bits = base;
  bits = apply(
    bits,
    question.overwrites.filter((o) => o.id === everyone),
  );
  bits = apply(
    bits,
    question.overwrites.filter((o) => o.type === 0 && o.id !== everyone && roleIds.has(o.id)),
  );
  bits = apply(
    bits,
    question.overwrites.filter((o) => o.type === 1 && o.id === userId),
  );
  if (question.timedOut) bits &= KEPT_IN_TIMEOUT;
  if (!(bits & PERMISSION_BITS.VIEW_CHANNEL)) return 0n;
  if (!(bits & PERMISSION_BITS.SEND_MESSAGES)) bits &= ~GONE_WITHOUT_SEND;
  return bits;
}

/** Applies one level of overwrites: all its denials first, then all its allowances. */
function apply(bits: bigint, level: readonly Overwrite[]): bigint {
  const denied = level.reduce((sum, overwrite) => sum | overwrite.deny, 0n);
  const allowed = level.reduce((sum, overwrite) => sum | overwrite.allow, 0n);
  return (bits & ~denied) | allowed;
}
