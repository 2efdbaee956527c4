import { DiscordAPIError, type Message, MessageFlags, type RepliableInteraction } from 'discord.js';
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
        ? await answer(interaction, page)
        : await interaction.followUp(
            interaction.ephemeral ? { ...page, flags: MessageFlags.Ephemeral } : page,
          );
    ids.push(message.id);
  }
  return ids;
}

/** Also where Discord shows it and its own answer is lost: what stands there may be pressed already, and is no failure. */
async function answer(interaction: RepliableInteraction | PressInteraction, page: View): Promise<Message> {
  try {
    return await interaction.editReply(page);
  } catch (error) {
    if (error instanceof DiscordAPIError || !interaction.isChatInputCommand()) throw error;
    // Whatever is told of this trouble is told beside it.
    interaction.replied = true;
    const there = await interaction.fetchReply().catch(() => null);
    if (!there || there.flags.has(MessageFlags.Loading)) throw error;
    return there;
  }
}
