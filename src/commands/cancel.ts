import { type RepliableInteraction, SlashCommandBuilder } from 'discord.js';
import { cancelOfferViews } from '../screens/cancel-question.js';
import { givenName, PARTS, type PartOf } from '../screens/custom-ids.js';
import { readPositionId } from '../services/accounts/position-id.js';
import type { CancelWish } from '../services/orders/cancels/cancel-offer.js';
import { typedAccount } from './account-option.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import { inId, part, picked } from './arguments.js';
import type { Command, Part, PressInteraction } from './command.js';
import { positionChoices, positionOption } from './position-choices.js';
import { showPages, showQuestion } from './show-pages.js';

const carried = PARTS.cancel;

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
    await ask(interaction, { kind: 'position', id, account: typedAccount(interaction) }, app);
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
    yes: part(inId(carried.yes), {
      action: 'trade',
      ack: 'update',
      async run(interaction, id, app) {
        await app.cancels.confirm(id, actorOf(interaction));
      },
    }),
    keep: part(inId(carried.keep), {
      action: 'none',
      ack: 'update',
      run: (interaction, id, app) => app.cancels.withdraw(id, actorOf(interaction)),
    }),
  } satisfies Record<PartOf<'cancel'>, Part>,
};

/** A press that asks whether to cancel, beside the message it stands under. */
function asking(wish: (id: string) => CancelWish): Omit<Part<string>, 'read'> {
  return {
    action: 'trade',
    ack: 'public',
    reads: true,
    run: (interaction, id, app) => ask(interaction, wish(id), app),
  };
}

/** From here on the last page, which asks, is kept true by the bot's own messages: it stays no longer than it can be answered. */
async function ask(
  interaction: RepliableInteraction | PressInteraction,
  wish: CancelWish,
  app: App,
): Promise<void> {
  const offer = await app.cancels.offer(wish, actorOf(interaction));
  const pages = cancelOfferViews(offer, app.environment);
  if (offer.orders.length === 0) return void (await showPages(interaction, pages));
  const stands = (messageId: string) =>
    app.cancels.shownIn(offer.id, `${interaction.channelId}/${messageId}`);
  await showQuestion(interaction, pages, stands);
}
