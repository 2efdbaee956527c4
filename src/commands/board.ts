import { SlashCommandBuilder } from 'discord.js';
import { boardPlacedView } from '../screens/board.js';
import { typedAccount } from './account-option.js';
import { actorOf } from './actor.js';
import type { Command } from './command.js';

export const board: Command = {
  data: new SlashCommandBuilder()
    .setName('board')
    .setDescription('One message with every position and its targets, kept up to date in this channel')
    .addBooleanOption((option) => option.setName('off').setDescription('Take it down'))
    .toJSON(),
  action: 'schedule',
  account: true,
  ack: 'private',
  async run(interaction, app) {
    const off = interaction.options.getBoolean('off') ?? false;
    const [actor, account] = [actorOf(interaction), typedAccount(interaction)];
    const names = off ? await app.boards.takeDown(actor, account) : await app.boards.place(actor, account);
    await interaction.editReply(boardPlacedView(names, !off, app.environment));
  },
};
