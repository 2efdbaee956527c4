import { MessageFlag } from '../base/constants.js';
import type { JsonObject } from '../base/json.js';
import type { Command } from '../commands/registry.js';
import type { Core } from '../core.js';
import type { Interaction } from '../interactions/interaction.js';
import type { StoredMessage } from '../messages/stored-message.js';
import { may, usableCommands } from '../world/access.js';
import type { GuildChannel, User } from '../world/model.js';

/** A message as a person's app shows it: Discord's object, plus whether the bot is still (or no more) at it. */
export function messageView(message: StoredMessage): JsonObject {
  const { wire, failed } = message;
  if (failed) return { ...wire, flags: wire.flags & ~MessageFlag.loading, failed: true };
  return { ...wire, ...(wire.flags & MessageFlag.loading ? { loading: true } : {}) };
}

export function userView(core: Core, user: User): JsonObject {
  const roleIds = core.world.members.get(user.id)?.roles ?? [];
  return {
    id: user.id,
    username: user.username,
    global_name: user.globalName,
    avatar_url: null,
    bot: user.bot,
    roles: roleIds
      .flatMap((id) => core.world.roles.get(id) ?? [])
      .map((role) => ({ id: role.id, name: role.name, color: role.color })),
    ...(user.label ? { label: user.label } : {}),
  };
}

/** The guild's channels this user may see. */
export function channelViews(core: Core, userId: string): JsonObject[] {
  return core.world
    .guildChannels()
    .filter((channel) => may(core, userId, channel, 'VIEW_CHANNEL'))
    .map(channelView);
}

function channelView(channel: GuildChannel): JsonObject {
  const parent = channel.parentId ? { parent: channel.parentId } : {};
  return { id: channel.id, name: channel.name, type: channel.type, ...parent };
}

/** This user's open DMs, each with the bot at its other end. */
export function dmViews(core: Core, userId: string): JsonObject[] {
  return core.world.dmsOf(userId).flatMap((dm) => {
    const bot = core.world.users.get(dm.appId);
    return bot ? [{ channel_id: dm.id, user: userView(core, bot) }] : [];
  });
}

/** Every command this user may use anywhere: in the guild or in a DM with its bot. */
export function commandViews(core: Core, userId: string): Command[] {
  const places = [null, ...core.world.dmsOf(userId)];
  return [...new Set(places.flatMap((place) => usableCommands(core, userId, place)))];
}

export function interactionEvent(interaction: Interaction): JsonObject {
  return {
    type: 'interaction',
    id: interaction.id,
    state: interaction.state,
    channel_id: interaction.channelId,
    ...(interaction.nonce === undefined ? {} : { nonce: interaction.nonce }),
    ...(interaction.callbackType === null ? {} : { callback_type: interaction.callbackType }),
    ...(interaction.error === null ? {} : { error: interaction.error }),
  };
}

/** GET /local/interactions/{id}. */
export function interactionView(interaction: Interaction): JsonObject {
  const { ackedAt } = interaction;
  return {
    id: interaction.id,
    kind: interaction.kind,
    state: interaction.state,
    acked_after_ms: ackedAt === null ? null : ackedAt - interaction.createdAt,
    callback_type: interaction.callbackType,
    messages: [...interaction.messageIds],
    ...(interaction.error === null ? {} : { error: interaction.error }),
  };
}
