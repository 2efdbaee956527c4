import {
  type APIApplicationCommand,
  type APIChannel,
  type APIGatewayBotInfo,
  type APIGuildMember,
  type APIOverwrite,
  type APIRole,
  type APIUser,
  ChannelType,
  DiscordAPIError,
  REST,
  Routes,
} from 'discord.js';
import { COMMANDS } from '../commands/index.js';
import { FAULTS, SEEN, STEPS } from '../screens/doctor.js';
import { EVERYONE } from '../services/access/access.js';
import type { Settings } from '../settings/schema.js';
import { type Checklist, Finding, type Found } from './checklist.js';
import { lackingIn } from './permissions.js';

const TIMEOUT_MS = 10_000;
/** View Channels, Send Messages, Embed Links, Attach Files, Read Message History, Send Messages in Threads. */
const INVITE_PERMISSIONS = '274878024704';
const THREADS = new Set([
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
]);
/** All that is said there is said in threads. */
const FORUMS = new Set([ChannelType.GuildForum, ChannelType.GuildMedia]);

/** Everything the bot needs of Discord, read and nothing else. */
export async function checkDiscord(list: Checklist, settings: Settings): Promise<void> {
  const rest = new REST({
    ...(settings.DISCORD_API_URL ? { api: settings.DISCORD_API_URL } : {}),
    timeout: TIMEOUT_MS,
    retries: 1,
  }).setToken(settings.DISCORD_TOKEN.reveal());
  const look = new DiscordLook(rest, settings);
  const me = await list.step(STEPS.token, () => look.token());
  if (!me) return;
  await list.step(STEPS.gateway, () => look.gateway());
  const member = await list.step(STEPS.server, () => look.server(me));
  await list.step(STEPS.commands, () => look.commands(me));
  if (member) {
    const { TRADER_USER_IDS, TRADER_ROLE_IDS, VIEWER_USER_IDS, VIEWER_ROLE_IDS } = settings;
    const named = (users: readonly string[], roles: readonly string[], of: 'trader' | 'viewer') =>
      list.step(STEPS.members(of), () => look.named(users, roles, of.toUpperCase()));
    await named(TRADER_USER_IDS, TRADER_ROLE_IDS, 'trader');
    await named(VIEWER_USER_IDS, VIEWER_ROLE_IDS, 'viewer');
  }
  for (const id of settings.CHANNEL_IDS) await list.step(STEPS.channel(id), () => look.channel(id, me));
}

/** One method per step. */
class DiscordLook {
  constructor(
    private readonly rest: REST,
    private readonly settings: Settings,
  ) {}

  async token(): Promise<Found<APIUser>> {
    const user = await this.#get<APIUser>(Routes.user()).catch((error: unknown) => {
      if (!isStatus(error, 401)) throw offline(error);
      throw new Finding(FAULTS.token);
    });
    const { bot_public: open } = await this.#get<{ bot_public?: boolean }>(Routes.currentApplication());
    return [user, SEEN.token(this.settings.DISCORD_TOKEN.masked(), user.username, open ?? false)];
  }

  /** Each start takes one of a day's sessions; without any left the bot can't connect. */
  async gateway(): Promise<Found<true>> {
    const { session_start_limit: starts } = await this.#get<APIGatewayBotInfo>(Routes.gatewayBot());
    if (starts.remaining > 0) {
      return [true, SEEN.gateway(starts.remaining, starts.total)];
    }
    const minutes = Math.ceil(starts.reset_after / 60_000);
    throw new Finding(FAULTS.noStarts(minutes));
  }

  async server(me: APIUser): Promise<Found<APIGuildMember | null>> {
    const invite = `https://discord.com/oauth2/authorize?client_id=${me.id}&scope=bot+applications.commands&permissions=${INVITE_PERMISSIONS}`;
    const guildId = this.settings.DISCORD_GUILD_ID;
    if (!guildId) {
      const guilds = await this.#get<{ name: string }[]>(Routes.userGuilds());
      if (guilds.length === 0) throw new Finding(FAULTS.noServer(invite));
      return [null, SEEN.servers(guilds.map(({ name }) => name))];
    }
    const member = await this.#member(guildId, me.id);
    if (!member) throw new Finding(FAULTS.notInServer(invite));
    return [member, SEEN.member];
  }

  /** The bot registers them at each start, so their absence is no fault. */
  async commands(me: APIUser): Promise<Found<true>> {
    const guildId = this.settings.DISCORD_GUILD_ID;
    const route = guildId
      ? Routes.applicationGuildCommands(me.id, guildId)
      : Routes.applicationCommands(me.id);
    const registered = (await this.#get<APIApplicationCommand[]>(route)).map(({ name }) => name);
    if (registered.length === 0) return [true, SEEN.noCommands];
    const missing = COMMANDS.map(({ data }) => data.name).filter((name) => !registered.includes(name));
    return [true, SEEN.commands(registered, missing)];
  }

  /** Ids with a digit wrong name nobody, and then nobody may trade, or look. */
  async named(users: readonly string[], roles: readonly string[], of: string): Promise<Found<true>> {
    const { DISCORD_GUILD_ID: guildId = '' } = this.settings;
    if ([...users, ...roles].includes(EVERYONE)) return [true, SEEN.everyone];
    const known = roles.length > 0 ? await this.#get<APIRole[]>(Routes.guildRoles(guildId)) : [];
    const strangers: string[] = roles
      .filter((id) => !known.some((role) => role.id === id))
      .map((id) => `role ${id}`);
    const names: string[] = known.filter(({ id }) => roles.includes(id)).map(({ name }) => `@${name}`);
    for (const id of users) {
      const member = await this.#member(guildId, id);
      if (member) names.push(member.user.username);
      else strangers.push(`user ${id}`);
    }
    if (strangers.length === 0) return [true, SEEN.members(names)];
    throw new Finding(FAULTS.strangers(strangers, of));
  }

  async channel(id: string, me: APIUser): Promise<Found<true>> {
    const channel = await this.#get<APIChannel>(Routes.channel(id)).catch((error: unknown) => {
      if (!isStatus(error, 403, 404)) throw error;
      throw new Finding(FAULTS.channel(!isStatus(error, 404)));
    });
    if (!('guild_id' in channel) || !channel.guild_id) throw new Finding(FAULTS.noServerChannel);
    const guildId = channel.guild_id;
    if (this.settings.DISCORD_GUILD_ID && guildId !== this.settings.DISCORD_GUILD_ID) {
      throw new Finding(FAULTS.otherServer);
    }
    const [member, roles] = await Promise.all([
      this.#get<APIGuildMember>(Routes.guildMember(guildId, me.id)),
      this.#get<APIRole[]>(Routes.guildRoles(guildId)),
    ]);
    const standing = {
      guildId,
      userId: me.id,
      roleIds: member.roles,
      roles,
      overwrites: await this.#overwrites(channel),
    };
    const inThreads = THREADS.has(channel.type) || FORUMS.has(channel.type);
    const lacking = lackingIn(standing, this.settings.PICTURES, inThreads ? 'threads' : 'channel');
    const name = `#${channel.name ?? id}`;
    if (lacking.length > 0) throw new Finding(FAULTS.lacking(name, lacking));
    return [true, SEEN.channel(name, lackingIn(standing, this.settings.PICTURES, 'threads'))];
  }

  /** A thread has those of the channel it hangs from. */
  async #overwrites(channel: APIChannel): Promise<readonly APIOverwrite[]> {
    if (THREADS.has(channel.type) && 'parent_id' in channel && channel.parent_id)
      return this.#overwrites(await this.#get<APIChannel>(Routes.channel(channel.parent_id)));
    return ('permission_overwrites' in channel && channel.permission_overwrites) || [];
  }

  async #member(guildId: string, userId: string): Promise<APIGuildMember | null> {
    return this.#get<APIGuildMember>(Routes.guildMember(guildId, userId)).catch((error: unknown) => {
      if (isStatus(error, 403, 404)) return null;
      throw error;
    });
  }

  async #get<T>(route: `/${string}`): Promise<T> {
    return (await this.rest.get(route)) as T;
  }
}

function isStatus(error: unknown, ...statuses: number[]): boolean {
  return error instanceof DiscordAPIError && statuses.includes(error.status);
}

/** The words of a network error say little. */
function offline(error: unknown): unknown {
  if (error instanceof DiscordAPIError) return error;
  const cause = error instanceof Error && error.message ? error.message : String(error);
  return new Finding(FAULTS.offline(cause));
}
