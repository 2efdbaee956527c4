import { SlashCommandBuilder } from 'discord.js';
import { helpViews } from '../screens/help.js';
import type { Command } from './command.js';
import { showPages } from './show-pages.js';

/** @param commands all that it tells of */
export function help(commands: readonly Command[]): Command {
  return {
    data: new SlashCommandBuilder()
      .setName('help')
      .setDescription('What I do and how to ask for it')
      .toJSON(),
    action: 'none',
    ack: 'private',
    async run(interaction, app) {
      const told = commands.map(({ data: { name, description } }) => ({ name, description }));
      await showPages(interaction, helpViews(app.environment, told));
    },
  };
}
