import { isFailure } from '../../src/domain/errors.js';
import { settingsProblemText } from '../../src/screens/failures/start.js';
import { readSettings } from '../../src/settings/schema.js';

export const TOKEN = 'a-token-long-enough-to-be-masked';

/** The problems found with an environment; none where it is fine. */
export function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (isFailure(error, 'SETTINGS_INVALID')) return error.facts.problems.map(settingsProblemText);
    throw error;
  }
}

/** As JSON, maps and decimals included. */
export function text(value: unknown): string {
  return JSON.stringify(value);
}
