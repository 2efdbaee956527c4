import type { FastifyInstance } from 'fastify';
import { apiError } from '../../base/api-error.js';
import { textOf } from '../../base/json.js';
import { ALL_PERMISSIONS } from '../../base/permissions.js';
import { applicationPayload, dmPayload, userPayload } from '../../world/payloads.js';
import type { RestParts } from '../parts.js';
import { bodyOf, callerOf, param } from '../trace.js';

/** Login, the bot's own user and application, other users, DMs. */
export function userRoutes(api: FastifyInstance, { core, gatewayUrl }: RestParts): void {
  const { world } = core;

  api.get('/gateway', async () => ({ url: gatewayUrl() }));

  api.get('/gateway/bot', async () => ({
    url: gatewayUrl(),
    shards: 1,
    session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 16 },
  }));

  for (const path of ['/applications/@me', '/oauth2/applications/@me']) {
    api.get(path, async (request) => applicationPayload(world, callerOf(request)));
  }

  api.get('/users/@me', async (request) => {
    const user = world.users.get(callerOf(request).id);
    if (!user) throw apiError('unknownUser');
    return { ...userPayload(user), mfa_enabled: true, locale: 'en-US', verified: true, email: null };
  });

  api.get('/users/@me/guilds', async (request) => [
    {
      id: world.guild.id,
      name: world.guild.name,
      icon: null,
      banner: null,
      owner: false,
      permissions: (world.guildPermissions(callerOf(request).id) & ALL_PERMISSIONS).toString(),
      features: [],
    },
  ]);

  api.get('/users/:user_id', async (request) => {
    const user = world.users.get(param(request, 'user_id'));
    if (!user) throw apiError('unknownUser');
    return userPayload(user);
  });

  api.post('/users/@me/channels', async (request) => {
    const user = world.users.get(textOf(bodyOf(request).object.recipient_id));
    if (!user) throw apiError('unknownUser');
    if (user.bot) throw apiError('cannotDm');
    const { channel, created } = world.openDm(user.id, callerOf(request).id);
    if (created) core.hub.emit('dmOpened', channel.id);
    return dmPayload(world, channel);
  });
}
