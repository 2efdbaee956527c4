import { MessageFlag } from '../base/constants.js';
import { type JsonObject, objectsOf } from '../base/json.js';
import { PERMISSION_BITS } from '../base/permissions.js';
import type { Core } from '../core.js';
import type { StoredMessage } from '../messages/stored-message.js';
import { dmPayload, guildCreatePayload, memberPayload } from '../world/payloads.js';
import type { Gateway } from './gateway.js';
import { Intent } from './protocol.js';

/** Tells the bots what happens in the world, as far as their intents and permissions let them know. */
export function broadcast(core: Core, gateway: Gateway): void {
  const { hub, world } = core;
  hub.on('messageCreated', (message) => toBots('MESSAGE_CREATE', message));
  hub.on('messageUpdated', (message) => toBots('MESSAGE_UPDATE', message));
  hub.on('messageDeleted', (message) => toBots('MESSAGE_DELETE', message));
  hub.on('guildEvent', (type, data, intent) => {
    for (const app of world.apps.values()) gateway.dispatch(app.id, true, intent, type, data);
  });
  hub.on('invitedAgain', (appId) => {
    gateway.dispatch(appId, true, Intent.guilds, 'GUILD_DELETE', { id: world.guild.id });
    gateway.dispatch(appId, true, Intent.guilds, 'GUILD_CREATE', guildCreatePayload(world));
  });
  hub.on('dmOpened', (channelId) => {
    const channel = world.channels.get(channelId);
    if (channel?.kind !== 'dm') return;
    gateway.dispatch(
      channel.appId,
      false,
      Intent.directMessages,
      'CHANNEL_CREATE',
      dmPayload(world, channel),
    );
  });
  hub.on('typing', (channelId, userId) => typing(channelId, userId));

  function toBots(type: string, message: StoredMessage): void {
    // Ephemeral messages live between the app and one person; the gateway does not carry them.
    if (message.ephemeralFor !== null) return;
    const channel = world.channels.get(message.wire.channel_id);
    if (!channel) return;
    const inGuild = channel.kind === 'guild';
    const intent = inGuild ? Intent.guildMessages : Intent.directMessages;
    for (const app of world.apps.values()) {
      if (!(world.permissions(app.id, channel) & PERMISSION_BITS.VIEW_CHANNEL)) continue;
      for (const session of gateway.sessionsFor(app.id, inGuild)) {
        if (!session.has(intent)) continue;
        const full = session.has(Intent.messageContent) || !inGuild || concerns(message, app.id);
        session.dispatch(type, eventOf(core, type, message, inGuild, full));
      }
    }
  }

  function typing(channelId: string, userId: string): void {
    const channel = world.channels.get(channelId);
    if (!channel) return;
    const inGuild = channel.kind === 'guild';
    const data = { channel_id: channelId, user_id: userId, timestamp: Math.floor(core.clock.now() / 1000) };
    const intent = inGuild ? Intent.guildTyping : Intent.directTyping;
    const where = inGuild ? { guild_id: world.guild.id } : {};
    const appIds = channel.kind === 'dm' ? [channel.appId] : [...world.apps.keys()];
    for (const appId of appIds)
      gateway.dispatch(appId, inGuild, intent, 'TYPING_START', { ...data, ...where });
  }
}

/** The app's own messages and those that mention it are shown whole without the content intent (official docs). */
function concerns(message: StoredMessage, appId: string): boolean {
  return message.authorId === appId || objectsOf(message.wire.mentions).some((user) => user.id === appId);
}

function eventOf(
  core: Core,
  type: string,
  message: StoredMessage,
  inGuild: boolean,
  full: boolean,
): JsonObject {
  const { world } = core;
  const where = inGuild ? { guild_id: world.guild.id } : { channel_type: 1 };
  if (type === 'MESSAGE_DELETE') {
    return { id: message.wire.id, channel_id: message.wire.channel_id, ...(inGuild ? where : {}) };
  }
  const member = inGuild && !message.interactionId ? world.members.get(message.authorId) : undefined;
  const blank = full ? {} : { content: '', embeds: [], attachments: [], components: [] };
  return {
    ...message.wire,
    ...where,
    ...(member ? { member: memberPayload(world, member, false) } : {}),
    ...blank,
    // The flag says "thinking" and never leaves a message that has an answer.
    flags: message.wire.flags & ~(message.failed ? MessageFlag.loading : 0),
  };
}
