import { SlashCommandBuilder } from 'discord.js';
import { ordersViews } from '../screens/orders.js';
import type { Command } from './command.js';
import { showPages } from './show-pages.js';

export const orders: Command = {
  data: new SlashCommandBuilder()
    .setName('orders')
    .setDescription('Closing orders that work at the broker now')
    .toJSON(),
  action: 'look',
  ack: 'public',
  reads: true,
  async run(interaction, app) {
    const { book, orders: working } = await app.orders.working();
    await showPages(interaction, ordersViews(book, working, app.environment));
  },
};
