import type { LocalState, User } from '../types.js';

export function displayName(user: User): string {
  return user.global_name || user.username;
}

/** A bot's name as it stands over its messages; `id` may be unknown (then ''). */
export function botName(local: LocalState | null, id: string | undefined): string {
  const user = local?.users.find((candidate) => candidate.id === id);
  return user ? displayName(user) : (local?.bots.find((bot) => bot.id === id)?.username ?? '');
}

/** The user as the server lists them (with roles), or as the message carries them. */
export function known(local: LocalState | null, user: User): User {
  return local?.users.find(({ id }) => id === user.id) ?? user;
}

/** A CSS colour from the first coloured role; undefined if there is none. */
export function roleColour(user: User): string | undefined {
  const role = user.roles?.find(({ color }) => color > 0);
  return role ? cssColour(role.color) : undefined;
}

/** 0xRRGGBB as a CSS colour. */
export function cssColour(value: number): string {
  return `#${(value & 0xffffff).toString(16).padStart(6, '0')}`;
}
