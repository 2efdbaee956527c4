import type { FastifyInstance } from 'fastify';
import { apiError } from '../../base/api-error.js';
import { Issues, issue } from '../../base/issues.js';
import { arrayOf } from '../../base/json.js';
import { setArchived } from '../../world/changes.js';
import { isThread } from '../../world/model.js';
import { channelPayload } from '../../world/payloads.js';
import { needs, visibleChannel } from '../guards.js';
import type { RestParts } from '../parts.js';
import { bodyOf, callerOf, param } from '../trace.js';

const MAX_AGE_MS = 14 * 86_400_000;

/** A channel itself, opening an archived thread, typing, bulk delete. */
export function channelRoutes(api: FastifyInstance, { core }: RestParts): void {
  api.get('/channels/:channel_id', async (request) => {
    const channel = visibleChannel(core, callerOf(request).id, param(request, 'channel_id'));
    return channelPayload(core.world, channel);
  });

  // Of all that can be changed of a channel, opening an archived thread: whoever may write in it may do that.
  api.patch('/channels/:channel_id', async (request) => {
    const app = callerOf(request);
    const channel = visibleChannel(core, app.id, param(request, 'channel_id'));
    const { archived, ...others } = bodyOf(request).object;
    if (
      channel.kind !== 'guild' ||
      !isThread(channel) ||
      archived !== false ||
      Object.keys(others).length > 0
    )
      throw apiError('methodNotAllowed');
    needs(core, app.id, channel, 'SEND_MESSAGES');
    setArchived(core, channel, false);
    return channelPayload(core.world, channel);
  });

  api.post('/channels/:channel_id/typing', async (request, reply) => {
    const app = callerOf(request);
    const channel = visibleChannel(core, app.id, param(request, 'channel_id'));
    needs(core, app.id, channel, 'SEND_MESSAGES');
    core.hub.emit('typing', channel.id, app.id);
    return reply.code(204).send();
  });

  api.post('/channels/:channel_id/messages/bulk-delete', async (request, reply) => {
    const app = callerOf(request);
    const channel = visibleChannel(core, app.id, param(request, 'channel_id'));
    needs(core, app.id, channel, 'MANAGE_MESSAGES');
    const ids = arrayOf(bodyOf(request).object.messages);
    const issues = new Issues();
    if (ids.length < 2 || ids.length > 100) issue.badLength(issues, ['messages'], 2, 100);
    issues.throwIfAny();
    const messages = ids.flatMap((id) => core.messages.get(String(id)) ?? []);
    const oldest = core.clock.now() - MAX_AGE_MS;
    if (messages.some((message) => Date.parse(message.wire.timestamp) < oldest))
      throw apiError('tooOldToDelete');
    for (const message of messages) if (message.wire.channel_id === channel.id) core.messages.delete(message);
    return reply.code(204).send();
  });
}
