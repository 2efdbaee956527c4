import { ComponentType } from '../base/constants.js';
import { type Issues, issue } from '../base/issues.js';
import { arrayOf, type JsonObject, lengthOf, textOf } from '../base/json.js';
import { walkComponents } from '../messages/components.js';
import { checkSelect } from './component-rules.js';

const MAX_COMPONENTS = 5;
const MAX_TITLE = 45;
const MAX_CUSTOM_ID = 100;

/** A modal's own rules: counts, lengths, custom_ids of its own, and an input in every label or row. */
export function checkModal(data: JsonObject, issues: Issues): void {
  const title = lengthOf(textOf(data.title));
  if (title < 1 || title > MAX_TITLE) issue.badLength(issues, ['data', 'title'], 1, MAX_TITLE);
  const customId = lengthOf(textOf(data.custom_id));
  if (customId < 1 || customId > MAX_CUSTOM_ID) {
    issue.badLength(issues, ['data', 'custom_id'], 1, MAX_CUSTOM_ID);
  }
  const components = arrayOf(data.components);
  if (components.length < 1 || components.length > MAX_COMPONENTS) {
    issue.badLength(issues, ['data', 'components'], 1, MAX_COMPONENTS);
  }
  const seen = new Set<string>();
  for (const component of walkComponents(components)) {
    const id = textOf(component.custom_id);
    if (id && seen.has(id)) {
      issues.add(
        ['data', 'components'],
        'COMPONENT_CUSTOM_ID_DUPLICATED',
        'Component custom id cannot be duplicated',
      );
    }
    seen.add(id);
    checkInput(component, issues);
  }
}

function checkInput(component: JsonObject, issues: Issues): void {
  const at = ['data', 'components'] as const;
  if (component.type === ComponentType.textInput) {
    const [min, max] = [Number(component.min_length ?? 0), Number(component.max_length ?? 4000)];
    if (min > max) issues.add(at, 'BASE_TYPE_BAD_LENGTH', 'min_length is greater than max_length.');
    if (component.value !== undefined && lengthOf(textOf(component.value)) > max)
      issue.tooLong(issues, at, max);
  } else checkSelect(component, at, issues);
}
