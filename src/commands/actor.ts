import type { Interaction } from 'discord.js';
import type { Actor } from '../services/access.js';
import type { PressInteraction } from './command.js';

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
