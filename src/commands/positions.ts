import { SlashCommandBuilder } from 'discord.js';
import { beginsUnderlying, isOfUnderlying } from '../domain/underlyings.js';
import { positionsPicture } from '../screens/pictures/index.js';
import { positionsSteps } from '../screens/positions.js';
import { unhurried } from '../services/accounts/unhurried.js';
import { addPicture } from './add-picture.js';
import type { Command } from './command.js';
import { underlyingChoices } from './position-choices.js';
import { showPages } from './show-pages.js';

export const positions: Command = {
  data: new SlashCommandBuilder()
    .setName('positions')
    .setDescription('Open option positions, grouped into strategies')
    .addStringOption((option) =>
      option
        .setName('underlying')
        .setDescription('Only this underlying, such as QQQ')
        .setMaxLength(10)
        .setAutocomplete(true),
    )
    .toJSON(),
  action: 'look',
  ack: 'public',
  reads: true,
  async run(interaction, app) {
    const filter = (interaction.options.getString('underlying') ?? '').trim();
    const book = await app.desks.book();
    const named = book.positions.filter(({ position }) => isOfUnderlying(filter, position));
    const begun = book.positions.filter(({ position }) => beginsUnderlying(filter, position));
    const shown = named.length > 0 ? named : begun;
    const views = positionsSteps(book, shown, app.environment, app.clock.now(), filter);
    const ids = await showPages(interaction, await unhurried(views));
    addPicture(interaction, { id: ids.at(-1) ?? '', isReply: ids.length === 1 }, app, {
      make: () => positionsPicture(book, shown, app.prices),
    });
  },
  async complete(interaction, app) {
    return underlyingChoices(await app.desks.recalled(), interaction.options.getFocused());
  },
};
