import type { Clock } from '../base/clock.js';
import { DEFAULT_TOKEN, IDS } from '../base/fixed-ids.js';
import { PERMISSION_BITS, permissionBits } from '../base/permissions.js';
import type { SnowflakeMaker } from '../base/snowflake.js';
import type { Application, GuildChannel, Role, User } from './model.js';
import { World } from './world.js';

/** What everybody may do in a fresh guild, as far as this server knows permissions. */
const EVERYONE = permissionBits([
  'VIEW_CHANNEL',
  'SEND_MESSAGES',
  'SEND_MESSAGES_IN_THREADS',
  'EMBED_LINKS',
  'ATTACH_FILES',
  'READ_MESSAGE_HISTORY',
  'ADD_REACTIONS',
  'CHANGE_NICKNAME',
  'USE_APPLICATION_COMMANDS',
]);

/** The guild "Trading Desk": three channels, three roles, three people, one bot. Every id is fixed (fixed-ids.ts). */
export function defaultWorld(clock: Clock, ids: SnowflakeMaker, token = DEFAULT_TOKEN): World {
  const world = new World({ id: IDS.guild, name: 'Trading Desk', ownerId: IDS.users.admin }, clock, ids);
  addRole(world, { id: IDS.guild, name: '@everyone', permissions: EVERYONE });
  addRole(world, { id: IDS.roles.viewer, name: 'Viewer', color: 0x95a5a6 });
  addRole(world, { id: IDS.roles.trader, name: 'Trader', color: 0x2ecc71 });
  addRole(world, {
    id: IDS.roles.admin,
    name: 'Admin',
    color: 0xe67e22,
    permissions: PERMISSION_BITS.ADMINISTRATOR,
  });
  for (const [name, id] of Object.entries(IDS.channels)) addChannel(world, { id, name });
  addPerson(world, clock, 'trader', 'Tess Trader', [IDS.roles.trader]);
  addPerson(world, clock, 'viewer', 'Vic Viewer', [IDS.roles.viewer]);
  addPerson(world, clock, 'admin', 'Ada Admin', [IDS.roles.admin]);
  addBot(world, clock, { id: IDS.application, name: 'Profit Targets', token, isPublic: true }, IDS.roles.bot);
  return world;
}

function addPerson(
  world: World,
  clock: Clock,
  label: 'trader' | 'viewer' | 'admin',
  globalName: string,
  roles: string[],
): void {
  const id = IDS.users[label];
  addMember(world, clock, { id, username: label, globalName, bot: false, label, acceptsDms: true }, roles);
}

/** Adds a role at the top of the list; an existing id is replaced. */
export function addRole(world: World, seed: Pick<Role, 'id' | 'name'> & Partial<Role>): Role {
  const position = world.roles.get(seed.id)?.position ?? world.roles.size;
  const role: Role = { color: 0, permissions: 0n, managed: false, position, ...seed };
  world.roles.set(role.id, role);
  return role;
}

/** Adds a guild channel below the others. */
export function addChannel(
  world: World,
  seed: Pick<GuildChannel, 'id' | 'name'> & Partial<GuildChannel>,
): GuildChannel {
  const channel: GuildChannel = {
    kind: 'guild',
    type: 0,
    parentId: null,
    position: world.guildChannels().length,
    overwrites: [],
    slowModeSeconds: 0,
    archived: false,
    ...seed,
  };
  world.channels.set(channel.id, channel);
  return channel;
}

/** Adds a user and makes them a member of the guild. */
export function addMember(world: World, clock: Clock, user: User, roles: string[]): void {
  world.users.set(user.id, user);
  world.members.set(user.id, {
    userId: user.id,
    roles,
    nick: null,
    joinedAt: clock.now(),
    timeoutUntil: null,
  });
}

/** Adds an application, its bot user and the managed role that an invite creates. */
export function addBot(world: World, clock: Clock, app: Application, roleId: string): void {
  world.apps.set(app.id, app);
  addRole(world, { id: roleId, name: app.name, permissions: EVERYONE, managed: true });
  const username = app.name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  addMember(world, clock, { id: app.id, username, globalName: app.name, bot: true, acceptsDms: false }, [
    roleId,
  ]);
}
