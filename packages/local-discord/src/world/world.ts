import type { Clock } from '../base/clock.js';
import { ALL_PERMISSIONS, PERMISSION_BITS, permissionsIn } from '../base/permissions.js';
import type { SnowflakeMaker } from '../base/snowflake.js';
import {
  type Application,
  type Channel,
  type DmChannel,
  type Guild,
  type GuildChannel,
  isThread,
  type Member,
  type Role,
  type User,
} from './model.js';

/** Who and what exists: one guild with its members, roles and channels, the bots, and the open DMs. */
export class World {
  readonly users = new Map<string, User>();
  readonly members = new Map<string, Member>();
  readonly roles = new Map<string, Role>();
  readonly channels = new Map<string, Channel>();
  readonly apps = new Map<string, Application>();

  constructor(
    readonly guild: Guild,
    private readonly clock: Clock,
    private readonly ids: SnowflakeMaker,
  ) {}

  appByToken(token: string): Application | undefined {
    for (const app of this.apps.values()) if (app.token === token) return app;
    return undefined;
  }

  guildChannels(): GuildChannel[] {
    return [...this.channels.values()]
      .filter((channel) => channel.kind === 'guild')
      .sort((a, b) => a.position - b.position);
  }

  dmsOf(userId: string): DmChannel[] {
    return [...this.channels.values()].filter((c) => c.kind === 'dm').filter((dm) => dm.userId === userId);
  }

  /** The DM between a person and a bot, made at first use and the same one ever after. */
  openDm(userId: string, appId: string): { channel: DmChannel; created: boolean } {
    const known = this.dmsOf(userId).find((dm) => dm.appId === appId);
    if (known) return { channel: known, created: false };
    const channel: DmChannel = { kind: 'dm', id: this.ids.next(), userId, appId };
    this.channels.set(channel.id, channel);
    return { channel, created: true };
  }

  /** The permission bits of a user in a channel; 0n when the user has no business there. */
  permissions(userId: string, channel: Channel): bigint {
    if (channel.kind === 'dm') {
      return channel.userId === userId || channel.appId === userId ? ALL_PERMISSIONS : 0n;
    }
    const parent = isThread(channel) ? this.channels.get(channel.parentId ?? '') : undefined;
    if (parent?.kind !== 'guild') return this.permissionsWith(userId, channel.overwrites);
    // A thread has its parent's overwrites, and a permission of its own for writing in it (official docs).
    const bits = this.permissionsWith(userId, parent.overwrites);
    const { SEND_MESSAGES, SEND_MESSAGES_IN_THREADS } = PERMISSION_BITS;
    return bits & SEND_MESSAGES_IN_THREADS ? bits | SEND_MESSAGES : bits & ~SEND_MESSAGES;
  }

  /** The permission bits of a member in the guild as a whole. */
  guildPermissions(userId: string): bigint {
    return this.permissionsWith(userId, []);
  }

  private permissionsWith(userId: string, overwrites: GuildChannel['overwrites']): bigint {
    const member = this.members.get(userId);
    if (!member) return 0n;
    const roleIds = [this.guild.id, ...member.roles];
    return permissionsIn({
      everyoneRoleId: this.guild.id,
      userId,
      owner: this.guild.ownerId === userId,
      roles: roleIds.flatMap((id) => this.roles.get(id) ?? []),
      timedOut: (member.timeoutUntil ?? 0) > this.clock.now(),
      overwrites,
    });
  }
}
