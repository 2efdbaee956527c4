import { randomBytes } from 'node:crypto';
import { type Overwrite, permissionBits } from '../base/permissions.js';
import type { Core } from '../core.js';
import { Intent } from '../gateway/protocol.js';
import { InputError } from '../interactions/input-error.js';
import type { WorldChange } from '../user-side/bodies.js';
import { addBot, addChannel, addMember, addRole } from './default-world.js';
import { type GuildChannel, isThread, type Role } from './model.js';
import { guildChannelPayload, memberPayload, rolePayload, userPayload } from './payloads.js';

const PRIVATE_THREAD = 12;

/** What a change made, by id. */
export interface Made {
  roles: { id: string; name: string }[];
  channels: { id: string; name: string }[];
  users: { id: string; username: string }[];
  bots: { id: string; name: string; token: string }[];
}

/** Applies a change of the world and tells the bots and pages of it, in the order of {@link WorldChange}. */
export function changeWorld(core: Core, change: WorldChange): Made {
  const made: Made = {
    roles: change.roles.map((seed) => makeRole(core, seed)),
    channels: change.channels.map((seed) => makeChannel(core, seed)),
    users: change.users.map((seed) => makeUser(core, seed)),
    bots: change.bots.map((seed) => makeBot(core, seed)),
  };
  for (const member of change.members) changeMember(core, member);
  for (const id of change.remove_members) removeMember(core, id);
  for (const { role: name, permissions } of change.permissions) {
    const role = roleOf(core, name);
    role.permissions = permissionBits(permissions);
    tellRole(core, 'GUILD_ROLE_UPDATE', role);
  }
  if (change.clear_overwrites) {
    const channel = guildChannel(core, change.clear_overwrites);
    channel.overwrites = [];
    tellChannel(core, 'CHANNEL_UPDATE', channel);
  }
  if (change.deny) overwrite(core, change.deny, 'deny');
  if (change.allow) overwrite(core, change.allow, 'allow');
  if (change.slow_mode) {
    const channel = guildChannel(core, change.slow_mode.channel_id);
    channel.slowModeSeconds = change.slow_mode.seconds;
    tellChannel(core, 'CHANNEL_UPDATE', channel);
  }
  if (change.archive) setArchived(core, guildChannel(core, change.archive), true);
  if (change.invite_again) inviteAgain(core, change.invite_again);
  if (change.delete_message) deleteMessage(core, change.delete_message.id);
  if (change.delete_channel) deleteChannel(core, change.delete_channel);
  return made;
}

/** Kicks a bot and invites it again: what it had registered in the server is gone, its global commands are not. */
function inviteAgain(core: Core, appId: string): void {
  core.commands.replaceAll(appId, core.world.guild.id, []);
  core.hub.emit('invitedAgain', appId);
}

/** Closes a thread, or opens it again. */
export function setArchived(core: Core, channel: GuildChannel, archived: boolean): void {
  channel.archived = archived;
  tellChannel(core, 'THREAD_UPDATE', channel);
}

function makeRole(core: Core, seed: WorldChange['roles'][number]): { id: string; name: string } {
  const { name, color } = seed;
  const id = seed.id ?? core.ids.next();
  const role = addRole(core.world, { id, name, color, permissions: permissionBits(seed.permissions) });
  tellRole(core, 'GUILD_ROLE_CREATE', role);
  return { id, name };
}

function makeChannel(core: Core, seed: WorldChange['channels'][number]): { id: string; name: string } {
  const channel = addChannel(core.world, {
    id: seed.id ?? core.ids.next(),
    name: seed.name,
    type: seed.type,
    parentId: seed.parent ?? null,
  });
  // Of a private thread only its members are told, and a bot is none by itself.
  if (seed.type !== PRIVATE_THREAD) {
    tellChannel(core, isThread(channel) ? 'THREAD_CREATE' : 'CHANNEL_CREATE', channel);
  }
  return { id: channel.id, name: channel.name };
}

/** Makes a user, or changes the one of that id. */
function makeUser(core: Core, seed: WorldChange['users'][number]): { id: string; username: string } {
  const id = seed.id ?? core.ids.next();
  const known = core.world.users.get(id);
  const roles = seed.roles?.map((name) => roleOf(core, name).id);
  const user = {
    id,
    username: seed.username,
    globalName: seed.global_name ?? known?.globalName ?? null,
    bot: false,
    acceptsDms: seed.dms ?? known?.acceptsDms ?? true,
    ...(seed.label ? { label: seed.label } : known?.label ? { label: known.label } : {}),
  };
  addMember(core.world, core.clock, user, roles ?? core.world.members.get(id)?.roles ?? []);
  tellMember(core, known ? 'GUILD_MEMBER_UPDATE' : 'GUILD_MEMBER_ADD', id);
  return { id, username: user.username };
}

/** Adds an application with a bot user, as its invite would. */
export function makeBot(core: Core, { name, ...seed }: WorldChange['bots'][number]): Made['bots'][number] {
  const id = seed.id ?? core.ids.next();
  const token = seed.token ?? `local.${id}.${randomBytes(12).toString('base64url')}`;
  addBot(core.world, core.clock, { id, name, token, isPublic: seed.public ?? true }, core.ids.next());
  tellMember(core, 'GUILD_MEMBER_ADD', id);
  return { id, name, token };
}

function changeMember(core: Core, change: WorldChange['members'][number]): void {
  const member = core.world.members.get(change.user);
  if (!member) throw new InputError(`${change.user} is no member`, 404);
  if (change.roles) member.roles = change.roles.map((name) => roleOf(core, name).id);
  if (change.nick !== undefined) member.nick = change.nick;
  if (change.timeout_ms !== undefined) {
    member.timeoutUntil = change.timeout_ms === 0 ? null : core.clock.now() + change.timeout_ms;
  }
  tellMember(core, 'GUILD_MEMBER_UPDATE', change.user);
}

/** The user stays known, but leaves the guild. */
function removeMember(core: Core, userId: string): void {
  const user = core.world.users.get(userId);
  if (!user || !core.world.members.delete(userId)) throw new InputError(`${userId} is no member`, 404);
  const data = { guild_id: core.world.guild.id, user: userPayload(user) };
  core.hub.emit('guildEvent', 'GUILD_MEMBER_REMOVE', data, Intent.guildMembers);
}

function overwrite(core: Core, change: NonNullable<WorldChange['deny']>, side: 'deny' | 'allow'): void {
  const channel = guildChannel(core, change.channel_id);
  const bits = permissionBits(change.permissions);
  const id = change.role
    ? roleOf(core, change.role).id
    : (change.user ?? [...core.world.apps.keys()][0] ?? '');
  const other = side === 'deny' ? 'allow' : 'deny';
  const old = channel.overwrites.find((one) => one.id === id);
  const next: Overwrite = old ?? { id, type: change.role ? 0 : 1, allow: 0n, deny: 0n };
  next[side] |= bits;
  next[other] &= ~bits;
  if (!old) channel.overwrites.push(next);
  tellChannel(core, 'CHANNEL_UPDATE', channel);
}

function deleteMessage(core: Core, id: string): void {
  const message = core.messages.get(id);
  if (!message) throw new InputError(`no message ${id}`, 404);
  core.messages.delete(message);
}

function deleteChannel(core: Core, id: string): void {
  const channel = guildChannel(core, id);
  core.world.channels.delete(id);
  core.messages.dropChannel(id);
  tellChannel(core, 'CHANNEL_DELETE', channel);
}

/** A role by id or name. */
function roleOf(core: Core, name: string): Role {
  const role = core.world.roles.get(name) ?? [...core.world.roles.values()].find((one) => one.name === name);
  if (!role) throw new InputError(`no role ${name}`, 404);
  return role;
}

function guildChannel(core: Core, id: string): GuildChannel {
  const channel = core.world.channels.get(id);
  if (channel?.kind !== 'guild') throw new InputError(`no channel ${id}`, 404);
  return channel;
}

function tellRole(core: Core, type: string, role: Role): void {
  const data = { guild_id: core.world.guild.id, role: rolePayload(role) };
  core.hub.emit('guildEvent', type, data, Intent.guilds);
}

function tellChannel(core: Core, type: string, channel: GuildChannel): void {
  core.hub.emit('guildEvent', type, guildChannelPayload(core.world, channel), Intent.guilds);
}

function tellMember(core: Core, type: string, userId: string): void {
  const member = core.world.members.get(userId);
  if (!member) return;
  const data = { guild_id: core.world.guild.id, ...memberPayload(core.world, member) };
  core.hub.emit('guildEvent', type, data, Intent.guildMembers);
}
