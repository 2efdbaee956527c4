import { SlashCommandBuilder } from 'discord.js';
import { auditViews } from '../screens/audit.js';
import { readPositionId } from '../services/accounts/position-id.js';
import { typedAccount } from './account-option.js';
import type { Command } from './command.js';
import { positionChoices, positionOption } from './position-choices.js';
import { showPages } from './show-pages.js';

export const audit: Command = {
  data: new SlashCommandBuilder()
    .setName('audit')
    .setDescription('Who pressed what for a position, what was sent and what was answered')
    .addStringOption((option) =>
      positionOption(option).setDescription('Which position; one that is closed by its id, such as 37'),
    )
    .toJSON(),
  action: 'look',
  account: true,
  ack: 'private',
  async run(interaction, app) {
    const position = readPositionId(interaction.options.getString('position', true));
    const found = await app.audits.read(position, typedAccount(interaction));
    await showPages(interaction, auditViews(found, app.environment));
  },
  async complete(interaction, app) {
    const views = await app.desks.recalled(typedAccount(interaction));
    return positionChoices(views, interaction.options.getFocused(), app.desks);
  },
};
