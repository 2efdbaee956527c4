import {
  type ChatInputCommandInteraction,
  SlashCommandBuilder,
  type SlashCommandStringOption,
} from 'discord.js';
import { BrokerError, UserError } from '../domain/errors.js';
import { isOfUnderlying } from '../domain/underlyings.js';
import type { Reminder } from '../ports/reminder-store.js';
import { clip } from '../screens/format.js';
import { KIND_WORDS } from '../screens/reminders/kind-words.js';
import { reminderViews } from '../screens/reminders/message.js';
import { ownerText } from '../screens/reminders/reactions.js';
import { reminderListViews, removedView, scheduleView } from '../screens/reminders/schedule.js';
import { unheldText } from '../screens/underlying.js';
import { KIND_NAMES } from '../services/reminders/kinds/registry.js';
import type { ReminderOptions } from '../services/reminders/options.js';
import { actorOf, placeOf } from './actor.js';
import type { App } from './app.js';
import type { Command } from './command.js';
import { addFilters, CLEAR_CHOICES, readAccount, readCleared, readFilters } from './remind-options.js';
import { remindParts } from './remind-parts.js';
import { reminderChoices } from './reminder-choices.js';
import { showPages } from './show-pages.js';

const kindChoices = KIND_NAMES.map((name) => ({
  name: clip(`${KIND_WORDS[name].title}: ${KIND_WORDS[name].about}`, 100),
  value: name,
}));

const idOption = (option: SlashCommandStringOption) =>
  option
    .setName('id')
    .setDescription('Which reminder')
    .setRequired(true)
    .setMaxLength(100)
    .setAutocomplete(true);

const whenOption = (option: SlashCommandStringOption) =>
  option
    .setName('when')
    .setDescription(
      'Such as: weekdays 9:00 · market open +15m · every friday 15:30 · in 2h · 2026-12-18 10:00',
    )
    .setMaxLength(100)
    .setAutocomplete(true);

/** What each subcommand does. */
const ACTIONS: Record<string, (interaction: ChatInputCommandInteraction, app: App) => Promise<void>> = {
  async add(interaction, app) {
    const { options } = interaction;
    const elsewhere = options.getChannel('channel');
    const filters = readFilters(interaction);
    const shown = await app.reminders.add(actorOf(interaction), {
      kind: options.getString('kind', true),
      when: options.getString('when', true),
      ...(elsewhere ? { channelId: elsewhere.id } : placeOf(interaction)),
      options: { ...filters, ...(await readAccount(interaction, filters, app.desks)) },
      marketDaysOnly: options.getBoolean('market_days_only'),
    });
    const doubt = await unheldDoubt(shown.options, app);
    await interaction.editReply(scheduleView(shown, 'Scheduled', app.environment, doubt));
  },
  async list(interaction, app) {
    const all = await app.reminders.list(actorOf(interaction));
    await showPages(interaction, reminderListViews(all, app.environment));
  },
  async pause(interaction, app) {
    const shown = await app.reminders.pause(actorOf(interaction), readId(interaction));
    await interaction.editReply(scheduleView(shown, 'Paused', app.environment));
    await tellOwner(interaction, shown.reminder, 'paused', app);
  },
  async resume(interaction, app) {
    const shown = await app.reminders.resume(actorOf(interaction), readId(interaction));
    await interaction.editReply(scheduleView(shown, 'Resumed', app.environment));
    await tellOwner(interaction, shown.reminder, 'resumed', app);
  },
  async edit(interaction, app) {
    const { options } = interaction;
    const when = options.getString('when');
    const channel = options.getChannel('channel');
    const marketDaysOnly = options.getBoolean('market_days_only');
    const filters = readFilters(interaction);
    const cleared = readCleared(options.getString('clear'));
    const shown = await app.reminders.edit(actorOf(interaction), readId(interaction), {
      ...(when === null ? {} : { when }),
      ...(channel === null ? {} : { channelId: channel.id }),
      ...(marketDaysOnly === null ? {} : { marketDaysOnly }),
      options: { ...filters, ...(await readAccount(interaction, filters, app.desks)) },
      ...(cleared === null ? {} : { clear: cleared }),
    });
    const doubt = await unheldDoubt(shown.options, app);
    await interaction.editReply(scheduleView(shown, 'Changed', app.environment, doubt));
    await tellOwner(interaction, shown.reminder, 'changed', app);
  },
  async remove(interaction, app) {
    const removed = await app.reminders.remove(actorOf(interaction), readId(interaction));
    await interaction.editReply(removedView(removed, app.environment));
    await tellOwner(interaction, removed, 'removed', app);
  },
  async test(interaction, app) {
    const content = await app.reminders.rehearse(actorOf(interaction), readId(interaction));
    await showPages(interaction, reminderViews(content, app.environment, app.clock.now()));
  },
};

const data = new SlashCommandBuilder()
  .setName('remind')
  .setDescription('Reminders about targets, expirations, orders and the day, on time')
  .addSubcommand((sub) =>
    addFilters(
      sub
        .setName('add')
        .setDescription('Schedule a reminder')
        .addStringOption((option) =>
          option
            .setName('kind')
            .setDescription('What about')
            .setRequired(true)
            .addChoices(...kindChoices),
        )
        .addStringOption((option) => whenOption(option).setRequired(true)),
    ),
  )
  .addSubcommand((sub) => sub.setName('list').setDescription('All reminders and when they run next'))
  .addSubcommand((sub) =>
    sub.setName('pause').setDescription('Silence a reminder until it is resumed').addStringOption(idOption),
  )
  .addSubcommand((sub) =>
    sub.setName('resume').setDescription('Let a paused reminder run again').addStringOption(idOption),
  )
  .addSubcommand((sub) =>
    addFilters(
      sub
        .setName('edit')
        .setDescription('Change a reminder; what you leave out stays')
        .addStringOption(idOption)
        .addStringOption(whenOption),
    ).addStringOption((option) =>
      option
        .setName('clear')
        .setDescription('Take this filter off')
        .addChoices(...CLEAR_CHOICES),
    ),
  )
  .addSubcommand((sub) => sub.setName('remove').setDescription('Delete a reminder').addStringOption(idOption))
  .addSubcommand((sub) =>
    sub.setName('test').setDescription('Show privately what it would say now').addStringOption(idOption),
  )
  .toJSON();

export const remind: Command = {
  data,
  action: 'look',
  account: ['add', 'edit'],
  ack: 'private',
  async run(interaction, app) {
    await ACTIONS[interaction.options.getSubcommand()]?.(interaction, app);
  },
  complete: reminderChoices,
  parts: remindParts,
};

/** A slip in an underlying's name would leave a reminder silent for ever, so it is said at once. */
async function unheldDoubt({ underlying, account }: ReminderOptions, app: App): Promise<string | null> {
  if (underlying === undefined) return null;
  try {
    const meant = await app.desks.about({ account });
    const books = await Promise.all(meant.map((desk) => desk.positions.read()));
    const positions = books.flatMap((book) => book.positions);
    const held = positions.some(({ position }) => isOfUnderlying(underlying, position));
    return held ? null : unheldText(underlying, positions);
  } catch (error) {
    // The reminder is kept all the same; only this can't be said.
    if (!(error instanceof BrokerError)) throw error;
    return null;
  }
}

/** Any trader may change any reminder, but never in silence: whose it is reads here who did what. */
async function tellOwner(
  interaction: ChatInputCommandInteraction,
  reminder: Reminder,
  what: 'paused' | 'resumed' | 'changed' | 'removed',
  app: App,
): Promise<void> {
  const { id, userId } = reminder;
  if (userId === interaction.user.id) return;
  const content = ownerText(reminder, what, interaction.user.id);
  await interaction
    .followUp({ content, allowedMentions: { users: [userId] } })
    .catch((error: unknown) => app.log.error({ err: error, reminder: id, what }, 'could not tell its owner'));
}

function readId({ options }: ChatInputCommandInteraction): number {
  const text = options.getString('id', true);
  const [, digits] = /^#?(\d{1,9})\b/.exec(text.trim()) ?? [];
  if (digits !== undefined) return Number(digits);
  throw new UserError('REMINDER_NOT_READ', { typed: text });
}
