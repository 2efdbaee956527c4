import { DiscordAPIError, MessageFlags, type RepliableInteraction, Routes } from 'discord.js';
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
export async function sayElsewhere(interaction: RepliableInteraction, failure: Failure): Promise<void> {
  const { id, channelId, user, client } = interaction;
  const body = {
    content: `<@${user.id}> ${failureText(failure)}`,
    allowed_mentions: { users: [user.id] },
    // The library repeats a request whose answer was lost.
    nonce: id,
    enforce_nonce: true,
  };
  const say = (channel: string) => client.rest.post(Routes.channelMessages(channel), { body });
  try {
    if (channelId) return void (await say(channelId));
  } catch (error) {
    // A channel that is closed to us; what may have got there is not said twice.
    if (!(error instanceof DiscordAPIError)) throw error;
  }
  const direct = await client.rest.post(Routes.userChannels(), { body: { recipient_id: user.id } });
  await say((direct as { id: string }).id);
}
