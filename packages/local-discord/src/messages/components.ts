import { ComponentType, SELECT_TYPES } from '../base/constants.js';
import { isObject, type JsonObject, objectsOf, textOf, withoutNulls } from '../base/json.js';
import type { FileByUrl } from './embeds.js';

/** Every component of a tree, parents before children, whatever the nesting (rows, sections, containers, labels). */
export function* walkComponents(components: unknown): Generator<JsonObject> {
  for (const component of objectsOf(components)) {
    yield component;
    yield* walkComponents(component.components);
    if (isObject(component.accessory)) yield* walkComponents([component.accessory]);
    if (isObject(component.component)) yield* walkComponents([component.component]);
  }
}

/** The component with this custom_id, wherever it is nested. */
export function findComponent(components: unknown, customId: string): JsonObject | undefined {
  for (const component of walkComponents(components)) if (component.custom_id === customId) return component;
  return undefined;
}

/** Components as Discord hands them back: nulls gone, an `id` each, the documented defaults filled in. */
export function finishComponents(components: unknown, file: FileByUrl, nextId: () => string): JsonObject[] {
  const finished = objectsOf(components).map((component) => finish(component, file, nextId));
  numberComponents(finished);
  return finished;
}

/** Gives each component without an id of its own the next free number, in reading order. */
function numberComponents(components: JsonObject[]): void {
  const all = [...walkComponents(components)];
  const taken = new Set(all.map((component) => component.id).filter((id) => id !== undefined && id !== 0));
  let next = 1;
  for (const component of all) {
    if (component.id !== undefined && component.id !== 0) continue;
    while (taken.has(next)) next += 1;
    component.id = next;
    taken.add(next);
  }
}

function finish(source: JsonObject, file: FileByUrl, nextId: () => string): JsonObject {
  const component = withoutNulls(source);
  const type = Number(component.type);
  const media = (value: unknown): JsonObject => finishMedia(value, file, nextId);
  if (Array.isArray(component.components)) {
    component.components = objectsOf(component.components).map((child) => finish(child, file, nextId));
  }
  if (isObject(component.accessory)) component.accessory = finish(component.accessory, file, nextId);
  if (isObject(component.component)) component.component = finish(component.component, file, nextId);
  if (isObject(component.emoji)) component.emoji = withoutNulls(component.emoji);
  if (Array.isArray(component.options)) component.options = objectsOf(component.options).map(finishOption);
  if (SELECT_TYPES.has(type)) return { min_values: 1, max_values: 1, ...component };
  if (type === ComponentType.container) return { accent_color: null, spoiler: false, ...component };
  if (type === ComponentType.separator) return { spacing: 1, divider: true, ...component };
  if (type === ComponentType.thumbnail) {
    return { description: null, spoiler: false, ...component, media: media(component.media) };
  }
  if (type === ComponentType.gallery) {
    const items = objectsOf(component.items).map((item) => ({
      description: null,
      spoiler: false,
      ...withoutNulls(item),
      media: media(item.media),
    }));
    return { ...component, items };
  }
  if (type === ComponentType.file) return finishFile(component, file, nextId);
  return component;
}

function finishOption(option: JsonObject): JsonObject {
  const kept = withoutNulls(option);
  return isObject(kept.emoji) ? { ...kept, emoji: withoutNulls(kept.emoji) } : kept;
}

function finishFile(component: JsonObject, file: FileByUrl, nextId: () => string): JsonObject {
  const url = isObject(component.file) ? textOf(component.file.url) : '';
  const found = file(url);
  return {
    spoiler: false,
    ...component,
    name: found?.filename ?? null,
    size: found?.bytes.length ?? null,
    file: finishMedia(component.file, file, nextId),
  };
}

function finishMedia(value: unknown, file: FileByUrl, nextId: () => string): JsonObject {
  const url = isObject(value) ? textOf(value.url) : '';
  const found = file(url);
  const address = found?.url ?? url;
  return {
    id: nextId(),
    url: address,
    proxy_url: address,
    width: found?.width ?? null,
    height: found?.height ?? null,
    content_type: found?.contentType ?? null,
    ...(found ? { attachment_id: found.id } : {}),
  };
}
