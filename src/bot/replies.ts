import { MessageFlags, type RepliableInteraction, Routes } from 'discord.js';
import { type Failure, failureText } from '../screens/failure.js';

/** Answers an interaction privately, in whatever form its state still allows. */
export async function replyFailure(interaction: RepliableInteraction, failure: Failure): Promise<void> {
  const content = failureText(failure);
  // A deferred slash command still shows "thinking": the answer goes there. A pressed message must stay as it is, and so
  // must an answer that is shown already: its buttons may have been pressed by now.
  if (interaction.deferred && !interaction.replied && interaction.isChatInputCommand()) {
    await interaction.editReply({ content, embeds: [], components: [] });
  } else if (interaction.deferred || interaction.replied) {
    await interaction.followUp({ content, flags: MessageFlags.Ephemeral });
  } else {
    await interaction.reply({ content, flags: MessageFlags.Ephemeral });
  }
}

/** By another way, where the interaction's own answer doesn't get through: a new message that mentions who asked. */
export async function sayInChannel(interaction: RepliableInteraction, failure: Failure): Promise<void> {
  const { channelId, user, client } = interaction;
  if (!channelId) return;
  await client.rest.post(Routes.channelMessages(channelId), {
    body: {
      content: `<@${user.id}> ${failureText(failure)}`,
      allowed_mentions: { users: [user.id] },
    },
  });
}
