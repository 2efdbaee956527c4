import { isObject, type JsonObject } from '../base/json.js';

/** Calls `visit` on every object of a JSON document, children before parents. */
export function walkSchema(node: unknown, visit: (schema: JsonObject) => void): void {
  if (Array.isArray(node)) for (const item of node) walkSchema(item, visit);
  if (!isObject(node)) return;
  for (const value of Object.values(node)) walkSchema(value, visit);
  visit(node);
}

/** Follows `#/a/b` inside a document; undefined when it leads nowhere. */
export function atPointer(document: JsonObject, pointer: string): unknown {
  return pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((node, key) => (isObject(node) ? node[unescapeKey(key)] : undefined), document);
}

/** A pointer's keys, escaped the way a `$ref` needs them: `/` as `~1`, braces percent-encoded. */
export function pointer(...keys: string[]): string {
  const escaped = keys.map((key) => encodeURIComponent(key.replace(/~/g, '~0').replace(/\//g, '~1')));
  return `#/${escaped.join('/')}`;
}

function unescapeKey(key: string): string {
  return decodeURIComponent(key).replace(/~1/g, '/').replace(/~0/g, '~');
}
