import type { PressInteraction } from './command.js';

/** What was typed in a field; empty for one that isn't there: a form can be of another version, too. */
export function typedIn(interaction: PressInteraction, field: string): string {
  if (!interaction.isModalSubmit()) return '';
  const found = interaction.fields.fields.get(field);
  return found && 'value' in found && typeof found.value === 'string' ? found.value.trim() : '';
}
