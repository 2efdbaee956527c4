import { SlashCommandBuilder } from 'discord.js';
import { customId, PARTS, type PartOf } from '../screens/custom-ids.js';
import { closePriceForm, PRICE_CHOICES } from '../screens/preview-forms.js';
import { readPositionId } from '../services/accounts/position-id.js';
import { parseClose } from '../services/previews/close-wish.js';
import { typedAccount } from './account-option.js';
import { actorOf } from './actor.js';
import { inId, part } from './arguments.js';
import { closeCard } from './card-screen.js';
import type { Command, Part } from './command.js';
import { typedIn } from './form.js';
import { dryRunOption, leaveNakedOption, positionChoices, positionOption } from './position-choices.js';
import { showPreview, updatePreview } from './preview-screen.js';

const carried = PARTS.close;

export const close: Command = {
  data: new SlashCommandBuilder()
    .setName('close')
    .setDescription('Preview closing a position now; nothing is sent until you press Submit')
    .addStringOption((option) => positionOption(option).setDescription('Which position'))
    .addStringOption((option) =>
      option
        .setName('at')
        .setDescription('mid, mark, natural, or a price such as 1.25; mid without it')
        .setMaxLength(20)
        .setAutocomplete(true),
    )
    .addStringOption((option) =>
      option
        .setName('portion')
        .setDescription('A part of it: 2, 50% or 1/3; all of it without')
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
      which: readPositionId(options.getString('position', true)),
      account: typedAccount(interaction),
      overrides: options.getBoolean('leave_naked') ? { leaveNaked: true } : {},
      dryRun: options.getBoolean('dry_run') ?? false,
      close: parseClose({ at: options.getString('at'), portion: options.getString('portion') }),
    });
    await showPreview(interaction, preview, app);
  },
  async complete(interaction, app) {
    const { name, value } = interaction.options.getFocused(true);
    if (name === 'at')
      return PRICE_CHOICES.filter((choice) => choice.name.startsWith(value.toLowerCase().trim()));
    return positionChoices(await app.desks.recalled(typedAccount(interaction)), value, app.desks);
  },
  parts: {
    at: part(inId(carried.at), {
      action: 'look',
      ack: 'update',
      reads: true,
      run: (interaction, { at, ...shown }, app) => updatePreview(interaction, shown, undefined, app, at),
    }),
    /** Opens the form; its answer comes to `typed`. */
    form: part(inId(carried.form), {
      action: 'look',
      ack: 'form',
      async run(interaction, shown, app) {
        await app.preview.assertOwn(shown.planId, actorOf(interaction));
        if (interaction.isMessageComponent())
          await interaction.showModal(closePriceForm(customId('close', 'typed', shown)));
      },
    }),
    typed: part(inId(carried.typed), {
      action: 'look',
      ack: 'update',
      reads: true,
      async run(interaction, shown, app) {
        const { at } = parseClose({ at: typedIn(interaction, 'price'), portion: null });
        await updatePreview(interaction, shown, undefined, app, at);
      },
    }),
    /** From the card of a position that has come to its days: a preview of its own beside it. */
    open: part(inId(carried.open), {
      action: 'look',
      ack: 'public',
      reads: true,
      async run(interaction, which, app) {
        const close = parseClose({ at: null, portion: null });
        const actor = actorOf(interaction);
        const preview = await app.preview.create({ actor, which, overrides: {}, dryRun: false, close });
        await showPreview(interaction, preview, app);
      },
    }),
    /** That card: what it shows is submitted, or shown anew. */
    card: part(inId(carried.card), { action: 'trade', ack: 'public', run: closeCard }),
    /** One tick towards the market, under the message of a close that rests. */
    step: part(inId(carried.step), {
      action: 'trade',
      ack: 'public',
      reads: true,
      async run(interaction, { positionId, orderId }, app) {
        const preview = await app.preview.create({
          actor: actorOf(interaction),
          which: positionId,
          overrides: {},
          dryRun: false,
          instead: orderId,
          close: { at: 'step', portion: null },
        });
        await showPreview(interaction, preview, app);
      },
    }),
  } satisfies Record<PartOf<'close'>, Part>,
};
