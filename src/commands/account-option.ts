import {
  type APIApplicationCommandOption,
  type APIApplicationCommandStringOption,
  ApplicationCommandOptionType,
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
} from 'discord.js';
import { accountText } from '../screens/account.js';
import type { AccountDesk } from '../services/accounts/account-desk.js';
import type { Choice, Command } from './command.js';

/** The option by which one of several accounts is meant. */
export const ACCOUNT_OPTION = 'account';

const OPTION: APIApplicationCommandStringOption = {
  type: ApplicationCommandOptionType.String,
  name: ACCOUNT_OPTION,
  description: 'Only this account, by the end of its number',
  max_length: 60,
  autocomplete: true,
};

/** What Discord is told of a command where there are several accounts; with one there is nothing to choose. */
export function withAccount({ data, account }: Pick<Command, 'data' | 'account'>): Command['data'] {
  if (!account) return data;
  if (account === true) return { ...data, options: [...(data.options ?? []), OPTION] };
  return { ...data, options: (data.options ?? []).map((sub) => withOption(sub, account)) };
}

function withOption(sub: APIApplicationCommandOption, subs: readonly string[]): APIApplicationCommandOption {
  if (sub.type !== ApplicationCommandOptionType.Subcommand || !subs.includes(sub.name)) return sub;
  return { ...sub, options: [...(sub.options ?? []), OPTION] };
}

/** As typed or picked; null where no account is meant in particular. */
export function typedAccount({
  options,
}: Pick<ChatInputCommandInteraction | AutocompleteInteraction, 'options'>): string | null {
  return options.getString(ACCOUNT_OPTION);
}

const ALL: Choice = { name: 'all accounts', value: 'all' };

/** Each account by the end of its number and its nickname. */
export function accountChoices(desks: readonly AccountDesk[], typed: string): Choice[] {
  const word = typed.trim().toLowerCase();
  const each = desks.map(({ name }) => ({ name: accountText(name), value: name.digits }));
  return [...each, ALL].filter(({ name }) => name.toLowerCase().includes(word));
}
