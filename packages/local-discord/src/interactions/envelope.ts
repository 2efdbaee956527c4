import type { JsonObject } from '../base/json.js';
import type { Core } from '../core.js';
import type { Channel } from '../world/model.js';
import { channelPayload, memberPayload, userPayload } from '../world/payloads.js';
import type { Interaction } from './interaction.js';

/** Official docs: the largest upload an answer may carry, told to the bot with each interaction. */
const ATTACHMENT_SIZE_LIMIT = 10 * 1024 * 1024;

/** Who gets charged for an installation: the guild, or "0" in a bot's DM (official docs). */
export function integrationOwners(core: Core, inGuild: boolean): JsonObject {
  return { '0': inGuild ? core.world.guild.id : '0' };
}

/**
 * The d of INTERACTION_CREATE with every documented field. Clients read the `channel` object rather than
 * `channel_id`, and throw without `entitlements` or `authorizing_integration_owners`.
 */
export function envelope(
  core: Core,
  interaction: Interaction,
  channel: Channel,
  data: JsonObject,
  message?: JsonObject,
): JsonObject {
  const { world } = core;
  const shown =
    channel.kind === 'dm'
      ? channelPayload(world, channel)
      : {
          ...channelPayload(world, channel),
          permissions: world.permissions(interaction.userId, channel).toString(),
        };
  return {
    id: interaction.id,
    application_id: interaction.appId,
    type: interaction.type,
    token: interaction.token,
    version: 1,
    data,
    ...(interaction.inGuild ? guildSide(core, interaction, channel) : dmSide(core, interaction)),
    channel: shown,
    channel_id: channel.id,
    app_permissions: world.permissions(interaction.appId, channel).toString(),
    locale: 'en-US',
    entitlements: [],
    entitlement_sku_ids: [],
    authorizing_integration_owners: integrationOwners(core, interaction.inGuild),
    attachment_size_limit: ATTACHMENT_SIZE_LIMIT,
    ...(message ? { message } : {}),
  };
}

function guildSide(core: Core, interaction: Interaction, channel: Channel): JsonObject {
  const { world } = core;
  const member = world.members.get(interaction.userId);
  if (!member) throw new Error(`${interaction.userId} is no member`);
  const permissions = world.permissions(interaction.userId, channel).toString();
  return {
    guild: { id: world.guild.id, locale: 'en-US', features: [] },
    guild_id: world.guild.id,
    guild_locale: 'en-US',
    member: { ...memberPayload(world, member), permissions },
    context: 0,
  };
}

function dmSide(core: Core, interaction: Interaction): JsonObject {
  const user = core.world.users.get(interaction.userId);
  return { ...(user ? { user: userPayload(user) } : {}), context: 1 };
}
