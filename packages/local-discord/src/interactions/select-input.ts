import { ComponentType } from '../base/constants.js';
import { arrayOf, type JsonObject, objectsOf } from '../base/json.js';
import { InputError } from './input-error.js';
import type { Resolved } from './resolved.js';

/** Checks what a person picked in a select of any kind: how many, and that each exists. */
export function selectValues(component: JsonObject, given: unknown, resolved: Resolved): string[] {
  const values = arrayOf(given).filter((value) => typeof value === 'string');
  if (values.length !== arrayOf(given).length) throw new InputError('values must be texts');
  if (new Set(values).size !== values.length) throw new InputError('a value is picked twice');
  const [min, max] = [Number(component.min_values ?? 1), Number(component.max_values ?? 1)];
  if (values.length < min || values.length > max) throw new InputError(`pick ${min} to ${max} values`);
  for (const value of values) checkValue(component, value, resolved);
  return values;
}

function checkValue(component: JsonObject, value: string, resolved: Resolved): void {
  switch (component.type) {
    case ComponentType.stringSelect:
      if (!objectsOf(component.options).some((option) => option.value === value)) {
        throw new InputError(`"${value}" is not one of the options`);
      }
      return;
    case ComponentType.userSelect:
      resolved.user(value);
      return;
    case ComponentType.roleSelect:
      resolved.role(value);
      return;
    case ComponentType.mentionableSelect:
      resolved.mentionable(value);
      return;
    case ComponentType.channelSelect:
      resolved.channel(value, arrayOf(component.channel_types));
      return;
    default:
      throw new InputError('this component takes no values');
  }
}
