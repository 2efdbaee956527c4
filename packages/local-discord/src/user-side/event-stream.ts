import type { FastifyReply } from 'fastify';
import type { JsonObject } from '../base/json.js';
import type { Core } from '../core.js';
import type { Interaction } from '../interactions/interaction.js';
import type { StoredMessage } from '../messages/stored-message.js';
import { canSee, may } from '../world/access.js';
import { channelViews, commandViews, dmViews, interactionEvent, messageView } from './views.js';

const KEEP_ALIVE_MS = 15_000;

/** Streams to one person everything their app would show, as Server-Sent Events, until they hang up. */
export function streamEvents(core: Core, userId: string, reply: FastifyReply): void {
  reply.hijack();
  const response = reply.raw;
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    connection: 'keep-alive',
  });
  const write = (event: JsonObject): void => {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  const stop = subscribe(core, userId, write);
  const beat = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS).unref();
  response.on('close', () => {
    clearInterval(beat);
    stop();
  });
  response.write('retry: 500\n\n');
  write({ type: 'hello' });
}

/** Turns the hub's events into this user's; returns the unsubscription. */
function subscribe(core: Core, userId: string, write: (event: JsonObject) => void): () => void {
  const { hub } = core;
  const message = (type: string) => (stored: StoredMessage) => {
    if (canSee(core, userId, stored)) write({ type, message: messageView(stored) });
  };
  const created = message('message_create');
  const updated = message('message_update');
  const deleted = (stored: StoredMessage): void => {
    const { channel_id, id } = stored.wire;
    if (canSee(core, userId, stored)) write({ type: 'message_delete', channel_id, id });
  };
  const interaction = (changed: Interaction): void => {
    if (changed.userId === userId) write(interactionEvent(changed));
  };
  const modal = (opener: Interaction, { custom_id, title, components }: JsonObject): void => {
    if (opener.userId !== userId) return;
    const nonce = opener.nonce === undefined ? {} : { nonce: opener.nonce };
    write({ type: 'modal', interaction_id: opener.id, ...nonce, custom_id, title, components });
  };
  const typing = (channelId: string, user: string): void => {
    const channel = core.world.channels.get(channelId);
    if (channel && may(core, userId, channel, 'VIEW_CHANNEL')) {
      write({ type: 'typing', channel_id: channelId, user });
    }
  };
  const commands = (): void => write({ type: 'commands', commands: commandViews(core, userId) });
  const status = (bot: string, online: boolean): void => write({ type: 'bot_status', bot, online });
  const channels = (): void =>
    write({ type: 'channels', channels: channelViews(core, userId), dms: dmViews(core, userId) });
  const world = (type: string): void => {
    if (type.startsWith('CHANNEL_')) channels();
    else write({ type: 'reset' });
  };
  hub.on('messageCreated', created).on('messageUpdated', updated).on('messageDeleted', deleted);
  hub.on('interactionChanged', interaction).on('modalOpened', modal).on('typing', typing);
  hub
    .on('commandsChanged', commands)
    .on('botStatus', status)
    .on('guildEvent', world)
    .on('dmOpened', channels);
  return () => {
    hub.off('messageCreated', created).off('messageUpdated', updated).off('messageDeleted', deleted);
    hub.off('interactionChanged', interaction).off('modalOpened', modal).off('typing', typing);
    hub
      .off('commandsChanged', commands)
      .off('botStatus', status)
      .off('guildEvent', world)
      .off('dmOpened', channels);
  };
}
