import { Issues } from '../base/issues.js';
import { isObject, type JsonObject, objectsOf } from '../base/json.js';

/** Checks a query string against an operation's documented parameters. */
export function checkQuery(parameters: unknown, query: unknown): void {
  const known = new Map(
    objectsOf(parameters)
      .filter((parameter) => parameter.in === 'query')
      .map((parameter) => [String(parameter.name), isObject(parameter.schema) ? parameter.schema : {}]),
  );
  const issues = new Issues();
  for (const [key, value] of Object.entries(isObject(query) ? query : {})) {
    const schema = known.get(key);
    if (!schema) issues.add([key], 'UNKNOWN_KEY', 'No such query parameter.');
    else checkValue(schema, key, String(value), issues);
  }
  issues.throwIfAny();
}

function checkValue(schema: JsonObject, key: string, value: string, issues: Issues): void {
  if (schema.type === 'boolean' && value !== 'true' && value !== 'false') {
    issues.add([key], 'BOOLEAN_TYPE_CONVERT', 'Must be either true or false.');
  }
  if (schema.type !== 'integer') return;
  const number = Number(value);
  if (!Number.isInteger(number)) issues.add([key], 'NUMBER_TYPE_COERCE', `Value "${value}" is not int.`);
  if (typeof schema.maximum === 'number' && number > schema.maximum) {
    issues.add([key], 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${schema.maximum}.`);
  }
  if (typeof schema.minimum === 'number' && number < schema.minimum) {
    issues.add([key], 'NUMBER_TYPE_MIN', `int value should be greater than or equal to ${schema.minimum}.`);
  }
}
