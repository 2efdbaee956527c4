import { SlashCommandBuilder } from 'discord.js';
import { UserError } from '../domain/errors.js';
import type { FailureCode } from '../domain/failures.js';
import { cancelAskedView, cancelKeptView, cancelOfferViews } from '../screens/cancel.js';
import { givenName, PARTS, type PartOf } from '../screens/custom-ids.js';
import { failureOf, failureText } from '../screens/failure.js';
import { textView } from '../screens/pages.js';
import { readPositionId } from '../services/accounts/position-id.js';
import type { CancelWish } from '../services/orders/cancels/cancel-offer.js';
import { typedAccount } from './account-option.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import { inId, part, picked } from './arguments.js';
import type { Command, Part, PressInteraction } from './command.js';
import { positionChoices, positionOption } from './position-choices.js';
import { showPages } from './show-pages.js';

const carried = PARTS.cancel;

/** After these the question can't be answered any more. */
const OVER = new Set<FailureCode>([
  'CANCEL_MISSING',
  'CANCEL_WITHDRAWN',
  'CANCEL_EXPIRED',
  'CANCEL_UNDER_WAY',
  'ACCOUNT_GONE',
]);

export const cancel: Command = {
  data: new SlashCommandBuilder()
    .setName('cancel')
    .setDescription('Cancel the working targets of a position; asks before it does')
    .addStringOption((option) => positionOption(option).setDescription('Whose targets'))
    .toJSON(),
  action: 'trade',
  account: true,
  ack: 'public',
  reads: true,
  async run(interaction, app) {
    const id = readPositionId(interaction.options.getString('position', true));
    const offer = await app.cancels.offer(
      { kind: 'position', id, account: typedAccount(interaction) },
      actorOf(interaction),
    );
    await showPages(interaction, cancelOfferViews(offer, app.environment));
  },
  async complete(interaction, app) {
    const views = await app.desks.recalled(typedAccount(interaction));
    const typed = interaction.options.getFocused();
    return positionChoices(
      views.filter(({ working }) => working.length > 0),
      typed,
      app.desks,
    );
  },
  parts: {
    /** From the menu under `/orders`. */
    open: part(
      picked(givenName),
      asking((id) => ({ kind: 'order', id })),
    ),
    one: part(
      inId(carried.one),
      asking((id) => ({ kind: 'order', id })),
    ),
    /** From the message that tells which orders a preview placed. */
    plan: part(
      inId(carried.plan),
      asking((id) => ({ kind: 'plan', id })),
    ),
    yes: part(inId(carried.yes), { action: 'trade', ack: 'update', run: confirmed }),
    keep: part(inId(carried.keep), {
      action: 'none',
      ack: 'update',
      async run(interaction, id, app) {
        await app.cancels.withdraw(id, actorOf(interaction));
        await interaction.editReply(cancelKeptView(app.environment));
      },
    }),
  } satisfies Record<PartOf<'cancel'>, Part>,
};

/** A press that asks whether to cancel, beside the message it stands under. */
function asking(wish: (id: string) => CancelWish): Omit<Part<string>, 'read'> {
  return {
    action: 'trade',
    ack: 'public',
    reads: true,
    async run(interaction, id, app) {
      const offer = await app.cancels.offer(wish(id), actorOf(interaction));
      await showPages(interaction, cancelOfferViews(offer, app.environment));
    },
  };
}

async function confirmed(interaction: PressInteraction, id: string, app: App): Promise<void> {
  try {
    const asked = await app.cancels.confirm(id, actorOf(interaction));
    await interaction.editReply(cancelAskedView(asked, app.environment));
  } catch (error) {
    if (!(error instanceof UserError && OVER.has(error.code))) throw error;
    await interaction.editReply(textView([failureText(failureOf(error, true))]));
  }
}
