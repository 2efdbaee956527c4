import { parseArgs } from 'node:util';
import { UserError } from '../domain/errors.js';
import { asTyped, USAGE_SLIPS } from '../screens/command-line.js';
import { wordsOf } from '../screens/failures/index.js';
import type { CancelWish } from '../services/orders/cancels/cancel-offer.js';
import { type CloseWish, parseClose } from '../services/previews/close-wish.js';
import { type Overrides, parseOverrides } from '../services/previews/overrides.js';

export type Request = PreviewRequest | CancelRequest;

export interface CancelRequest {
  command: 'cancel';
  wish: CancelWish;
  dryRun: boolean;
  /** Send without asking. */
  yes: boolean;
}

/** Targets, or closing now. */
export interface PreviewRequest {
  command: 'targets' | 'close';
  which: number | 'all';
  /** As typed; null for the position's own, or the only one. */
  account: string | null;
  overrides: Overrides;
  /** Of `close` alone. */
  close?: CloseWish;
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
  if (command !== 'targets' && command !== 'cancel' && command !== 'close')
    throw new UsageError(USAGE_SLIPS.command(command ?? ''));
  if (more.length > 0) throw new UsageError(USAGE_SLIPS.more(more.join(' ')));
  const how = { dryRun: values['dry-run'], yes: values.yes };
  if (command === 'cancel') return { command, wish: cancelWish(values), ...how };
  if (values.order !== undefined) throw new UsageError(USAGE_SLIPS.only('order', 'cancel'));
  if (values.position === undefined) throw new UsageError(USAGE_SLIPS.missing('position'));
  const which = position(values.position);
  const of = account(values.account);
  if (command === 'close')
    return { command, which: one(which, command), account: of, ...closing(values), ...how };
  foreign(values, ['at', 'portion'], 'close');
  return { command, which, account: of, overrides: overrides(values), ...how };
}

type Values = ReturnType<typeof parsed>['values'];

function foreign(values: Values, names: readonly (keyof Values)[], command: string): void {
  const found = names.find((name) => values[name]);
  if (found) throw new UsageError(USAGE_SLIPS.only(found, command));
}

function one(which: number | 'all', command: string): number {
  if (which === 'all') throw new UsageError(USAGE_SLIPS.one(command));
  return which;
}

function closing(values: Values): Pick<PreviewRequest, 'overrides' | 'close'> {
  foreign(values, ['percent', 'price', 'ladder'], 'targets');
  for (const name of ['at', 'portion'] as const) {
    if (values[name]?.trim() === '') throw new UsageError(USAGE_SLIPS.empty(name));
  }
  const overrides = values['leave-naked'] ? { leaveNaked: true } : {};
  const { at = null, portion = null } = values;
  return { overrides, close: readable(() => parseClose({ at, portion })) };
}

/** What can't be read is told as it is typed here. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UsageError(asTyped(wordsOf(error)));
  }
}

function cancelWish(values: Values): CancelWish {
  foreign(values, ['percent', 'price', 'ladder', 'leave-naked'], 'targets');
  foreign(values, ['at', 'portion'], 'close');
  const { order } = values;
  if ((order === undefined) === (values.position === undefined)) {
    throw new UsageError(USAGE_SLIPS.which);
  }
  if (order !== undefined) {
    if (!/^\d{1,20}$/.test(order)) throw new UsageError(USAGE_SLIPS.order(order));
    if (values.account !== undefined) throw new UsageError(USAGE_SLIPS.orderAccount);
    return { kind: 'order', id: order };
  }
  const id = one(position(values.position ?? ''), 'cancel');
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
        at: { type: 'string' },
        portion: { type: 'string' },
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
  return readable(() => parseOverrides({ ...values, leaveNaked: values['leave-naked'] }));
}
