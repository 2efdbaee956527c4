import { arrayOf, type JsonObject, textOf } from '../base/json.js';
import { memberPayload } from '../world/payloads.js';
import type { World } from '../world/world.js';

/** Answers op 8 in one chunk. Without the echoed nonce a client waits two minutes and gives up. */
export function memberChunk(world: World, request: JsonObject): JsonObject {
  const ids = typeof request.user_ids === 'string' ? [request.user_ids] : arrayOf(request.user_ids);
  const prefix = textOf(request.query).toLowerCase();
  const limit = Number(request.limit ?? 0) || Number.POSITIVE_INFINITY;
  const members = [...world.members.values()].filter((member) =>
    ids.length > 0
      ? ids.includes(member.userId)
      : (world.users.get(member.userId)?.username ?? '').startsWith(prefix),
  );
  return {
    guild_id: world.guild.id,
    members: members.slice(0, limit).map((member) => memberPayload(world, member)),
    chunk_index: 0,
    chunk_count: 1,
    not_found: ids.filter((id) => !world.members.has(String(id))),
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
  };
}
