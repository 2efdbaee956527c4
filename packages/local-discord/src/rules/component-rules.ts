import { ButtonStyle, ComponentType, SELECT_TYPES } from '../base/constants.js';
import { type Issues, issue, type Path } from '../base/issues.js';
import { isObject, type JsonObject, lengthOf, objectsOf, textOf } from '../base/json.js';
import { walkComponents } from '../messages/components.js';

const MAX_LEGACY_ROWS = 5;
const MAX_ROW_BUTTONS = 5;
const MAX_V2_COMPONENTS = 40;
const MAX_V2_TEXT = 4_000;
const MAX_CUSTOM_ID = 100;

/** Component rules that Discord's OpenAPI file does not hold. `v2` = the message has the components-v2 flag. */
export function checkComponents(components: unknown, v2: boolean, at: Path, issues: Issues): void {
  const top = objectsOf(components);
  if (v2) checkV2Totals(top, at, issues);
  else checkLegacyTop(top, at, issues);
  checkDuplicates(top, at, issues);
  top.forEach((component, index) => {
    checkTree(component, [...at, index], issues);
  });
}

function checkLegacyTop(top: readonly JsonObject[], at: Path, issues: Issues): void {
  if (top.length > MAX_LEGACY_ROWS) issue.tooLong(issues, at, MAX_LEGACY_ROWS);
  top.forEach((component, index) => {
    if (component.type === ComponentType.row) return;
    issues.add(
      [...at, index, 'type'],
      'UNION_TYPE_CHOICES',
      'Without the IS_COMPONENTS_V2 flag only action rows are allowed here.',
    );
  });
}

function checkV2Totals(top: readonly JsonObject[], at: Path, issues: Issues): void {
  const all = [...walkComponents(top)];
  if (all.length > MAX_V2_COMPONENTS) {
    issues.add(
      at,
      'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
      `The total number of components cannot exceed ${MAX_V2_COMPONENTS}`,
    );
  }
  const text = all.reduce((sum, component) => {
    return sum + (component.type === ComponentType.text ? lengthOf(textOf(component.content)) : 0);
  }, 0);
  if (text > MAX_V2_TEXT) {
    issues.add(
      at,
      'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
      `The total displayable text exceeds ${MAX_V2_TEXT}`,
    );
  }
}

function checkDuplicates(top: readonly JsonObject[], at: Path, issues: Issues): void {
  const seen = new Set<string>();
  for (const component of walkComponents(top)) {
    const id = component.custom_id;
    if (typeof id !== 'string') continue;
    if (seen.has(id)) {
      issues.add(at, 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
    }
    seen.add(id);
  }
}

function checkTree(component: JsonObject, at: Path, issues: Issues): void {
  if (component.type === ComponentType.row) checkRow(component, at, issues);
  if (component.type === ComponentType.button) checkButton(component, at, issues);
  checkSelect(component, at, issues);
  objectsOf(component.components).forEach((child, index) => {
    checkTree(child, [...at, 'components', index], issues);
  });
  if (isObject(component.accessory)) checkTree(component.accessory, [...at, 'accessory'], issues);
}

function checkRow(row: JsonObject, at: Path, issues: Issues): void {
  const children = objectsOf(row.components);
  const selects = children.filter((child) => SELECT_TYPES.has(Number(child.type))).length;
  const tooWide = children.length > MAX_ROW_BUTTONS || (selects > 0 && children.length > 1);
  if (tooWide) {
    issues.add(
      [...at, 'components'],
      'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
      'The component is too wide to fit: five buttons or one select to a row.',
    );
  }
  if (children.length === 0) issue.badLength(issues, [...at, 'components'], 1, MAX_ROW_BUTTONS);
}

/** Styles 1-4 need a custom_id, 5 a url, 6 a sku_id, and none may carry another's key (official docs). */
function checkButton(button: JsonObject, at: Path, issues: Issues): void {
  const has = (key: string): boolean => button[key] !== undefined && button[key] !== null;
  const wanted =
    button.style === ButtonStyle.link ? 'url' : button.style === ButtonStyle.premium ? 'sku_id' : 'custom_id';
  if (!has(wanted)) {
    issues.add(
      [...at, wanted],
      `BUTTON_COMPONENT_${wanted.toUpperCase()}_REQUIRED`,
      `A button of this style must have a ${wanted}`,
    );
  }
  for (const other of ['custom_id', 'url', 'sku_id']) {
    if (other === wanted || !has(other)) continue;
    issues.add(
      [...at, other],
      'BUTTON_COMPONENT_KEY_NOT_ALLOWED',
      `A button of this style takes no ${other}`,
    );
  }
  if (button.style === ButtonStyle.premium) {
    if (has('label') || has('emoji')) {
      issues.add(at, 'BUTTON_COMPONENT_KEY_NOT_ALLOWED', 'A premium button takes no label and no emoji');
    }
  } else if (!textOf(button.label) && !has('emoji')) {
    issues.add([...at, 'label'], 'BUTTON_COMPONENT_LABEL_REQUIRED', 'A button needs a label or an emoji');
  }
  checkCustomId(button, at, issues);
}

/** min <= max, options of distinct values, and not more wanted than offered. Does nothing for other components. */
export function checkSelect(select: JsonObject, at: Path, issues: Issues): void {
  if (!SELECT_TYPES.has(Number(select.type))) return;
  checkCustomId(select, at, issues);
  const [min, max] = [Number(select.min_values ?? 1), Number(select.max_values ?? 1)];
  if (min > max) {
    issues.add([...at, 'min_values'], 'NUMBER_TYPE_MAX', 'min_values is greater than max_values.');
  }
  if (select.type !== ComponentType.stringSelect) return;
  const values = objectsOf(select.options).map((option) => option.value);
  values.forEach((value, index) => {
    if (values.indexOf(value) === index) return;
    issues.add(
      [...at, 'options', index, 'value'],
      'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
      'The specified option value is already used',
    );
  });
  if (values.length < 1 || values.length > 25) issue.badLength(issues, [...at, 'options'], 1, 25);
  if (max > values.length) {
    issues.add([...at, 'max_values'], 'NUMBER_TYPE_MAX', 'max_values is greater than the number of options.');
  }
}

function checkCustomId(component: JsonObject, at: Path, issues: Issues): void {
  const id = component.custom_id;
  if (id === undefined || id === null) return;
  const length = lengthOf(textOf(id));
  if (length < 1 || length > MAX_CUSTOM_ID) issue.badLength(issues, [...at, 'custom_id'], 1, MAX_CUSTOM_ID);
}
