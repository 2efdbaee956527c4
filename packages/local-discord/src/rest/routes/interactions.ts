import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CallbackType, MessageFlag } from '../../base/constants.js';
import type { JsonObject } from '../../base/json.js';
import type { Answers } from '../../interactions/answers.js';
import type { Interaction } from '../../interactions/interaction.js';
import type { StoredMessage } from '../../messages/stored-message.js';
import type { RestParts } from '../parts.js';
import { bodyOf, param, query } from '../trace.js';

const HOOK = '/webhooks/:webhook_id/:webhook_token';

/** Interaction callbacks and the token's webhook: no bot token here, the URL is the authority. */
export function interactionRoutes(api: FastifyInstance, { core }: RestParts, answers: Answers): void {
  api.post('/interactions/:interaction_id/:interaction_token/callback', async (request, reply) => {
    const { object, uploads } = bodyOf(request);
    const id = param(request, 'interaction_id');
    const message = answers.callback(id, param(request, 'interaction_token'), object, uploads);
    if (query(request, 'with_response') !== 'true') return reply.code(204).send();
    const interaction = core.interactions.get(id);
    return reply.send(interaction ? callbackResponse(interaction, Number(object.type), message) : {});
  });

  function hook(request: FastifyRequest): Interaction {
    return core.interactions.webhook(param(request, 'webhook_id'), param(request, 'webhook_token'));
  }

  api.post(HOOK, async (request) => {
    const { object, uploads } = bodyOf(request);
    return answers.followUp(hook(request), object, uploads).wire;
  });

  // The OpenAPI file has both routes; a literal wins over a parameter.
  for (const path of [`${HOOK}/messages/@original`, `${HOOK}/messages/:message_id`]) {
    const messageId = (request: FastifyRequest): string => param(request, 'message_id') || '@original';

    api.get(path, async (request) => answers.message(hook(request), messageId(request)).wire);

    api.patch(path, async (request) => {
      const { object, uploads } = bodyOf(request);
      return answers.edit(hook(request), messageId(request), object, uploads).wire;
    });

    api.delete(path, async (request, reply) => {
      answers.remove(hook(request), messageId(request));
      return reply.code(204).send();
    });
  }
}

/** What `with_response=true` gets; a message is only shown for types 4 and 7 (official docs). */
function callbackResponse(interaction: Interaction, type: number, message: StoredMessage | null): JsonObject {
  const flags = message?.wire.flags ?? 0;
  const shows = type === CallbackType.message || type === CallbackType.update;
  return {
    interaction: {
      id: interaction.id,
      type: interaction.type,
      ...(message
        ? {
            response_message_id: message.wire.id,
            response_message_loading: (flags & MessageFlag.loading) !== 0,
            response_message_ephemeral: (flags & MessageFlag.ephemeral) !== 0,
          }
        : {}),
      channel_id: interaction.channelId,
    },
    ...(message && shows ? { resource: { type, message: message.wire } } : {}),
  };
}
