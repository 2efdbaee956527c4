import type { Environment } from '../domain/environment.js';
import { listText } from '../domain/text.js';
import type { Reconciliation } from '../services/orders/reconcile.js';
import { type Remedy, remediesOf } from '../services/orders/remedies.js';
import type { Words } from './failures/words.js';
import { textView } from './pages.js';
import type { View } from './view.js';

export const USAGE = `Usage: npm run cli -- targets --position <id>|all [options]
       npm run cli -- close --position <id> [options]
       npm run cli -- cancel --position <id> | --order <id> [options]
       npm run cli -- orders | history [options]
       npm run cli -- reconcile [--adopt <id> | --forget <id> | --cancel <id>] [options]

  --position 37      the position's id, or for targets "all": every position without any
  --order 701        cancel this one order instead of a position's targets
  --adopt 701        of reconcile: this target, placed elsewhere, is mine from here on
  --forget 701       of reconcile: this order of mine, which the broker doesn't know, counts as ended
  --cancel 701       of reconcile: as cancel --order 701
  --account 1234     which of several accounts, by the end of its number or its name
  --percent 50       instead of the strategy's own rule
  --price 1.25       set the limit price yourself (must be on the price grid)
  --ladder 40,60     split the quantity over several targets
  --stop 200         a stop beside each target, at 200 % of the credit lost, or at a price such as '$3.10'
  --leave-naked      also sell a long leg that covers a short one; it says what is left
  --at natural       close at mid (as without it), mark, natural, or a price such as 1.25
  --portion 50%      close a part of it: 2, 50% or 1/3
  --period 90-days   of history: today, 7-days, 30-days (as without it), 90-days, this-year or 12-months
  --underlying QQQ   of history: this alone
  --dry-run          show everything; send, adopt and forget nothing
  --yes              don't ask before
(--percent to --stop are of targets alone, --at and --portion of close; --leave-naked is of both)

Exit code: 0 when every order shown was placed, cancelled, adopted or forgotten (with --dry-run: could be), or where nothing
was found to disagree by reconcile alone, and each account was read; 1 when not, 2 for a command I can't read.`;

/** What is wrong with a command line. */
export const USAGE_SLIPS = {
  command: (typed: string) => (typed === '' ? 'Which command?' : `"${typed}" is not a command.`),
  more: (typed: string) => `"${typed}" is one word too many.`,
  position: (typed: string) => `"${typed}" is not a position id. Example: --position 37`,
  order: (typed: string, option: string) => `"${typed}" is not an order id. Example: --${option} 701`,
  only: (option: string, command: string) => `--${option} goes with ${command} alone.`,
  which: 'Either --position or --order says what to cancel.',
  itsAccount: (option: string) => `--${option} says the account by itself.`,
  oneMend: 'One of --adopt, --forget and --cancel at a time.',
  one: (command: string) => `${command} takes one position at a time.`,
  period: (typed: string, known: readonly string[]) =>
    `"${typed}" is not a period. There are ${known.join(', ')}.`,
  missing: (option: string) => `--${option} is missing.`,
  empty: (option: string) => `--${option} is empty.`,
  twice: (option: string) => `--${option} stands there twice.`,
};

/** A refusal with its example as it is typed here: `--percent 50` for `percent:50`. */
export function asTyped({ what, hint = '' }: Words): string {
  return `${what} ${hint.replace(/: ?(\w+):/, ': --$1 ')}`.trim();
}

export const NOTHING_SENT = 'Nothing was sent.';
export const NO_STOP =
  'A stop was asked for and the broker takes none here; without --yes the target alone is offered.';
export const NOTHING_CANCELLED = 'Nothing was cancelled.';
export const NOTHING_CHANGED = 'Nothing was changed.';
export const NO_TERMINAL = 'There is no terminal to ask at; add --yes to send.';

/** Of an order adopted here: a terminal is gone by then. */
export function toldNowhereView(): View {
  return textView([
    'What becomes of it later is in `orders`, `history` and the bot’s log; no channel hears of it.',
  ]);
}

/** What is to be typed about each point that something mends; null for nothing. */
export function mendingView(accounts: readonly Pick<Reconciliation, 'findings'>[]): View | null {
  const remedies = accounts.flatMap(({ findings }) => findings.flatMap(remediesOf));
  const lines = [...new Set(remedies.map(typedText))];
  return lines.length === 0 ? null : textView(['What mends it, typed after `npm run cli --`:', ...lines]);
}

function typedText(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'adopt':
    case 'cancel':
      return `  reconcile --${remedy.kind} ${remedy.order.order.id}`;
    case 'forget':
      return `  reconcile --forget ${remedy.intent.brokerOrderId}`;
    case 'whose':
      return `  (whose ${listText(remedy.intent.lookalikes)} is, a trader says in Discord, under \`/reconcile\`)`;
    case 'preview':
      return `  targets --position ${remedy.view.id}`;
  }
}

export function mendQuestion(how: 'adopt' | 'forget', orderId: string, environment: Environment): string {
  return `${how === 'adopt' ? 'Adopt' : 'Forget'} order ${orderId} at ${environment}?`;
}

export function submitQuestion(orders: number, cancelled: number, environment: Environment): string {
  if (cancelled > 0) return `Cancel ${cancelled} order(s) first, then submit ${orders} at ${environment}?`;
  return `Submit ${orders} GTC order(s) at ${environment}?`;
}

export function cancelQuestion(orders: number, environment: Environment): string {
  return `Cancel ${orders} order(s) at ${environment}?`;
}
