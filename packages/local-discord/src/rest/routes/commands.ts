import type { FastifyInstance, FastifyRequest } from 'fastify';
import { apiError } from '../../base/api-error.js';
import { isObject, type JsonObject } from '../../base/json.js';
import type { Command } from '../../commands/registry.js';
import { checkCommand, checkCommands } from '../../rules/command-rules.js';
import type { RestParts } from '../parts.js';
import { bodyOf, callerOf, param, query } from '../trace.js';

const SCOPES = [
  '/applications/:application_id/commands',
  '/applications/:application_id/guilds/:guild_id/commands',
];

/** Command registration, the same for the global list and a guild's. */
export function commandRoutes(api: FastifyInstance, { core }: RestParts): void {
  const { commands, world } = core;

  /** Whose list and which; a bot only reaches its own. */
  function scope(request: FastifyRequest): [appId: string, guildId: string | null] {
    const appId = param(request, 'application_id');
    if (callerOf(request).id !== appId)
      throw apiError(world.apps.has(appId) ? 'missingAccess' : 'unknownApplication');
    const guildId = param(request, 'guild_id') || null;
    if (guildId !== null && guildId !== world.guild.id) throw apiError('missingAccess');
    return [appId, guildId];
  }

  for (const path of SCOPES) {
    api.get(path, async (request) =>
      commands
        .list(...scope(request))
        .map((one) => localised(one, query(request, 'with_localizations') === 'true')),
    );

    api.put(path, async (request) => {
      const list = bodyOf(request).json;
      if (!Array.isArray(list) || !list.every(isObject)) throw apiError('notJson');
      checkCommands(list);
      return commands.replaceAll(...scope(request), list);
    });

    api.post(path, async (request, reply) => {
      const body = bodyOf(request).object;
      checkCommand(body, true);
      const { command, created } = commands.upsert(...scope(request), body);
      return reply.code(created ? 201 : 200).send(command);
    });

    api.get(`${path}/:command_id`, async (request) =>
      commands.find(...scope(request), param(request, 'command_id')),
    );

    api.patch(`${path}/:command_id`, async (request) => {
      const body = bodyOf(request).object;
      checkCommand(body, false);
      return commands.patch(...scope(request), param(request, 'command_id'), body);
    });

    api.delete(`${path}/:command_id`, async (request, reply) => {
      commands.remove(...scope(request), param(request, 'command_id'));
      return reply.code(204).send();
    });
  }
}

/** Lists leave the translations out unless asked for them (official docs). */
function localised(command: Command, wanted: boolean): JsonObject {
  if (wanted) return command;
  const { name_localizations: _names, description_localizations: _descriptions, ...rest } = command;
  return rest;
}
