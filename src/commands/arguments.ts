import { type Codec, menuNumber } from '../screens/custom-ids.js';
import type { Part, Pressed, PressInteraction } from './command.js';

/** A part whose press is read from its custom id: that of no menu, not even where one of an earlier version was called the same. */
export function inId<T>(codec: Codec<T>): (pressed: Pressed) => T | null {
  return ({ argument, values }) => (values.length === 0 ? codec.read(argument) : null);
}

/** A menu's part: what matters is its one choice. */
export function picked<T>(codec: Codec<T>): (pressed: Pressed) => T | null {
  return ({ argument, values }) => {
    const [only] = values;
    return menuNumber.read(argument) !== null && values.length === 1 && only !== undefined
      ? codec.read(only)
      : null;
  };
}

/** What a part reads of its press, and what it does with that, held to the same type. */
export function part<T>(read: Part<T>['read'], rest: Omit<Part<T>, 'read'>): Part {
  return { read, ...rest } as Part;
}

/** A press as its part reads it. */
export function pressedOf(interaction: PressInteraction, argument: string): Pressed {
  const values = interaction.isStringSelectMenu() ? interaction.values : [];
  return { argument, values };
}
