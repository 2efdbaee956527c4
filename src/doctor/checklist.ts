import { setTimeout as wait } from 'node:timers/promises';
import { BrokerLoginError, BrokerUnreachable } from '../domain/errors.js';
import type { Secrets } from '../ports/secrets.js';
import { BROKER_HINTS, FAULTS, failedText, stepText } from '../screens/doctor.js';
import { reasonOf } from '../screens/failures/index.js';

/** However a step hangs, the doctor goes on. */
const STEP_TIMEOUT_MS = 30_000;

/** What a step found: a value for later steps, and a line for the reader. */
export type Found<T> = readonly [value: T, text: string];

/** Something to mend, and how. */
export class Finding extends Error {
  readonly hint: string | undefined;

  constructor({ what, hint }: { what: string; hint?: string }) {
    super(what);
    this.hint = hint;
  }
}

/** Runs steps one after another, a line for each, and remembers whether all went well. */
export class Checklist {
  #failed = 0;

  /**
   * @param print takes one line
   * @param secrets never printed, wherever a message comes from
   */
  constructor(
    private readonly print: (line: string) => void,
    private readonly secrets: Secrets,
    private readonly timeoutMs = STEP_TIMEOUT_MS,
  ) {}

  get failed(): number {
    return this.#failed;
  }

  /** The step's value, or null when it failed: the line says why, and what to do. Never throws. */
  async step<T>(name: string, look: () => Promise<Found<T>>): Promise<T | null> {
    try {
      const [value, text] = await inTime(look(), this.timeoutMs);
      this.#line(stepText(name, text));
      return value;
    } catch (error) {
      this.#failed += 1;
      const hint = hintOf(error);
      this.#line(failedText(name, { what: messageOf(error), ...(hint !== undefined && { hint }) }));
      return null;
    }
  }

  #line(text: string): void {
    this.print(this.secrets.scrub(text));
  }
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const done = new AbortController();
  const late = wait(ms, undefined, { signal: done.signal }).then(() => {
    throw new Finding(FAULTS.noAnswer(ms / 1000));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
    late.catch(() => {});
  }
}

/** A refused connection can be an AggregateError without a message of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map(messageOf).join('; ');
  }
  return reasonOf(error).what;
}

function hintOf(error: unknown): string | undefined {
  if (error instanceof Finding) return error.hint;
  if (error instanceof BrokerLoginError) return BROKER_HINTS.login;
  if (error instanceof BrokerUnreachable) return BROKER_HINTS.unreachable;
  return reasonOf(error).hint;
}
