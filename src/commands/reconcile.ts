import { SlashCommandBuilder } from 'discord.js';
import { reconcileViews } from '../screens/reconcile.js';
import { unreadViews } from '../screens/unread-accounts.js';
import { typedAccount } from './account-option.js';
import type { Command } from './command.js';
import { showPages } from './show-pages.js';

export const reconcile: Command = {
  data: new SlashCommandBuilder()
    .setName('reconcile')
    .setDescription('Where my journal, the broker’s orders and what is held don’t agree; changes nothing')
    .toJSON(),
  action: 'look',
  account: true,
  ack: 'public',
  reads: true,
  async run(interaction, app) {
    const { accounts, ...rest } = await app.reconciling.read(typedAccount(interaction));
    const now = app.clock.now();
    const pages = accounts.flatMap((account) => reconcileViews(account, app.environment, now));
    await showPages(interaction, [...pages, ...unreadViews(rest, app.environment)]);
  },
};
