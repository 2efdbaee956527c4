import type { SlashCommandBooleanOption, SlashCommandStringOption } from 'discord.js';
import type { AccountName } from '../domain/account-names.js';
import { shortDay } from '../domain/dates.js';
import { beginsUnderlying } from '../domain/underlyings.js';
import { whichAccount } from '../screens/account.js';
import { clip } from '../screens/format.js';
import { heading, targetsText } from '../screens/position.js';
import type { OpenPosition } from '../services/accounts/positions.js';
import type { Choice } from './command.js';

/** The option by which a position is meant, with choices while it is typed. */
export function positionOption(option: SlashCommandStringOption): SlashCommandStringOption {
  return option.setName('position').setRequired(true).setMaxLength(100).setAutocomplete(true);
}

/** Of every command that previews. */
export function leaveNakedOption(option: SlashCommandBooleanOption): SlashCommandBooleanOption {
  return option
    .setName('leave_naked')
    .setDescription('Also sell a long leg that covers a short one; the preview says what is left');
}

/** Likewise. */
export function dryRunOption(option: SlashCommandBooleanOption): SlashCommandBooleanOption {
  return option.setName('dry_run').setDescription('Show everything, send nothing (no Submit button)');
}

/** How the accounts are called that the positions are in. */
interface Names {
  nameOf(account: string): AccountName;
}

/** Matches an id (`37`, `#37`), an underlying, a strategy or the account's name, by any of the words typed. */
function matchesPosition({ id, title, position }: OpenPosition, typed: string, account: string): boolean {
  const words = typed.trim().toLowerCase().replaceAll('#', '').split(/\s+/).filter(Boolean);
  const texts = [String(id), position.underlying, title, position.strategy, account].map((text) =>
    text.toLowerCase(),
  );
  return words.every((word) =>
    texts.some((text) => (/^\d+$/.test(word) ? text.startsWith(word) : text.includes(word))),
  );
}

/** Each position by what it is; where there are several accounts, also by which it is in. */
export function positionChoices(views: readonly OpenPosition[], typed: string, names: Names): Choice[] {
  const accountOf = ({ position }: OpenPosition) => whichAccount(names.nameOf(position.account));
  return views
    .filter((view) => matchesPosition(view, typed, accountOf(view)))
    .map((view) => ({ name: choiceName(view, accountOf(view)), value: String(view.id) }));
}

/** The underlyings held that a typed text may mean or begin. */
export function underlyingChoices(views: readonly OpenPosition[], typed: string): Choice[] {
  const meant = views.filter(({ position }) => beginsUnderlying(typed, position));
  const names = [...new Set(meant.map(({ position }) => position.underlying))].sort();
  return names.map((underlying) => ({ name: underlying, value: underlying }));
}

function choiceName(view: OpenPosition, account: string): string {
  const expiration = view.position.legs.find(({ held, instrument }) => held > 0 && instrument.option)
    ?.instrument.option?.expiration;
  const facts = [heading(view), expiration ? shortDay(expiration) : '', account, targetsText(view)];
  return clip(facts.filter(Boolean).join(' · '), 100);
}
