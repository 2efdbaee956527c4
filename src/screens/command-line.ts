import type { Environment } from '../domain/environment.js';
import type { Words } from './failures/words.js';

export const USAGE = `Usage: npm run cli -- targets --position <id>|all [options]

  --position 37      the position's id, or "all" for every position without targets
  --account 1234     which of several accounts, by the end of its number or its name
  --percent 50       instead of the strategy's own rule
  --price 1.25       set the limit price yourself (must be on the price grid)
  --ladder 40,60     split the quantity over several targets
  --leave-naked      also sell a long leg that covers a short one; it says what is left
  --dry-run          show everything, send nothing
  --yes              don't ask before sending

Exit code: 0 when every target shown was placed (with --dry-run: could be), 1 when not, 2 for a command I can't read.`;

/** What is wrong with a command line. */
export const USAGE_SLIPS = {
  command: (typed: string) => `"${typed}" is not a command.`,
  more: (typed: string) => `"${typed}" is one word too many.`,
  position: (typed: string) => `"${typed}" is not a position id. Example: --position 37`,
  missing: (option: string) => `--${option} is missing.`,
  empty: (option: string) => `--${option} is empty.`,
};

/** A refusal with its example as it is typed here: `--percent 50` for `percent:50`. */
export function asTyped({ what, hint = '' }: Words): string {
  return `${what} ${hint.replace(/: ?(\w+):/, ': --$1 ')}`.trim();
}

export const NOTHING_SENT = 'Nothing was sent.';
export const NO_TERMINAL = 'There is no terminal to ask at; add --yes to send.';

export function submitQuestion(orders: number, environment: Environment): string {
  return `Submit ${orders} GTC order(s) at ${environment}?`;
}
