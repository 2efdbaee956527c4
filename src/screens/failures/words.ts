import type { FailureCode, Failures } from '../../domain/failures.js';

/** A failure as a person reads it. */
export interface Words {
  title?: string;
  what: string;
  /** What to do next. */
  hint?: string;
  /** The text itself says whether anything was sent; without it a sentence about that is added. */
  saysSent?: true;
}

/** The words of some codes, each made of its facts. */
export type WordsOf<Code extends FailureCode> = {
  readonly [Each in Code]: (facts: Failures[Each]) => Words;
};
