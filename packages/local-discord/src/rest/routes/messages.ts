import type { FastifyInstance } from 'fastify';
import { apiError } from '../../base/api-error.js';
import { MessageFlag } from '../../base/constants.js';
import { arrayOf, integerOf, type JsonObject } from '../../base/json.js';
import { PERMISSION_BITS } from '../../base/permissions.js';
import type { StoredMessage } from '../../messages/stored-message.js';
import { checkMessage } from '../../rules/message-rules.js';
import { needs, notArchived, publicMessage, visibleChannel } from '../guards.js';
import { refuseOldEdit } from '../limit-headers.js';
import { page } from '../message-page.js';
import type { RestParts } from '../parts.js';
import { postMessage } from '../post-message.js';
import { bodyOf, callerOf, param, query, traceOf } from '../trace.js';

const HOUR_MS = 3_600_000;

/** Messages of a channel by bot token: send, read, edit, delete. */
export function messageRoutes(api: FastifyInstance, { core, limiter }: RestParts): void {
  api.post('/channels/:channel_id/messages', async (request) => {
    const channel = visibleChannel(core, callerOf(request).id, param(request, 'channel_id'));
    const { object, uploads } = bodyOf(request);
    return postMessage(core, callerOf(request), channel, object, uploads).wire;
  });

  api.get('/channels/:channel_id/messages', async (request) => {
    const app = callerOf(request);
    const channel = visibleChannel(core, app.id, param(request, 'channel_id'));
    // Not an error: who may not read the history is given none.
    const readable = core.world.permissions(app.id, channel) & PERMISSION_BITS.READ_MESSAGE_HISTORY;
    const history = readable ? core.messages.history(channel.id) : [];
    const shown = history.filter((message) => message.ephemeralFor === null);
    return page(shown, {
      limit: Number(query(request, 'limit') ?? 50),
      before: query(request, 'before'),
      after: query(request, 'after'),
      around: query(request, 'around'),
    }).map((message) => message.wire);
  });

  api.get('/channels/:channel_id/messages/:message_id', async (request) => {
    const app = callerOf(request);
    const channel = visibleChannel(core, app.id, param(request, 'channel_id'));
    needs(core, app.id, channel, 'READ_MESSAGE_HISTORY');
    return publicMessage(core, channel, param(request, 'message_id')).wire;
  });

  api.patch('/channels/:channel_id/messages/:message_id', async (request) => {
    const app = callerOf(request);
    const channel = visibleChannel(core, app.id, param(request, 'channel_id'));
    const message = publicMessage(core, channel, param(request, 'message_id'));
    notArchived(channel);
    const { object, uploads } = bodyOf(request);
    if (message.authorId !== app.id) {
      if (!onlySuppressesEmbeds(object)) throw apiError('notAuthor');
      needs(core, app.id, channel, 'MANAGE_MESSAGES');
    }
    checkMessage(object, { uploads, existing: message });
    const isOld = core.clock.now() - Date.parse(message.wire.timestamp) > HOUR_MS;
    const wait = isOld ? limiter?.oldEdit(app.id, channel.id) : null;
    if (wait) throw refuseOldEdit(traceOf(request), wait);
    core.messages.edit(message, object, uploads);
    return message.wire;
  });

  api.delete('/channels/:channel_id/messages/:message_id', async (request, reply) => {
    const app = callerOf(request);
    const channel = visibleChannel(core, app.id, param(request, 'channel_id'));
    const message: StoredMessage = publicMessage(core, channel, param(request, 'message_id'));
    notArchived(channel);
    if (message.authorId !== app.id) needs(core, app.id, channel, 'MANAGE_MESSAGES');
    core.messages.delete(message);
    return reply.code(204).send();
  });
}

/** The one change a bot may make to another's message: hiding its embeds. */
function onlySuppressesEmbeds(body: JsonObject): boolean {
  const harmless = ['flags', 'tts', 'enforce_nonce'];
  const keys = Object.keys(body).filter((key) => !(key === 'attachments' && arrayOf(body[key]).length === 0));
  return (
    keys.every((key) => harmless.includes(key)) &&
    (integerOf(body.flags, 0) & ~MessageFlag.suppressEmbeds) === 0
  );
}
