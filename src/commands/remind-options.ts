import {
  ChannelType,
  type ChatInputCommandInteraction,
  type SlashCommandSubcommandBuilder,
} from 'discord.js';
import { OPTION_WORDS } from '../screens/reminders/option-words.js';
import { type Desks, isAll } from '../services/accounts/desks.js';
import {
  OPTION_NAMES,
  OPTIONS,
  type OptionName,
  optionNamed,
  type ReminderOptions,
} from '../services/reminders/options.js';
import { typedAccount } from './account-option.js';
import type { Choice } from './command.js';

/** What can be taken back by `clear`. */
const CLEARABLE = OPTION_NAMES.filter((name) => OPTIONS[name].clearable);

export const CLEAR_CHOICES: Choice[] = CLEARABLE.map((name) => ({
  name: OPTIONS[name].word,
  value: OPTIONS[name].word,
}));

/** The options that `add` and `edit` share. */
export function addFilters(sub: SlashCommandSubcommandBuilder): SlashCommandSubcommandBuilder {
  sub.addChannelOption((option) =>
    option
      .setName('channel')
      .setDescription('Where it posts; here by default')
      .addChannelTypes(ChannelType.GuildText),
  );
  for (const name of OPTION_NAMES) if (optionNamed(name).asked.as !== 'account') declare(sub, name);
  return sub.addBooleanOption((option) =>
    option
      .setName('market_days_only')
      .setDescription('Skip days without trading (default for all but notes)'),
  );
}

function declare(sub: SlashCommandSubcommandBuilder, name: OptionName): void {
  const { word, asked } = optionNamed(name);
  const { about } = OPTION_WORDS[name];
  if (asked.as === 'text') {
    sub.addStringOption((option) =>
      option.setName(word).setDescription(about).setMaxLength(asked.longest).setAutocomplete(asked.suggested),
    );
  } else if (asked.as === 'number') {
    sub.addIntegerOption((option) =>
      option.setName(word).setDescription(about).setMinValue(asked.least).setMaxValue(asked.most),
    );
  } else if (asked.as === 'flag')
    sub.addBooleanOption((option) => option.setName(word).setDescription(about));
}

/** @throws UserError naming what can't be read */
export function readFilters({ options }: Pick<ChatInputCommandInteraction, 'options'>): ReminderOptions {
  const read = OPTION_NAMES.map((name) => [name, readOption(name, options)] as const);
  return Object.fromEntries(read.filter(([, value]) => value !== null)) as ReminderOptions;
}

function readOption(name: OptionName, options: ChatInputCommandInteraction['options']): unknown {
  const { word, asked } = optionNamed(name);
  if (asked.as === 'account') return null;
  if (asked.as === 'number') return options.getInteger(word);
  if (asked.as === 'flag') return options.getBoolean(word);
  const typed = options.getString(word);
  return typed === null ? null : asked.read(typed);
}

/**
 * The account that is named, by its whole number as it is kept; `all` takes the filter off.
 * @throws UserError as `Desks.one` and `Desks.holding`
 */
export async function readAccount(
  interaction: Pick<ChatInputCommandInteraction, 'options'>,
  { position }: ReminderOptions,
  desks: Pick<Desks, 'one' | 'holding'>,
): Promise<ReminderOptions> {
  const typed = typedAccount(interaction);
  if (typed === null) return {};
  if (isAll(typed)) return { account: undefined };
  const desk = position === undefined ? await desks.one(typed) : await desks.holding([position], typed);
  return { account: desk.number };
}

/** The option that `clear` names; null for none. */
export function readCleared(word: string | null): OptionName | null {
  return CLEARABLE.find((name) => OPTIONS[name].word === word) ?? null;
}
