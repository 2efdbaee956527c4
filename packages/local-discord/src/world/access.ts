import { arrayOf } from '../base/json.js';
import { PERMISSION_BITS } from '../base/permissions.js';
import type { Command } from '../commands/registry.js';
import type { Core } from '../core.js';
import { InputError } from '../interactions/input-error.js';
import type { StoredMessage } from '../messages/stored-message.js';
import type { Channel, User } from './model.js';

/** Context numbers of a command: where it may be used (official docs). */
const GUILD_CONTEXT = 0;
const BOT_DM_CONTEXT = 1;

/** The person of this id; throws when there is none or it is a bot. */
export function personOf(core: Core, userId: string): User {
  const user = core.world.users.get(userId);
  if (!user || user.bot) throw new InputError(`no such person: ${userId}`, 404);
  return user;
}

/** The channel if this user can see it; otherwise it might as well not exist. */
export function reachableChannel(core: Core, userId: string, channelId: string): Channel {
  const channel = core.world.channels.get(channelId);
  if (!channel || !may(core, userId, channel, 'VIEW_CHANNEL')) throw new InputError('no such channel', 404);
  return channel;
}

/** Whether a user holds one permission in a channel. */
export function may(
  core: Core,
  userId: string,
  channel: Channel,
  permission: keyof typeof PERMISSION_BITS,
): boolean {
  return (core.world.permissions(userId, channel) & PERMISSION_BITS[permission]) !== 0n;
}

/** Whether a user sees a message: the channel is theirs to view and the message, if ephemeral, is for them. */
export function canSee(core: Core, userId: string, message: StoredMessage): boolean {
  if (message.ephemeralFor !== null && message.ephemeralFor !== userId) return false;
  const channel = core.world.channels.get(message.wire.channel_id);
  return channel !== undefined && may(core, userId, channel, 'VIEW_CHANNEL');
}

/** The commands Discord's app would offer this user: in a channel, or (null) anywhere in the guild. */
export function usableCommands(core: Core, userId: string, channel: Channel | null): Command[] {
  const { world } = core;
  const inDm = channel?.kind === 'dm';
  const apps = [...world.apps.values()].filter((app) => !inDm || app.id === channel.appId);
  const bits = channel ? world.permissions(userId, channel) : world.guildPermissions(userId);
  if (!(bits & PERMISSION_BITS.USE_APPLICATION_COMMANDS)) return [];
  return apps
    .flatMap((app) => core.commands.all(app.id, world.guild.id))
    .filter((command) => (inDm ? offeredInDm(command) : offeredInGuild(command, bits)));
}

function offeredInDm(command: Command): boolean {
  if (command.guild_id) return false;
  if (command.contexts !== null) return arrayOf(command.contexts).includes(BOT_DM_CONTEXT);
  return command.dm_permission !== false;
}

/** `default_member_permissions` "0" means administrators only: official docs. */
function offeredInGuild(command: Command, bits: bigint): boolean {
  if (command.contexts !== null && !arrayOf(command.contexts).includes(GUILD_CONTEXT)) return false;
  if (command.default_member_permissions === null) return true;
  if (bits & PERMISSION_BITS.ADMINISTRATOR) return true;
  const needed = BigInt(String(command.default_member_permissions));
  return needed !== 0n && (bits & needed) === needed;
}
