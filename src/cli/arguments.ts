import { parseArgs } from 'node:util';
import { UserError } from '../domain/errors.js';
import { asTyped, USAGE_SLIPS } from '../screens/command-line.js';
import { wordsOf } from '../screens/failures/index.js';
import type { CancelWish } from '../services/orders/cancels/cancel-offer.js';
import { type Overrides, parseOverrides } from '../services/previews/overrides.js';

export type Request = TargetsRequest | CancelRequest;

export interface CancelRequest {
  command: 'cancel';
  wish: CancelWish;
  dryRun: boolean;
  /** Send without asking. */
  yes: boolean;
}

export interface TargetsRequest {
  command: 'targets';
  which: number | 'all';
  /** As typed; null for the position's own, or the only one. */
  account: string | null;
  overrides: Overrides;
  dryRun: boolean;
  /** Send without asking. */
  yes: boolean;
}

/** A command line that can't be read; nothing was looked at or sent. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * @param args what stands after the program's name
 * @returns null when only help was asked for
 * @throws UsageError
 */
export function readArguments(args: string[]): Request | null {
  const { positionals, values } = parsed(args);
  if (values.help) return null;
  const [command, ...more] = positionals;
  if (command !== 'targets' && command !== 'cancel') throw new UsageError(USAGE_SLIPS.command(command ?? ''));
  if (more.length > 0) throw new UsageError(USAGE_SLIPS.more(more.join(' ')));
  const how = { dryRun: values['dry-run'], yes: values.yes };
  if (command === 'cancel') return { command, wish: cancelWish(values), ...how };
  if (values.order !== undefined) throw new UsageError(USAGE_SLIPS.only('order', 'cancel'));
  if (values.position === undefined) throw new UsageError(USAGE_SLIPS.missing('position'));
  return {
    command,
    which: position(values.position),
    account: account(values.account),
    overrides: overrides(values),
    ...how,
  };
}

function cancelWish(values: ReturnType<typeof parsed>['values']): CancelWish {
  const foreign = (['percent', 'price', 'ladder', 'leave-naked'] as const).find((name) => values[name]);
  if (foreign) throw new UsageError(USAGE_SLIPS.only(foreign, 'targets'));
  const { order } = values;
  if ((order === undefined) === (values.position === undefined)) {
    throw new UsageError(USAGE_SLIPS.which);
  }
  if (order !== undefined) {
    if (!/^\d{1,20}$/.test(order)) throw new UsageError(USAGE_SLIPS.order(order));
    if (values.account !== undefined) throw new UsageError(USAGE_SLIPS.orderAccount);
    return { kind: 'order', id: order };
  }
  const id = position(values.position ?? '');
  if (id === 'all') throw new UsageError(USAGE_SLIPS.one);
  return { kind: 'position', id, account: account(values.account) };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        position: { type: 'string' },
        order: { type: 'string' },
        account: { type: 'string' },
        percent: { type: 'string' },
        price: { type: 'string' },
        ladder: { type: 'string' },
        'leave-naked': { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function position(text: string): number | 'all' {
  if (text === 'all') return 'all';
  const match = /^#?(\d{1,9})$/.exec(text);
  if (match) return Number(match[1]);
  throw new UsageError(USAGE_SLIPS.position(text));
}

/** An empty one is a slip of a script, and must not mean any other account. */
function account(text: string | undefined): string | null {
  if (text?.trim() === '') throw new UsageError(USAGE_SLIPS.empty('account'));
  return text ?? null;
}

/** An empty value is a slip of a script, never "the usual rule". */
function overrides(values: {
  percent?: string | undefined;
  price?: string | undefined;
  ladder?: string | undefined;
  'leave-naked': boolean;
}): Overrides {
  for (const name of ['percent', 'price', 'ladder'] as const) {
    if (values[name]?.trim() === '') throw new UsageError(USAGE_SLIPS.empty(name));
  }
  try {
    return parseOverrides({ ...values, leaveNaked: values['leave-naked'] });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UsageError(asTyped(wordsOf(error)));
  }
}
