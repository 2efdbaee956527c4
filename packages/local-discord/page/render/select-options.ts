import { filterChoices, listedValues } from '../composer/lists.js';
import type { Component, LocalState } from '../types.js';
import { OptionType } from '../types.js';
import type { MenuOption } from './select-menu.js';

/** Component types of select menus, and the kind of thing each entity select lists. */
const ENTITY: Record<number, number> = {
  5: OptionType.User,
  6: OptionType.Role,
  7: OptionType.Mentionable,
  8: OptionType.Channel,
};

export function isSelect(component: Component): boolean {
  return component.type === 3 || component.type in ENTITY;
}

/** What a select menu lists: its own options, or the users, roles or channels there are. */
export function menuOptions(component: Component, local: LocalState | null): MenuOption[] {
  if (component.type === 3) {
    return (component.options ?? []).map(({ label, value, description, emoji }) => ({
      label: emoji?.name && !emoji.id ? `${emoji.name} ${label}` : label,
      value,
      ...(description ? { description } : {}),
    }));
  }
  const option = { type: ENTITY[component.type] ?? OptionType.User, name: '', description: '' };
  const typed = component.channel_types ? { ...option, channel_types: component.channel_types } : option;
  return filterChoices(listedValues(typed, local), '').map(({ name, value }) => ({
    label: name,
    value: String(value),
  }));
}

export function defaultValues(component: Component): string[] {
  return (component.options ?? []).filter((option) => option.default).map(({ value }) => value);
}
