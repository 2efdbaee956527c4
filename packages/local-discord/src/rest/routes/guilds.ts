import type { FastifyInstance, FastifyRequest } from 'fastify';
import { apiError } from '../../base/api-error.js';
import { textOf } from '../../base/json.js';
import type { Member } from '../../world/model.js';
import { guildChannelPayload, guildPayload, memberPayload, rolePayload } from '../../world/payloads.js';
import type { RestParts } from '../parts.js';
import { bodyOf, callerOf, param, query } from '../trace.js';

/** The guild, its channels, roles and members. */
export function guildRoutes(api: FastifyInstance, { core }: RestParts): void {
  const { world } = core;

  function inGuild(request: FastifyRequest): void {
    if (param(request, 'guild_id') !== world.guild.id) throw apiError('unknownGuild');
  }

  function memberOf(userId: string): Member {
    const member = world.members.get(userId);
    if (member) return member;
    throw apiError(world.users.has(userId) ? 'unknownMember' : 'unknownUser');
  }

  api.get('/guilds/:guild_id', async (request) => {
    inGuild(request);
    return guildPayload(world);
  });

  api.get('/guilds/:guild_id/channels', async (request) => {
    inGuild(request);
    return world.guildChannels().map((channel) => guildChannelPayload(world, channel));
  });

  api.get('/guilds/:guild_id/roles', async (request) => {
    inGuild(request);
    return [...world.roles.values()].map(rolePayload);
  });

  api.get('/guilds/:guild_id/members', async (request) => {
    inGuild(request);
    const limit = Number(query(request, 'limit') ?? 1);
    return [...world.members.values()].slice(0, limit).map((member) => memberPayload(world, member));
  });

  api.get('/guilds/:guild_id/members/:user_id', async (request) => {
    inGuild(request);
    return memberPayload(world, memberOf(param(request, 'user_id')));
  });

  api.patch('/guilds/:guild_id/members/@me', async (request) => {
    inGuild(request);
    const member = memberOf(callerOf(request).id);
    const { nick } = bodyOf(request).object;
    if (nick !== undefined) member.nick = textOf(nick) || null;
    return memberPayload(world, member);
  });
}
