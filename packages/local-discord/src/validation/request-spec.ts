import { isObject, type JsonObject, objectsOf } from '../base/json.js';
import { atPointer, walkSchema } from './json-schema.js';

/**
 * A copy of Discord's OpenAPI document for checking requests: known gaps patched, unions told apart by their `type`,
 * and every object closed, so that a misspelt key is an error (Discord itself would ignore it).
 */
export function requestSpec(original: JsonObject): JsonObject {
  const spec = structuredClone(original);
  patchKnownGaps(spec);
  walkSchema(spec.paths, (schema) => tightenUnion(spec, schema));
  walkSchema(schemasOf(spec), (schema) => tightenUnion(spec, schema));
  walkSchema(spec.paths, close);
  walkSchema(schemasOf(spec), close);
  return spec;
}

function schemasOf(spec: JsonObject): Record<string, JsonObject> {
  return (spec.components as { schemas: Record<string, JsonObject> }).schemas;
}

/** Where the file is narrower than Discord itself. */
function patchKnownGaps(spec: JsonObject): void {
  for (const [name, schema] of Object.entries(schemasOf(spec))) {
    const properties = isObject(schema.properties) ? schema.properties : null;
    if (!properties) continue;
    if (name.startsWith('ApplicationCommand') && 'default_member_permissions' in properties) {
      // A bit set is too wide for a JSON number, so clients send digits.
      properties.default_member_permissions = { type: ['integer', 'string', 'null'], pattern: '^[0-9]+$' };
      properties.nsfw ??= { type: ['boolean', 'null'] };
    }
    if (name === 'ApplicationCommandAttachmentOption') properties.file_types ??= { type: ['array', 'null'] };
    // The docs let a new file's placeholder id be a number.
    if (name === 'MessageAttachmentRequest') properties.id = { type: ['string', 'integer'] };
  }
  const execute = atPointer(
    spec,
    '#/paths/~1webhooks~1{webhook_id}~1{webhook_token}/post/requestBody/content',
  );
  // Two partial shapes, one a subset of the other: only the wider one tells errors apart.
  if (isObject(execute)) {
    execute['application/json'] = { schema: { $ref: '#/components/schemas/IncomingWebhookRequestPartial' } };
  }
}

/** Branches by `type` instead of trying all: one bad component then gives its own errors and no others'. */
function tightenUnion(spec: JsonObject, schema: JsonObject): void {
  const key = Array.isArray(schema.oneOf) ? 'oneOf' : Array.isArray(schema.anyOf) ? 'anyOf' : null;
  if (!key) return;
  const branches = objectsOf(schema[key]);
  const real = branches.filter((branch) => branch.type !== 'null');
  const nullable = real.length < branches.length;
  const tags = real.map((branch) => tagsOf(spec, branch));
  const body = tags.every((tag) => tag !== null) && real.length > 1 ? tagged(real, tags.flat()) : null;
  const single = real.length === 1 ? real[0] : undefined;
  const replacement = body ?? single;
  if (!replacement) return;
  delete schema[key];
  if (nullable) {
    schema.if = { type: 'null' };
    schema.else = replacement;
  } else Object.assign(schema, replacement);

  function tagged(list: JsonObject[], all: unknown[]): JsonObject {
    return {
      type: 'object',
      required: ['type'],
      // Described here only for its enum: `close` must not take it for the whole object.
      additionalProperties: true,
      properties: { type: { enum: [...new Set(all)] } },
      allOf: list.map((branch) => ({
        if: {
          additionalProperties: true,
          required: ['type'],
          properties: { type: { enum: tagsOf(spec, branch) ?? [] } },
        },
        // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword, not a promise.
        then: branch,
      })),
    };
  }
}

/** The values a branch pins its `type` property to, or null when it does not. */
function tagsOf(spec: JsonObject, branch: JsonObject): unknown[] | null {
  const target = typeof branch.$ref === 'string' ? atPointer(spec, branch.$ref) : branch;
  const properties = isObject(target) && isObject(target.properties) ? target.properties : {};
  const type = isObject(properties.type) ? properties.type : {};
  return Array.isArray(type.enum) ? type.enum : null;
}

function close(schema: JsonObject): void {
  if (schema.type === 'object' && isObject(schema.properties)) schema.additionalProperties ??= false;
}
