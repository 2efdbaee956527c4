import { timestamp } from '../base/clock.js';
import type { JsonObject } from '../base/json.js';
import {
  type Application,
  type Channel,
  type DmChannel,
  type GuildChannel,
  isThread,
  type Member,
  type Role,
  type User,
} from './model.js';
import type { World } from './world.js';

/** Discord's user object, with every field its OpenAPI file requires. */
export function userPayload(user: User): JsonObject {
  return {
    id: user.id,
    username: user.username,
    discriminator: user.bot ? '0001' : '0',
    global_name: user.bot ? null : user.globalName,
    avatar: null,
    banner: null,
    accent_color: null,
    avatar_decoration_data: null,
    collectibles: null,
    primary_guild: null,
    public_flags: 0,
    flags: 0,
    ...(user.bot ? { bot: true } : {}),
  };
}

/** Discord's member object. `user` is left out where Discord leaves it out (message events). */
export function memberPayload(world: World, member: Member, withUser = true): JsonObject {
  const user = world.users.get(member.userId);
  return {
    ...(withUser && user ? { user: userPayload(user) } : {}),
    nick: member.nick,
    avatar: null,
    banner: null,
    collectibles: null,
    roles: [...member.roles],
    joined_at: timestamp(member.joinedAt),
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: member.timeoutUntil === null ? null : timestamp(member.timeoutUntil),
  };
}

export function rolePayload(role: Role): JsonObject {
  return {
    id: role.id,
    name: role.name,
    description: null,
    color: role.color,
    colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: role.position,
    permissions: role.permissions.toString(),
    managed: role.managed,
    mentionable: false,
    flags: 0,
  };
}

const PUBLIC_THREAD = 11;

/** A thread says whose it is by `parent_id`, and has no place and no overwrites of its own. */
function threadPayload(world: World, thread: GuildChannel): JsonObject {
  return {
    id: thread.id,
    type: thread.type,
    guild_id: world.guild.id,
    name: thread.name,
    parent_id: thread.parentId,
    owner_id: world.guild.ownerId,
    rate_limit_per_user: thread.slowModeSeconds,
    last_message_id: null,
    message_count: 0,
    total_message_sent: 0,
    member_count: 1,
    flags: 0,
    thread_metadata: {
      archived: thread.archived,
      archive_timestamp: timestamp(0),
      auto_archive_duration: 4_320,
      locked: false,
      create_timestamp: null,
    },
  };
}

export function guildChannelPayload(world: World, channel: GuildChannel): JsonObject {
  if (isThread(channel)) return threadPayload(world, channel);
  return {
    id: channel.id,
    type: channel.type,
    guild_id: world.guild.id,
    name: channel.name,
    parent_id: channel.parentId,
    position: channel.position,
    permission_overwrites: channel.overwrites.map((overwrite) => ({
      ...overwrite,
      allow: overwrite.allow.toString(),
      deny: overwrite.deny.toString(),
    })),
    rate_limit_per_user: channel.slowModeSeconds,
    topic: null,
    nsfw: false,
    last_message_id: null,
    flags: 0,
  };
}

/** A DM as the bot sees it: the recipient is the person. */
export function dmPayload(world: World, channel: DmChannel): JsonObject {
  const user = world.users.get(channel.userId);
  return {
    id: channel.id,
    type: 1,
    last_message_id: null,
    flags: 0,
    recipients: user ? [userPayload(user)] : [],
  };
}

export function channelPayload(world: World, channel: Channel): JsonObject {
  return channel.kind === 'dm' ? dmPayload(world, channel) : guildChannelPayload(world, channel);
}

/** What REST and GUILD_CREATE have in common. */
function guildBase(world: World): JsonObject {
  return {
    id: world.guild.id,
    name: world.guild.name,
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    owner_id: world.guild.ownerId,
    application_id: null,
    region: 'us-east',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    roles: [...world.roles.values()].map(rolePayload),
    default_message_notifications: 0,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: 'en-US',
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
  };
}

/** GET /guilds/{id}. */
export function guildPayload(world: World): JsonObject {
  return { ...guildBase(world), incidents_data: null, owner_configured_content_level: 0 };
}

/** The d of GUILD_CREATE. `unavailable: false` is vital: without the key a client never considers the guild usable. */
export function guildCreatePayload(world: World): JsonObject {
  const members = [...world.members.values()];
  return {
    ...guildBase(world),
    unavailable: false,
    large: false,
    joined_at: timestamp(members[0]?.joinedAt ?? 0),
    member_count: members.length,
    members: members.map((member) => memberPayload(world, member)),
    channels: world
      .guildChannels()
      .filter((channel) => !isThread(channel))
      .map((channel) => guildChannelPayload(world, channel)),
    // Of private threads only members are told.
    threads: world
      .guildChannels()
      .filter(({ type }) => type === PUBLIC_THREAD)
      .map((thread) => threadPayload(world, thread)),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** GET /applications/@me. */
export function applicationPayload(world: World, app: Application): JsonObject {
  const bot = world.users.get(app.id);
  const owner = world.users.get(world.guild.ownerId);
  return {
    id: app.id,
    name: app.name,
    icon: null,
    description: '',
    type: null,
    summary: '',
    bot_public: app.isPublic,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    flags_new: '0',
    hook: true,
    is_monetized: false,
    max_participants: null,
    integration_types_config: { '0': {} },
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    approximate_guild_count: 1,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    eligible_oauth2_scopes: ['bot', 'applications.commands'],
    ...(bot ? { bot: userPayload(bot) } : {}),
    ...(owner ? { owner: userPayload(owner) } : {}),
    team: null,
  };
}
