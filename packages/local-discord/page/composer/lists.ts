import { displayName } from '../state/people.js';
import type { Choice, CommandOption, LocalState } from '../types.js';
import { OptionType } from '../types.js';

/** The values an option can be picked from, other than by asking the bot; empty for free text. */
export function listedValues(option: CommandOption, local: LocalState | null): Choice[] {
  if (option.choices && option.choices.length > 0) return option.choices;
  switch (option.type) {
    case OptionType.Boolean:
      return [
        { name: 'True', value: 'true' },
        { name: 'False', value: 'false' },
      ];
    case OptionType.User:
      return users(local);
    case OptionType.Channel:
      return channels(option, local);
    case OptionType.Role:
      return roles(local);
    case OptionType.Mentionable:
      return [...users(local), ...roles(local)];
    default:
      return [];
  }
}

/** Values whose name contains what was typed; all of them while the text is a picked value's own. */
export function filterChoices(choices: Choice[], text: string): Choice[] {
  const query = text.trim().replace(/^[@#]/, '').toLowerCase();
  return choices.filter(({ name }) => name.toLowerCase().includes(query)).slice(0, 25);
}

function users(local: LocalState | null): Choice[] {
  return (local?.users ?? []).map((user) => ({ name: `@${displayName(user)}`, value: user.id }));
}

function roles(local: LocalState | null): Choice[] {
  const all = (local?.users ?? []).flatMap((user) => user.roles ?? []);
  return [...new Map(all.map((role) => [role.id, { name: `@${role.name}`, value: role.id }])).values()];
}

function channels(option: CommandOption, local: LocalState | null): Choice[] {
  const wanted = option.channel_types;
  return (local?.channels ?? [])
    .filter(({ type }) => !wanted?.length || wanted.includes(type))
    .map(({ id, name }) => ({ name: `#${name}`, value: id }));
}
