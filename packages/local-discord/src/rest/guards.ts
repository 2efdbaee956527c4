import { apiError } from '../base/api-error.js';
import { PERMISSION_BITS, type PermissionName } from '../base/permissions.js';
import type { Core } from '../core.js';
import type { StoredMessage } from '../messages/stored-message.js';
import type { Channel } from '../world/model.js';

/** The channel, if the bot can see it. Throws 10003 when there is none, 50001 without VIEW_CHANNEL. */
export function visibleChannel(core: Core, appId: string, channelId: string): Channel {
  const channel = core.world.channels.get(channelId);
  if (!channel) throw apiError('unknownChannel');
  if (!(core.world.permissions(appId, channel) & PERMISSION_BITS.VIEW_CHANNEL))
    throw apiError('missingAccess');
  return channel;
}

/** Throws 50013 when the bot lacks one of the permissions in the channel. */
export function needs(core: Core, appId: string, channel: Channel, ...names: PermissionName[]): void {
  const bits = core.world.permissions(appId, channel);
  if (names.some((name) => !(bits & PERMISSION_BITS[name]))) throw apiError('missingPermissions');
}

/** Throws 50083 in an archived thread. */
export function notArchived(channel: Channel): void {
  if (channel.kind === 'guild' && channel.archived) throw apiError('threadArchived');
}

/** A message of the channel that REST may show: ephemeral ones do not exist there. Throws 10008. */
export function publicMessage(core: Core, channel: Channel, messageId: string): StoredMessage {
  const message = core.messages.get(messageId);
  if (!message || message.wire.channel_id !== channel.id || message.ephemeralFor !== null) {
    throw apiError('unknownMessage');
  }
  return message;
}
