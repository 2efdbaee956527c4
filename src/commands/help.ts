import { SlashCommandBuilder } from 'discord.js';
import { helpView } from '../screens/help.js';
import type { Command } from './command.js';

export const help: Command = {
  data: new SlashCommandBuilder().setName('help').setDescription('What I do and how to ask for it').toJSON(),
  action: 'none',
  ack: 'private',
  async run(interaction, app) {
    await interaction.editReply(helpView(app.environment));
  },
};
