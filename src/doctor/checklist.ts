import { setTimeout as wait } from 'node:timers/promises';
import { BrokerLoginError, BrokerUnreachable } from '../domain/errors.js';
import type { Secrets } from '../ports/secrets.js';
import { reasonOf } from '../screens/failures/index.js';

/** However a step hangs, the doctor goes on. */
const STEP_TIMEOUT_MS = 30_000;

/** What a step found: a value for later steps, and a line for the reader. */
export type Found<T> = readonly [value: T, text: string];

/** Something to mend, and how. */
export class Finding extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
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
      this.#line(`  ok    ${name}: ${text}`);
      return value;
    } catch (error) {
      this.#failed += 1;
      const hint = hintOf(error);
      this.#line(`  FAIL  ${name}: ${messageOf(error)}${hint ? `\n        → ${hint}` : ''}`);
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
    throw new Finding(`no answer within ${ms / 1000} s`);
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
  if (error instanceof BrokerLoginError) {
    return 'Check TASTYTRADE_CLIENT_SECRET and TASTYTRADE_REFRESH_TOKEN, and that TASTYTRADE_ENV is where they were made.';
  }
  if (error instanceof BrokerUnreachable) {
    return 'Check the network and TASTYTRADE_API_URL, or wait: the broker may be down.';
  }
  return reasonOf(error).hint;
}
