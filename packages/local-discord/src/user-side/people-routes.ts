import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { MessageType } from '../base/constants.js';
import type { Core } from '../core.js';
import { InputError } from '../interactions/input-error.js';
import type { Interaction } from '../interactions/interaction.js';
import type { Actor, People } from '../interactions/people.js';
import { canSee, may, personOf, reachableChannel } from '../world/access.js';
import type { GuildChannel, User } from '../world/model.js';
import { DmBody, InteractionBody, MessageBody } from './bodies.js';
import { streamEvents } from './event-stream.js';
import { channelViews, commandViews, dmViews, interactionView, messageView, userView } from './views.js';

export interface PeopleParts {
  core: Core;
  people: People;
  online: (appId: string) => boolean;
  panel: { title: string; url: string } | null;
  /** Who looks when no user is named. */
  defaultUserId: string;
}

type InteractionInput = z.output<typeof InteractionBody>;

const DEFAULT_MESSAGES = 100;
const MAX_MESSAGES = 1_000;

/** What a person's Discord app does: look, write, use commands and components. */
export function peopleRoutes(local: FastifyInstance, parts: PeopleParts): void {
  const { core, people } = parts;
  const viewer = (request: FastifyRequest): User =>
    personOf(core, query(request).user ?? parts.defaultUserId);

  local.get('/state', async (request) => state(parts, viewer(request)));

  local.get('/channels/:id/messages', async (request) => {
    const user = viewer(request);
    const channel = reachableChannel(core, user.id, params(request).id ?? '');
    const limit = Math.min(
      Number(query(request).limit ?? DEFAULT_MESSAGES) || DEFAULT_MESSAGES,
      MAX_MESSAGES,
    );
    const seen = core.messages.history(channel.id).filter((message) => canSee(core, user.id, message));
    return seen.slice(-limit).map(messageView);
  });

  local.get('/events', (request, reply) => streamEvents(core, viewer(request).id, reply));

  local.post('/interactions', async (request, reply) => {
    const input = InteractionBody.parse(request.body);
    const interaction = act(core, people, input);
    if (input.kind !== 'autocomplete') return { interaction_id: interaction.id };
    await settled(core, interaction);
    if (interaction.choices) return { choices: interaction.choices, interaction_id: interaction.id };
    return reply.code(504).send({ error: interaction.error, interaction_id: interaction.id });
  });

  local.get('/interactions/:id', async (request) => {
    const interaction = core.interactions.get(params(request).id ?? '');
    if (!interaction) throw new InputError('no such interaction', 404);
    return interactionView(interaction);
  });

  local.post('/messages', async (request) => messageView(write(core, MessageBody.parse(request.body))));

  local.post('/dms', async (request) => {
    const body = DmBody.parse(request.body);
    const user = personOf(core, body.user);
    if (!core.world.apps.has(body.bot)) throw new InputError('no such bot', 404);
    const { channel, created } = core.world.openDm(user.id, body.bot);
    if (created) core.hub.emit('dmOpened', channel.id);
    return { channel_id: channel.id };
  });
}

function state(parts: PeopleParts, user: User): Record<string, unknown> {
  const { core } = parts;
  const { world } = core;
  const bots = [...world.apps.values()].flatMap((app) => world.users.get(app.id) ?? []);
  return {
    guild: { id: world.guild.id, name: world.guild.name },
    me: userView(core, user),
    users: [...world.users.values()].map((one) => userView(core, one)),
    channels: channelViews(core, user.id),
    dms: dmViews(core, user.id),
    bots: bots.map((bot) => ({ id: bot.id, username: bot.username, online: parts.online(bot.id) })),
    commands: commandViews(core, user.id),
    panel: parts.panel,
  };
}

function act(core: Core, people: People, input: InteractionInput): Interaction {
  const actor: Actor = {
    user: personOf(core, input.user),
    channelId: input.channel_id ?? '',
    nonce: input.nonce,
  };
  switch (input.kind) {
    case 'component':
      return people.component(actor, input.message_id, input.custom_id, input.values);
    case 'modal':
      return people.modal(actor, input.interaction_id, input.custom_id, input.fields);
    default:
      return people.command(actor, {
        name: input.name,
        options: input.options,
        botId: input.bot,
        commandType: input.command_type,
        targetId: input.target_id,
        autocomplete: input.kind === 'autocomplete',
      });
  }
}

/** Waits until the bot has answered or its three seconds are over. */
function settled(core: Core, interaction: Interaction): Promise<void> {
  return new Promise((resolve) => {
    const changed = (which: Interaction): void => {
      if (which !== interaction) return;
      core.hub.off('interactionChanged', changed);
      resolve();
    };
    core.hub.on('interactionChanged', changed);
  });
}

function write(core: Core, body: z.output<typeof MessageBody>): ReturnType<Core['messages']['create']> {
  const user = personOf(core, body.user);
  const channel = reachableChannel(core, user.id, body.channel_id);
  if (!may(core, user.id, channel, 'SEND_MESSAGES')) throw new InputError('you may not write here', 403);
  if (channel.kind === 'guild') checkSlowMode(core, user, channel);
  const target = body.reply_to ? core.messages.get(body.reply_to) : undefined;
  const reference = target
    ? {
        message_reference: { type: 0, channel_id: channel.id, message_id: target.wire.id },
        referenced_message: { ...target.wire },
      }
    : {};
  return core.messages.create({
    channelId: channel.id,
    authorId: user.id,
    body: { content: body.content },
    type: target ? MessageType.reply : MessageType.plain,
    extra: reference,
  });
}

/** Slow mode holds people back; bots and those who manage the channel are exempt (official docs). */
function checkSlowMode(core: Core, user: User, channel: GuildChannel): void {
  if (may(core, user.id, channel, 'MANAGE_MESSAGES')) return;
  const last = core.messages.history(channel.id).findLast((message) => message.authorId === user.id);
  const waited = last ? core.clock.now() - Date.parse(last.wire.timestamp) : Number.POSITIVE_INFINITY;
  if (waited < channel.slowModeSeconds * 1_000) throw new InputError('slow mode is on', 403);
}

function params(request: FastifyRequest): Record<string, string | undefined> {
  return request.params as Record<string, string | undefined>;
}

function query(request: FastifyRequest): Record<string, string | undefined> {
  return request.query as Record<string, string | undefined>;
}
