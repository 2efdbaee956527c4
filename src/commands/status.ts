import { SlashCommandBuilder } from 'discord.js';
import type { Command } from './command.js';
import { statusView } from './views/status.js';

export const status: Command = {
  data: new SlashCommandBuilder()
    .setName('status')
    .setDescription('Environment, account, and the health of broker, database and Discord')
    .toJSON(),
  ack: 'public',
  reads: true,
  async run(interaction, app) {
    await interaction.editReply(statusView(await app.status.read()));
  },
};
