import { SlashCommandBuilder } from 'discord.js';
import { statusViews } from '../screens/status.js';
import type { Command } from './command.js';
import { showPages } from './show-pages.js';

export const status: Command = {
  data: new SlashCommandBuilder()
    .setName('status')
    .setDescription('Environment, account, and the health of broker, database and Discord')
    .toJSON(),
  action: 'look',
  ack: 'public',
  reads: true,
  async run(interaction, app) {
    await showPages(interaction, statusViews(await app.status.read()));
  },
};
