import { SlashCommandBuilder } from 'discord.js';
import { PARTS, type PartOf } from '../screens/custom-ids.js';
import { adoptedView, forgottenView, reconcileViews } from '../screens/reconcile.js';
import { unreadViews } from '../screens/unread-accounts.js';
import { typedAccount } from './account-option.js';
import { actorOf } from './actor.js';
import { inId, part } from './arguments.js';
import type { Command, Part } from './command.js';
import { showPages } from './show-pages.js';

const carried = PARTS.reconcile;

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
    const pages = accounts.flatMap((account) => reconcileViews(account, app.environment));
    await showPages(interaction, [...pages, ...unreadViews(rest, app.environment)]);
  },
  parts: {
    adopt: part(inId(carried.adopt), {
      action: 'trade',
      ack: 'public',
      reads: true,
      async run(interaction, orderId, app) {
        await app.adoption.adopt(orderId, actorOf(interaction));
        await showPages(interaction, [adoptedView(orderId, app.environment)]);
      },
    }),
    forget: part(inId(carried.forget), {
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
