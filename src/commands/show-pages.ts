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

/**
 * Answers with pages of which the last asks by buttons. Where that one stands is written down before its buttons are seen, lest a
 * crash in between leave them there for ever.
 * @param stands writes it down; where it throws, nothing is asked
 * @throws what `stands` throws, DiscordAPIError
 */
export async function showQuestion(
  interaction: RepliableInteraction | PressInteraction,
  pages: readonly View[],
  stands: (messageId: string) => Promise<void>,
): Promise<void> {
  const [first, ...more] = pages;
  const last = more.at(-1);
  if (first && last) {
    const { components } = last;
    // Nobody knows where a further message will stand before it does.
    const ids = await showPages(interaction, [first, ...more.slice(0, -1), { ...last, components: [] }]);
    const id = ids.at(-1) ?? '';
    await stands(id);
    await interaction.editReply({ message: id, components });
    return;
  }
  const place = await interaction.fetchReply().catch(() => null);
  if (place) await stands(place.id);
  const [id = ''] = await showPages(interaction, pages);
  if (!place) await stands(id);
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
