import { type APIOverwrite, type APIRole, OverwriteType, PermissionFlagsBits } from 'discord.js';
import { SEND_IN_THREADS } from '../screens/doctor.js';

/** What the bot needs where it answers, in the words of Discord's own settings. */
const NEEDED = {
  'View Channel': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  [SEND_IN_THREADS]: PermissionFlagsBits.SendMessagesInThreads,
  'Embed Links': PermissionFlagsBits.EmbedLinks,
  'Attach Files': PermissionFlagsBits.AttachFiles,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
} as const;

export interface Standing {
  guildId: string;
  userId: string;
  /** Of the member; everybody's own role is not listed. */
  roleIds: readonly string[];
  /** All of the server. */
  roles: readonly Pick<APIRole, 'id' | 'permissions'>[];
  /** The channel's. */
  overwrites: readonly Pick<APIOverwrite, 'id' | 'type' | 'allow' | 'deny'>[];
}

/** Threads, posts of a forum among them, have a permission of their own to write in; the channel's counts nothing there. */
type Place = 'channel' | 'threads';

/**
 * Permissions a member lacks in a channel, or in its threads, by name.
 * @param pictures files are for these alone
 * @see https://docs.discord.com/developers/topics/permissions#permission-overwrites
 */
export function lackingIn(standing: Standing, pictures: boolean, place: Place = 'channel'): string[] {
  const base = basePermissions(standing);
  // Administrators stand above every overwrite.
  if (base & PermissionFlagsBits.Administrator) return [];
  const bits = overwritten(base, standing);
  const unneeded = new Set([
    place === 'channel' ? NEEDED[SEND_IN_THREADS] : NEEDED['Send Messages'],
    ...(pictures ? [] : [NEEDED['Attach Files']]),
  ]);
  return Object.entries(NEEDED)
    .filter(([, bit]) => !(bits & bit) && !unneeded.has(bit))
    .map(([name]) => name);
}

/** Everybody's role has the server's id. */
function basePermissions({ guildId, roleIds, roles }: Standing): bigint {
  const mine = roles.filter(({ id }) => id === guildId || roleIds.includes(id));
  return allOf(mine.map(({ permissions }) => permissions));
}

/** Everybody's overwrite, then those of the member's roles together, then the member's own; in each, allowing wins. */
function overwritten(base: bigint, { guildId, userId, roleIds, overwrites }: Standing): bigint {
  const ofRoles = overwrites.filter(({ type }) => type === OverwriteType.Role);
  const layers = [
    ofRoles.filter(({ id }) => id === guildId),
    ofRoles.filter(({ id }) => id !== guildId && roleIds.includes(id)),
    overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === userId),
  ];
  return layers.reduce((bits, layer) => {
    const denied = allOf(layer.map(({ deny }) => deny));
    return (bits & ~denied) | allOf(layer.map(({ allow }) => allow));
  }, base);
}

function allOf(permissions: readonly string[]): bigint {
  return permissions.reduce((bits, each) => bits | BigInt(each), 0n);
}
