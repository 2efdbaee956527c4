import type { Interaction } from 'discord.js';
import type { Actor, Place } from '../services/access/access.js';
import type { PressInteraction } from './command.js';

/**
 * Where it happens. A thread's parent comes along with the interaction itself, so a thread that was never seen before is
 * known too; of other channels the parent is only the category they are listed under.
 */
export function placeOf({ channel, channelId }: Pick<Interaction, 'channel' | 'channelId'>): Place {
  return { channelId: channelId ?? '', parentId: channel?.isThread() ? channel.parentId : null };
}

/** Who presses or types, with the roles Discord sent along with this very interaction. */
export function actorOf(interaction: Interaction | PressInteraction): Actor {
  const roles = interaction.member?.roles;
  return {
    userId: interaction.user.id,
    roleIds: Array.isArray(roles) ? roles : [...(roles?.cache.keys() ?? [])],
    guildId: interaction.guildId,
    channelId: interaction.channelId ?? '',
  };
}
