import { ComponentType, SELECT_TYPES } from '../base/constants.js';
import { arrayOf, isObject, type JsonObject, lengthOf, objectsOf, textOf } from '../base/json.js';
import { InputError } from './input-error.js';
import type { Resolved } from './resolved.js';
import { selectValues } from './select-input.js';

/**
 * Turns the fields a person filled in into a modal submit's `components`, in the shape the modal was written in
 * (labels or legacy rows), keeping the modal's own bounds.
 */
export function modalComponents(modal: JsonObject, fields: JsonObject, resolved: Resolved): JsonObject[] {
  return objectsOf(modal.components).map((component) => {
    const head = { type: component.type, id: component.id };
    if (component.type === ComponentType.label && isObject(component.component)) {
      return { ...head, component: field(component.component, fields, resolved) };
    }
    if (component.type === ComponentType.row) {
      const inner = objectsOf(component.components).map((child) => field(child, fields, resolved));
      return { ...head, components: inner };
    }
    return head;
  });
}

function field(component: JsonObject, fields: JsonObject, resolved: Resolved): JsonObject {
  const given = fields[textOf(component.custom_id)];
  const head = { type: component.type, id: component.id, custom_id: component.custom_id };
  if (component.type === ComponentType.textInput) return { ...head, value: textValue(component, given) };
  if (SELECT_TYPES.has(Number(component.type))) {
    const optional = component.required === false && arrayOf(given).length === 0;
    return { ...head, values: optional ? [] : selectValues(component, given, resolved) };
  }
  return Array.isArray(given) ? { ...head, values: given } : { ...head, value: given ?? null };
}

function textValue(component: JsonObject, given: unknown): string {
  const value = textOf(given);
  const name = textOf(component.label) || textOf(component.custom_id);
  const length = lengthOf(value);
  if (length === 0) {
    if (component.required === false) return '';
    throw new InputError(`"${name}" is required`);
  }
  const [min, max] = [Number(component.min_length ?? 0), Number(component.max_length ?? 4000)];
  if (length < min || length > max) throw new InputError(`"${name}" must have ${min} to ${max} characters`);
  return value;
}
