import type { ErrorObject } from 'ajv';
import { Issues, type Path } from '../base/issues.js';

/** Keywords that only say "something below is wrong". */
const WRAPPERS = new Set(['if', 'anyOf', 'oneOf', 'allOf', 'not']);

const CODES: Readonly<Record<string, string>> = {
  required: 'BASE_TYPE_REQUIRED',
  maxLength: 'BASE_TYPE_MAX_LENGTH',
  minLength: 'BASE_TYPE_BAD_LENGTH',
  maxItems: 'BASE_TYPE_MAX_LENGTH',
  minItems: 'BASE_TYPE_BAD_LENGTH',
  enum: 'BASE_TYPE_CHOICES',
  const: 'BASE_TYPE_CHOICES',
  pattern: 'STRING_TYPE_REGEX',
  maximum: 'NUMBER_TYPE_MAX',
  minimum: 'NUMBER_TYPE_MIN',
  type: 'MODEL_TYPE_CONVERT',
  format: 'URL_TYPE_INVALID_URL',
  // Ours: Discord ignores unknown keys, which hides a misspelling until it matters.
  additionalProperties: 'UNKNOWN_KEY',
};

/** Turns a schema validator's findings into Discord's nested form errors. */
export function specIssues(errors: readonly ErrorObject[]): Issues {
  const issues = new Issues();
  const seen = new Set<string>();
  const concrete = errors.filter((error) => !WRAPPERS.has(error.keyword));
  for (const error of concrete.length > 0 ? concrete : errors) {
    const path = pathOf(error);
    const code = CODES[error.keyword] ?? 'BASE_TYPE_INVALID';
    const mark = `${path.join('/')} ${code}`;
    if (seen.has(mark)) continue;
    seen.add(mark);
    issues.add(path, code, error.message ?? error.keyword);
  }
  return issues;
}

function pathOf(error: ErrorObject): Path {
  const base = error.instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replace(/~1/g, '/').replace(/~0/g, '~'));
  const params = error.params as { missingProperty?: string; additionalProperty?: string };
  const extra = params.missingProperty ?? params.additionalProperty;
  return extra === undefined ? base : [...base, extra];
}
