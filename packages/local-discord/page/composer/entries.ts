import type { Command, CommandOption, SentOption } from '../types.js';
import { OptionType } from '../types.js';

/** One thing that can be typed after the slash: a command, or one of its subcommands. */
export interface CommandEntry {
  command: Command;
  /** What is typed and shown, without the slash: "targets", or "config set". */
  label: string;
  description: string;
  /** The options to fill, required ones first. */
  options: CommandOption[];
  /** Puts filled options where the command expects them (under its subcommand, if it is one). */
  wrap(options: SentOption[]): SentOption[];
}

const CHAT_INPUT = 1;
const BOT_DM = 1;

/** Every slash command of the bots, subcommands spelt out, by name; with `dmBot` what its direct messages offer. */
export function commandEntries(commands: Command[], dmBot = ''): CommandEntry[] {
  return commands
    .filter((command) => (command.type ?? CHAT_INPUT) === CHAT_INPUT)
    .filter((command) => dmBot === '' || (command.application_id === dmBot && worksInDm(command)))
    .flatMap((command) =>
      expand(command, command.options ?? [], [command.name], command.description, (o) => o),
    )
    .sort((a, b) => a.label.localeCompare(b.label));
}

function worksInDm({ guild_id, contexts, dm_permission }: Command): boolean {
  if (guild_id) return false;
  return contexts ? contexts.includes(BOT_DM) : dm_permission !== false;
}

function expand(
  command: Command,
  options: CommandOption[],
  path: string[],
  description: string,
  wrap: CommandEntry['wrap'],
): CommandEntry[] {
  const branches = options.filter(({ type }) => type === OptionType.Subcommand || type === OptionType.Group);
  if (branches.length === 0) {
    return [{ command, label: path.join(' '), description, options: requiredFirst(options), wrap }];
  }
  return branches.flatMap((branch) => {
    const inner: CommandEntry['wrap'] = (sent) =>
      wrap([{ name: branch.name, type: branch.type, options: sent }]);
    return expand(command, branch.options ?? [], [...path, branch.name], branch.description, inner);
  });
}

function requiredFirst(options: CommandOption[]): CommandOption[] {
  return [...options.filter(({ required }) => required), ...options.filter(({ required }) => !required)];
}

/** Entries whose label begins with what was typed, then those that contain it. */
export function matchEntries(entries: CommandEntry[], typed: string): CommandEntry[] {
  const query = typed.toLowerCase().trimEnd();
  const starts = entries.filter(({ label }) => label.startsWith(query));
  const contains = entries.filter(({ label }) => !label.startsWith(query) && label.includes(query));
  return [...starts, ...contains];
}
