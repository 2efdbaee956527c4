import { SlashCommandBuilder } from 'discord.js';
import { ordersViews } from '../screens/orders.js';
import { unreadViews } from '../screens/unread-accounts.js';
import { typedAccount } from './account-option.js';
import type { Command } from './command.js';
import { showPages } from './show-pages.js';

export const orders: Command = {
  data: new SlashCommandBuilder()
    .setName('orders')
    .setDescription(
      'Closing orders that work at the broker now; its menu changes the price of one or cancels it',
    )
    .toJSON(),
  action: 'look',
  account: true,
  ack: 'public',
  reads: true,
  async run(interaction, app) {
    const working = await app.orders.working(typedAccount(interaction));
    const pages = working.lists.flatMap((list) => ordersViews(list.book, list.orders, app.environment));
    await showPages(interaction, [...pages, ...unreadViews(working, app.environment)]);
  },
};
