import { apiError } from '../base/api-error.js';
import { MessageType } from '../base/constants.js';
import { Issues } from '../base/issues.js';
import { isObject, type JsonObject, objectOf, objectsOf, textOf } from '../base/json.js';
import { PERMISSION_BITS } from '../base/permissions.js';
import type { Core } from '../core.js';
import type { Upload } from '../messages/attachments.js';
import type { StoredMessage, WireMessage } from '../messages/stored-message.js';
import { checkMessage } from '../rules/message-rules.js';
import { setArchived } from '../world/changes.js';
import { type Application, type Channel, isThread } from '../world/model.js';
import { needs } from './guards.js';

/** "Past few minutes" in the official docs of `enforce_nonce`. */
const NONCE_MEMORY_MS = 5 * 60_000;

/** POST /channels/{id}/messages: permissions, rules, the nonce's promise, then the message. */
export function postMessage(
  core: Core,
  app: Application,
  channel: Channel,
  body: JsonObject,
  uploads: readonly Upload[],
): StoredMessage {
  mayPost(core, app, channel, body, uploads);
  checkMessage(body, { uploads, existing: null });
  const earlier = body.enforce_nonce === true ? sameNonce(core, app, channel, body.nonce) : undefined;
  if (earlier) return earlier;
  const reference = referenceOf(core, app, channel, body.message_reference);
  if (channel.kind === 'guild' && channel.archived) setArchived(core, channel, false);
  const nonce = body.nonce as string | number | null | undefined;
  return core.messages.create({
    channelId: channel.id,
    authorId: app.id,
    body,
    uploads,
    type: reference ? MessageType.reply : MessageType.plain,
    extra: { ...(nonce === undefined || nonce === null ? {} : { nonce }), ...reference },
  });
}

function mayPost(
  core: Core,
  app: Application,
  channel: Channel,
  body: JsonObject,
  uploads: readonly Upload[],
): void {
  if (channel.kind === 'dm') {
    const user = core.world.users.get(channel.userId);
    if (!user?.acceptsDms) throw apiError('cannotDm');
    if (!core.world.members.has(channel.userId)) throw apiError('noMutualGuild');
    return;
  }
  if (channel.type !== 0 && !isThread(channel)) throw apiError('wrongChannelType');
  needs(core, app.id, channel, 'SEND_MESSAGES');
  if (uploads.length > 0) needs(core, app.id, channel, 'ATTACH_FILES');
  if (objectsOf(body.embeds).length > 0) needs(core, app.id, channel, 'EMBED_LINKS');
}

function sameNonce(
  core: Core,
  app: Application,
  channel: Channel,
  nonce: unknown,
): StoredMessage | undefined {
  if (nonce === undefined || nonce === null) return undefined;
  const since = core.clock.now() - NONCE_MEMORY_MS;
  return core.messages
    .history(channel.id)
    .findLast(
      (message) =>
        message.authorId === app.id &&
        String(message.wire.nonce) === String(nonce) &&
        Date.parse(message.wire.timestamp) >= since,
    );
}

/** A reply's fields. Throws 50035 when the target is missing and the bot has not said that this may be. */
function referenceOf(
  core: Core,
  app: Application,
  channel: Channel,
  given: unknown,
): Partial<WireMessage> | null {
  if (!isObject(given)) return null;
  const wanted = objectOf(given);
  if (!(core.world.permissions(app.id, channel) & PERMISSION_BITS.READ_MESSAGE_HISTORY)) {
    throw apiError('noHistory');
  }
  const target = core.messages.get(textOf(wanted.message_id));
  if (!target || target.wire.channel_id !== channel.id) {
    if (wanted.fail_if_not_exists === false) return null;
    const issues = new Issues();
    issues.add(['message_reference'], 'MESSAGE_REFERENCE_UNKNOWN_MESSAGE', 'Unknown message');
    issues.throwIfAny();
  }
  const { referenced_message: _inner, ...snapshot } = target?.wire ?? ({} as WireMessage);
  return {
    message_reference: {
      type: 0,
      channel_id: channel.id,
      message_id: target?.wire.id,
      ...(channel.kind === 'guild' ? { guild_id: core.world.guild.id } : {}),
    },
    referenced_message: snapshot,
  };
}
