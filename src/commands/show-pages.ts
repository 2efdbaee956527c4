import { MessageFlags, type RepliableInteraction } from 'discord.js';
import type { View } from '../screens/view.js';
import type { PressInteraction } from './command.js';

/** Answers a deferred interaction with one message per page, all as private as the first; their ids, in order. */
export async function showPages(
  interaction: RepliableInteraction | PressInteraction,
  pages: readonly View[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const [index, page] of pages.entries()) {
    const message =
      index === 0
        ? await interaction.editReply(page)
        : await interaction.followUp(
            interaction.ephemeral ? { ...page, flags: MessageFlags.Ephemeral } : page,
          );
    ids.push(message.id);
  }
  return ids;
}
