import {
  ChannelType,
  type ChatInputCommandInteraction,
  type SlashCommandSubcommandBuilder,
} from 'discord.js';
import { OPTION_WORDS } from '../services/reminders/checked-options.js';
import {
  type OptionName,
  type ReminderOptions,
  readDte,
  readUnderlying,
} from '../services/reminders/options.js';
import type { Choice } from './command.js';
import { readPositionId } from './position-choices.js';

/** What can be taken back by `clear`; the text of a note can only be changed. */
const CLEARABLE = ['underlying', 'position', 'dte', 'olderThanDays', 'withinTicks', 'withinPercent'] as const;

export const CLEAR_CHOICES: Choice[] = CLEARABLE.map((name) => ({
  name: OPTION_WORDS[name],
  value: OPTION_WORDS[name],
}));

/** The options that `add` and `edit` share. */
export function addFilters(sub: SlashCommandSubcommandBuilder): SlashCommandSubcommandBuilder {
  return sub
    .addChannelOption((option) =>
      option
        .setName('channel')
        .setDescription('Where it posts; here by default')
        .addChannelTypes(ChannelType.GuildText),
    )
    .addStringOption((option) =>
      option
        .setName('underlying')
        .setDescription('Only this underlying, such as QQQ')
        .setMaxLength(10)
        .setAutocomplete(true),
    )
    .addStringOption((option) =>
      option
        .setName('position')
        .setDescription('Only this position, or the one a note belongs to')
        .setMaxLength(100)
        .setAutocomplete(true),
    )
    .addStringOption((option) =>
      option.setName('dte').setDescription('Expiry: days to expiration, such as 21,7').setMaxLength(40),
    )
    .addIntegerOption((option) =>
      option
        .setName('older_than_days')
        .setDescription('Working orders: at least so many days old')
        .setMinValue(1)
        .setMaxValue(3650),
    )
    .addIntegerOption((option) =>
      option
        .setName('within_ticks')
        .setDescription('Working orders: within so many ticks of filling')
        .setMinValue(0)
        .setMaxValue(1000),
    )
    .addIntegerOption((option) =>
      option
        .setName('within_percent')
        .setDescription('Working orders: filling needs a move of at most so many percent of the mark')
        .setMinValue(0)
        .setMaxValue(100),
    )
    .addStringOption((option) => option.setName('text').setDescription('Note: your words').setMaxLength(1500))
    .addBooleanOption((option) =>
      option
        .setName('market_days_only')
        .setDescription('Skip days without trading (default for all but notes)'),
    )
    .addBooleanOption((option) =>
      option.setName('say_when_empty').setDescription('Post also when there is nothing to tell'),
    );
}

/** @throws UserError naming what can't be read */
export function readFilters({ options }: Pick<ChatInputCommandInteraction, 'options'>): ReminderOptions {
  const underlying = options.getString('underlying');
  const position = options.getString('position');
  const dte = options.getString('dte');
  return withoutNull({
    underlying: underlying && readUnderlying(underlying),
    position: position === null ? null : readPositionId(position),
    dte: dte === null ? null : readDte(dte),
    olderThanDays: options.getInteger('older_than_days'),
    withinTicks: options.getInteger('within_ticks'),
    withinPercent: options.getInteger('within_percent'),
    text: options.getString('text')?.trim() || null,
    sayWhenEmpty: options.getBoolean('say_when_empty'),
  });
}

/** The option that `clear` names; null for none. */
export function readCleared(word: string | null): OptionName | null {
  return CLEARABLE.find((name) => OPTION_WORDS[name] === word) ?? null;
}

type Nullable<T> = { [K in keyof T]-?: T[K] | null };

function withoutNull(options: Nullable<Required<ReminderOptions>>): ReminderOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)) as ReminderOptions;
}
