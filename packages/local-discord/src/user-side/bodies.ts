import { z } from 'zod';
import { FAULT_KINDS } from '../rest/faults.js';

const snowflake = z.string().regex(/^\d{17,20}$/, 'must be an id');
const options = z.array(z.record(z.string(), z.unknown())).default([]);
const actor = { user: snowflake, channel_id: snowflake, nonce: z.string().optional() };
const commandFields = {
  ...actor,
  name: z.string(),
  options,
  bot: snowflake.optional(),
  command_type: z.number().int().min(1).max(3).default(1),
  target_id: snowflake.optional(),
};

/** POST /local/interactions. */
export const InteractionBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), ...commandFields }),
  z.object({ kind: z.literal('autocomplete'), ...commandFields }),
  z.object({
    kind: z.literal('component'),
    ...actor,
    message_id: snowflake,
    custom_id: z.string(),
    values: z.array(z.string()).optional(),
  }),
  z.object({
    kind: z.literal('modal'),
    ...actor,
    channel_id: snowflake.optional(),
    interaction_id: snowflake,
    custom_id: z.string(),
    fields: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  }),
]);

export const MessageBody = z.object({
  user: snowflake,
  channel_id: snowflake,
  content: z.string().min(1).max(2000),
  reply_to: snowflake.optional(),
});

export const DmBody = z.object({ user: snowflake, bot: snowflake });

export const FaultBody = z.object({
  route: z.string().optional(),
  times: z.number().int().positive().optional(),
  kind: z.enum(FAULT_KINDS),
  ms: z.number().nonnegative().optional(),
  retry_after: z.number().nonnegative().optional(),
  status: z.number().int().min(200).max(599).optional(),
});

export const GatewayBody = z.object({
  action: z.enum(['drop', 'close', 'reconnect', 'invalid-session', 'heartbeat', 'pause', 'resume', 'refuse']),
  code: z.number().int().optional(),
  times: z.number().int().positive().default(1),
  resumable: z.boolean().default(false),
  bot: snowflake.optional(),
});

export const ClockBody = z.object({ advance_ms: z.number().nonnegative() });

const overwrite = z.object({
  channel_id: snowflake,
  permissions: z.array(z.string()),
  user: snowflake.optional(),
  role: z.string().optional(),
});

/** POST /local/world: every key is optional, applied in the order written here. */
export const WorldBody = z.strictObject({
  roles: z
    .array(
      z.object({
        name: z.string(),
        id: snowflake.optional(),
        permissions: z.array(z.string()).default([]),
        color: z.number().int().default(0),
      }),
    )
    .default([]),
  channels: z
    .array(
      z.object({
        name: z.string(),
        id: snowflake.optional(),
        type: z.number().int().default(0),
        parent: snowflake.optional(),
      }),
    )
    .default([]),
  users: z
    .array(
      z.object({
        username: z.string(),
        id: snowflake.optional(),
        global_name: z.string().optional(),
        roles: z.array(z.string()).optional(),
        label: z.enum(['trader', 'viewer', 'admin']).optional(),
        dms: z.boolean().optional(),
      }),
    )
    .default([]),
  bots: z
    .array(
      z.object({
        name: z.string(),
        id: snowflake.optional(),
        token: z.string().optional(),
        public: z.boolean().optional(),
      }),
    )
    .default([]),
  members: z
    .array(
      z.object({
        user: snowflake,
        roles: z.array(z.string()).optional(),
        nick: z.string().nullable().optional(),
        timeout_ms: z.number().nonnegative().optional(),
      }),
    )
    .default([]),
  remove_members: z.array(snowflake).default([]),
  permissions: z.array(z.object({ role: z.string(), permissions: z.array(z.string()) })).default([]),
  clear_overwrites: snowflake.optional(),
  deny: overwrite.optional(),
  allow: overwrite.optional(),
  slow_mode: z.object({ channel_id: snowflake, seconds: z.number().int().nonnegative() }).optional(),
  archive: snowflake.optional(),
  invite_again: snowflake.optional(),
  delete_message: z.object({ channel_id: snowflake, id: snowflake }).optional(),
  delete_channel: snowflake.optional(),
});

export type WorldChange = z.output<typeof WorldBody>;
