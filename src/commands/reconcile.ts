import { SlashCommandBuilder } from 'discord.js';
import { givenName, type PartOf, rowId } from '../screens/custom-ids.js';
import { adoptedView, forgottenView, reconcileViews } from '../screens/reconcile.js';
import { unreadViews } from '../screens/unread-accounts.js';
import { typedAccount } from './account-option.js';
import { actorOf } from './actor.js';
import { part, picked } from './arguments.js';
import type { Command, Part } from './command.js';
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
  parts: {
    adopt: part(picked(givenName), {
      action: 'trade',
      ack: 'public',
      reads: true,
      async run(interaction, orderId, app) {
        await app.adoption.adopt(orderId, actorOf(interaction));
        await showPages(interaction, [adoptedView(orderId, app.environment)]);
      },
    }),
    forget: part(picked(rowId), {
      action: 'trade',
      ack: 'public',
      reads: true,
      async run(interaction, intentId, app) {
        const intent = await app.adoption.forget(intentId, actorOf(interaction));
        await showPages(interaction, [forgottenView(intent, app.environment)]);
      },
    }),
  } satisfies Record<PartOf<'reconcile'>, Part>,
};
