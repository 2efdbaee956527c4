import { expect } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import { wordsOf } from '../../src/screens/failures/index.js';

/** Matches a `UserError` by its code, its facts and the words that people read of it. */
export function saying(expected: {
  name?: string;
  code?: string;
  facts?: unknown;
  what?: unknown;
  hint?: unknown;
}) {
  return {
    asymmetricMatch(error: unknown): boolean {
      if (!(error instanceof UserError)) return false;
      const { name, code, facts } = error;
      return expect.objectContaining(expected).asymmetricMatch({ name, code, facts, ...wordsOf(error) });
    },
  };
}
