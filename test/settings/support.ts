import { readSettings, SettingsError } from '../../src/settings/settings.js';

export const TOKEN = 'a-token-long-enough-to-be-masked';

/** The problems found with an environment; none where it is fine. */
export function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

/** As JSON, maps and decimals included. */
export function text(value: unknown): string {
  return JSON.stringify(value);
}
