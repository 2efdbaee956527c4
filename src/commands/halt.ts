import { SlashCommandBuilder } from 'discord.js';
import { haltView } from '../screens/halt.js';
import { actorOf } from './actor.js';
import type { Command } from './command.js';

export const halt: Command = {
  data: new SlashCommandBuilder()
    .setName('halt')
    .setDescription('Stop all sending at once, until somebody resumes it')
    .addStringOption((option) =>
      option.setName('reason').setDescription('Said to whoever meets it').setMaxLength(200),
    )
    .toJSON(),
  action: 'trade',
  ack: 'public',
  async run(interaction, app) {
    const reason = interaction.options.getString('reason');
    const standing = await app.halting.halt(actorOf(interaction), reason);
    await interaction.editReply(haltView(standing, app.environment));
  },
};
