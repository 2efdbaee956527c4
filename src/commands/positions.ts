import { SlashCommandBuilder } from 'discord.js';
import type { Command } from './command.js';
import { showPages } from './show-pages.js';
import { positionsViews } from './views/positions.js';

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
  ack: 'public',
  async run(interaction, app) {
    const filter = (interaction.options.getString('underlying') ?? '').trim().toUpperCase();
    const book = await app.positions.read();
    const shown = book.positions.filter(({ position }) => position.underlying.startsWith(filter));
    await showPages(interaction, positionsViews(book, shown, app.environment, app.clock.now()));
  },
  async complete(interaction, app) {
    const typed = interaction.options.getFocused().trim().toUpperCase();
    const underlyings = new Set(app.positions.remembered().map(({ position }) => position.underlying));
    return [...underlyings]
      .filter((underlying) => underlying.startsWith(typed))
      .sort()
      .map((underlying) => ({ name: underlying, value: underlying }));
  },
};
