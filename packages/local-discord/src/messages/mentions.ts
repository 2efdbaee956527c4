import { arrayOf, isObject, type JsonObject } from '../base/json.js';
import { userPayload } from '../world/payloads.js';
import type { World } from '../world/world.js';

export interface Mentions {
  mentions: JsonObject[];
  mention_roles: string[];
  mention_everyone: boolean;
}

type Kind = 'users' | 'roles' | 'everyone';

/**
 * Who a text pings. What `allowed_mentions` does not let through stays text: shown, but nobody is told.
 * @param defaults kinds that count when `allowed_mentions` is absent: all three for ordinary messages, only users
 *   for answers to interactions (official docs, "Allowed Mentions").
 */
export function findMentions(
  world: World,
  content: string,
  allowed: unknown,
  defaults: readonly Kind[],
): Mentions {
  const rule = isObject(allowed) ? allowed : null;
  const parse: readonly unknown[] = rule ? arrayOf(rule.parse) : defaults;
  const lets = (kind: Kind, id: string): boolean =>
    parse.includes(kind) || arrayOf(rule?.[kind]).includes(id);
  const userIds = idsIn(content, /<@!?(\d{17,20})>/g).filter((id) => lets('users', id));
  const roleIds = idsIn(content, /<@&(\d{17,20})>/g).filter((id) => lets('roles', id) && world.roles.has(id));
  return {
    mentions: userIds.flatMap((id) => world.users.get(id) ?? []).map(userPayload),
    mention_roles: roleIds,
    mention_everyone: parse.includes('everyone') && /@everyone|@here/.test(content),
  };
}

function idsIn(content: string, pattern: RegExp): string[] {
  return [...new Set([...content.matchAll(pattern)].map((match) => match[1] ?? ''))];
}
