import type { JsonObject } from '../base/json.js';
import type { AttachmentStore, Upload } from '../messages/attachments.js';
import { attachmentPayload } from '../messages/attachments.js';
import type { StoredMessage } from '../messages/stored-message.js';
import { channelPayload, memberPayload, rolePayload, userPayload } from '../world/payloads.js';
import type { World } from '../world/world.js';
import { InputError } from './input-error.js';

/** Collects the objects behind the ids in an interaction (`data.resolved`). Unknown ids are refused. */
export class Resolved {
  private readonly maps: Record<string, JsonObject> = {};

  constructor(
    private readonly world: World,
    private readonly userId: string,
  ) {}

  /** The `resolved` key, or nothing when no id was involved. */
  asField(): JsonObject {
    return Object.keys(this.maps).length > 0 ? { resolved: this.maps } : {};
  }

  user(id: string): void {
    const user = this.world.users.get(id);
    if (!user) throw new InputError(`no user ${id}`);
    this.put('users', id, userPayload(user));
    const member = this.world.members.get(id);
    if (!member) return;
    // A resolved member comes without user, deaf and mute, but with its permissions.
    const { deaf: _deaf, mute: _mute, ...rest } = memberPayload(this.world, member, false);
    this.put('members', id, { ...rest, permissions: this.world.guildPermissions(id).toString() });
  }

  role(id: string): void {
    const role = this.world.roles.get(id);
    if (!role) throw new InputError(`no role ${id}`);
    this.put('roles', id, rolePayload(role));
  }

  /** A user or a role, whichever the id names. */
  mentionable(id: string): void {
    if (this.world.roles.has(id)) this.role(id);
    else this.user(id);
  }

  /** @param types the channel types allowed; empty: all. */
  channel(id: string, types: readonly unknown[]): void {
    const channel = this.world.channels.get(id);
    if (!channel || channel.kind === 'dm') throw new InputError(`no channel ${id}`);
    if (types.length > 0 && !types.includes(channel.type))
      throw new InputError('channel of a type not allowed');
    const permissions = this.world.permissions(this.userId, channel).toString();
    this.put('channels', id, { ...channelPayload(this.world, channel), permissions });
  }

  message(message: StoredMessage): void {
    this.put('messages', message.wire.id, message.wire as unknown as JsonObject);
  }

  /** Stores the file; returns its attachment id, the option's value. */
  attachment(store: AttachmentStore, channelId: string, upload: Upload): string {
    const file = store.add(channelId, upload);
    this.put('attachments', file.id, attachmentPayload(file, true));
    return file.id;
  }

  private put(map: string, id: string, payload: JsonObject): void {
    this.maps[map] = { ...this.maps[map], [id]: payload };
  }
}
