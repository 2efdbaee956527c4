import { SlashCommandBuilder } from 'discord.js';
import { UserError } from '../domain/errors.js';
import { customId, type OrderOf, PARTS, type PartOf, positionOrAll } from '../screens/custom-ids.js';
import { ALL_CHOICE, PREVIEW_ENDS, repriceForm } from '../screens/preview-forms.js';
import { readPositionId } from '../services/accounts/position-id.js';
import { type Overrides, parseOverrides } from '../services/previews/overrides.js';
import { typedAccount } from './account-option.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import { inId, part, picked } from './arguments.js';
import { submitCard } from './card-screen.js';
import type { Command, Part, PressInteraction } from './command.js';
import { decideOnScreen } from './decide-screen.js';
import { typedIn } from './form.js';
import { dryRunOption, leaveNakedOption, positionChoices, positionOption } from './position-choices.js';
import { endOnScreen } from './preview-ended.js';
import { showPreview, updatePreview } from './preview-screen.js';
import { submitPreview } from './submit-screen.js';

const carried = PARTS.targets;
const ALL = { name: ALL_CHOICE, value: 'all' };

/** A press that opens a fresh preview beside the message it stands under. */
const OPENING: Omit<Part<number | 'all'>, 'read'> = {
  action: 'look',
  ack: 'public',
  reads: true,
  async run(interaction, which, app) {
    const preview = await app.preview.create({
      actor: actorOf(interaction),
      which,
      overrides: {},
      dryRun: false,
    });
    await showPreview(interaction, preview, app);
  },
};

export const targets: Command = {
  data: new SlashCommandBuilder()
    .setName('targets')
    .setDescription('Preview closing orders at profit targets; nothing is sent until you press Submit')
    .addStringOption((option) =>
      positionOption(option).setDescription('Which position, or "all" for every one that has no targets'),
    )
    .addStringOption((option) =>
      option.setName('percent').setDescription('Instead of the strategy’s rule, such as 50').setMaxLength(20),
    )
    .addStringOption((option) =>
      option.setName('price').setDescription('Set the limit price yourself, such as 1.25').setMaxLength(20),
    )
    .addStringOption((option) =>
      option
        .setName('ladder')
        .setDescription('Split the quantity over several targets, such as 40,60')
        .setMaxLength(60),
    )
    .addStringOption((option) =>
      option
        .setName('stop')
        .setDescription(
          'A stop beside each target: 200 for 200 % of the credit lost, or a price such as $3.10',
        )
        .setMaxLength(20),
    )
    .addBooleanOption(leaveNakedOption)
    .addBooleanOption(dryRunOption)
    .toJSON(),
  action: 'look',
  account: true,
  ack: 'public',
  reads: true,
  async run(interaction, app) {
    const { options } = interaction;
    const preview = await app.preview.create({
      actor: actorOf(interaction),
      which: readPosition(options.getString('position', true)),
      account: typedAccount(interaction),
      overrides: parseOverrides({
        percent: options.getString('percent'),
        price: options.getString('price'),
        ladder: options.getString('ladder'),
        stop: options.getString('stop'),
        leaveNaked: options.getBoolean('leave_naked'),
      }),
      dryRun: options.getBoolean('dry_run') ?? false,
    });
    await showPreview(interaction, preview, app);
  },
  async complete(interaction, app) {
    const typed = interaction.options.getFocused();
    const choices = positionChoices(await app.desks.recalled(typedAccount(interaction)), typed, app.desks);
    const word = typed.trim().toLowerCase();
    // First only where it is meant: pressing Enter on an empty field must not preview the whole account.
    if (word !== '' && 'all'.startsWith(word)) return [ALL, ...choices];
    return word === '' ? [...choices.slice(0, 24), ALL] : choices;
  },
  parts: {
    /** From the menu under `/positions`: a preview of its own beside the list. */
    open: part(picked(positionOrAll), OPENING),
    /** From a message that tells of an order which works no more. */
    again: part(inId(carried.again), OPENING),
    /** The card of a new position: what it shows is submitted, or shown anew. */
    card: part(inId(carried.card), { action: 'trade', ack: 'public', run: submitCard }),
    /** Opens the form for another price of a working order; its answer comes to `changed`. */
    change: part(inId(carried.change), {
      action: 'trade',
      ack: 'form',
      async run(interaction, order) {
        await openForm(interaction, customId('targets', 'changed', order), order.orderId);
      },
    }),
    changed: part(inId(carried.changed), {
      action: 'trade',
      ack: 'public',
      reads: true,
      run: (interaction, order, app) => anew(interaction, order, readForm(interaction), app),
    }),
    /** What an order that works no more was placed for. */
    terms: part(inId(carried.terms), {
      action: 'look',
      ack: 'public',
      reads: true,
      run: (interaction, { price, ...order }, app) =>
        anew(interaction, order, parseOverrides({ price }), app),
    }),
    submit: part(inId(carried.submit), { action: 'trade', ack: 'update', run: submitPreview }),
    percent: part(inId(carried.percent), {
      action: 'look',
      ack: 'update',
      reads: true,
      async run(interaction, { percent, ...shown }, app) {
        await updatePreview(interaction, shown, parseOverrides({ percent: String(percent) }), app);
      },
    }),
    /** Opens the form; its answer comes to `typed`. */
    form: part(inId(carried.form), {
      action: 'look',
      ack: 'form',
      async run(interaction, shown, app) {
        await app.preview.assertOwn(shown.planId, actorOf(interaction));
        await openForm(interaction, customId('targets', 'typed', shown));
      },
    }),
    typed: part(inId(carried.typed), {
      action: 'look',
      ack: 'update',
      reads: true,
      async run(interaction, shown, app) {
        await updatePreview(interaction, shown, readForm(interaction), app);
      },
    }),
    /** Back to the strategy's own percentages. */
    usual: part(inId(carried.usual), {
      action: 'look',
      ack: 'update',
      reads: true,
      run: (interaction, shown, app) => updatePreview(interaction, shown, {}, app),
    }),
    refresh: part(inId(carried.refresh), {
      action: 'look',
      ack: 'update',
      reads: true,
      run: (interaction, shown, app) => updatePreview(interaction, shown, undefined, app),
    }),
    /** The way out where only a person knows whose order at the broker it is. */
    byhand: part(inId(carried.byhand), {
      action: 'trade',
      ack: 'update',
      run: (interaction, asked, app) => decideOnScreen(interaction, { ...asked, whose: 'by-hand' }, app),
    }),
    ours: part(inId(carried.ours), {
      action: 'trade',
      ack: 'update',
      run: (interaction, asked, app) => decideOnScreen(interaction, { ...asked, whose: 'ours' }, app),
    }),
    cancel: part(inId(carried.cancel), {
      action: 'none',
      ack: 'update',
      async run(interaction, { planId }, app) {
        await app.preview.cancel(planId, actorOf(interaction));
        await endOnScreen(planId, app, () =>
          interaction.editReply({ content: PREVIEW_ENDS.discarded, components: [] }),
        );
      },
    }),
  } satisfies Record<PartOf<'targets'>, Part>,
};

function readPosition(text: string): number | 'all' {
  return text.trim().toLowerCase() === 'all' ? 'all' : readPositionId(text);
}

/** A preview of an order in place of another, or of one that has ended. */
async function anew(
  interaction: PressInteraction,
  { positionId, orderId }: OrderOf,
  overrides: Overrides,
  app: App,
): Promise<void> {
  const actor = actorOf(interaction);
  const preview = await app.preview.create({
    actor,
    which: positionId,
    overrides,
    dryRun: false,
    instead: orderId,
  });
  await showPreview(interaction, preview, app);
}

/** @param order the one that is to have another price; absent for a preview's own targets */
async function openForm(interaction: PressInteraction, id: string, order?: string): Promise<void> {
  if (!interaction.isMessageComponent()) return;
  await interaction.showModal(repriceForm(id, order));
}

function readForm(interaction: PressInteraction): Overrides {
  const percent = typedIn(interaction, 'percent');
  const price = typedIn(interaction, 'price');
  if (!percent && !price) {
    throw new UserError('NOT_A_NUMBER', { typed: null });
  }
  return parseOverrides({ price, percent });
}
