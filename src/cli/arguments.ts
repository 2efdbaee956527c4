import { parseArgs } from 'node:util';
import { UserError } from '../domain/errors.js';
import { asTyped, USAGE_SLIPS } from '../screens/command-line.js';
import { wordsOf } from '../screens/failures/index.js';
import { PERIODS, type Period } from '../services/history/history.js';
import type { CancelWish } from '../services/orders/cancels/cancel-offer.js';
import { type CloseWish, parseClose } from '../services/previews/close-wish.js';
import { type Overrides, parseOverrides } from '../services/previews/overrides.js';

export type Request = PreviewRequest | CancelRequest | MendRequest | LookRequest;

const COMMANDS = ['targets', 'close', 'cancel', 'orders', 'history', 'reconcile'] as const;

/** Only looks. */
export interface LookRequest {
  command: 'orders' | 'history' | 'reconcile';
  /** As typed; null for all. */
  account: string | null;
  /** Of `history` alone. */
  period: Period;
  underlying: string | null;
}

/** What `reconcile` found is mended; nothing is sent. */
export interface MendRequest {
  command: 'mend';
  how: 'adopt' | 'forget';
  /** As the broker numbers it. */
  orderId: string;
  dryRun: boolean;
  /** Do it without asking. */
  yes: boolean;
}

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
  const [typed = '', ...more] = positionals;
  const command = COMMANDS.find((each) => each === typed);
  if (!command) throw new UsageError(USAGE_SLIPS.command(typed));
  if (more.length > 0) throw new UsageError(USAGE_SLIPS.more(more.join(' ')));
  if (command === 'reconcile') return mending(values) ?? look(command, values);
  foreign(values, MENDS, 'reconcile');
  if (command === 'orders' || command === 'history') return look(command, values);
  foreign(values, ['period', 'underlying'], 'history');
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

/** `--dry-run` is allowed: nothing is ever sent by these. */
function look(command: LookRequest['command'], values: Values): LookRequest {
  foreign(values, ['position', 'percent', 'price', 'ladder', 'stop', 'leave-naked'], 'targets');
  foreign(values, ['at', 'portion'], 'close');
  foreign(values, ['order'], 'cancel');
  if (command !== 'history') foreign(values, ['period', 'underlying'], 'history');
  const { period = '30-days', underlying = null } = values;
  const known = PERIODS.find((each) => each === period);
  if (!known) throw new UsageError(USAGE_SLIPS.period(period, PERIODS));
  if (underlying?.trim() === '') throw new UsageError(USAGE_SLIPS.empty('underlying'));
  return { command, account: account(values.account), period: known, underlying };
}

const MENDS = ['adopt', 'forget', 'cancel'] as const;

/** Null where it is only to look. */
function mending(values: Values): MendRequest | CancelRequest | null {
  const [how, ...more] = MENDS.filter((each) => values[each] !== undefined);
  if (how === undefined) return null;
  if (more.length > 0) throw new UsageError(USAGE_SLIPS.oneMend);
  look('reconcile', values);
  if (values.account !== undefined) throw new UsageError(USAGE_SLIPS.itsAccount(how));
  const id = orderId(values[how] ?? '', how);
  const asked = { dryRun: values['dry-run'], yes: values.yes };
  if (how === 'cancel') return { command: 'cancel', wish: { kind: 'order', id }, ...asked };
  return { command: 'mend', how, orderId: id, ...asked };
}

function orderId(text: string, option: string): string {
  if (!/^\d{1,20}$/.test(text)) throw new UsageError(USAGE_SLIPS.order(text, option));
  return text;
}

function foreign(values: Values, names: readonly (keyof Values)[], command: string): void {
  const found = names.find((name) => values[name]);
  if (found) throw new UsageError(USAGE_SLIPS.only(found, command));
}

function one(which: number | 'all', command: string): number {
  if (which === 'all') throw new UsageError(USAGE_SLIPS.one(command));
  return which;
}

function closing(values: Values): Pick<PreviewRequest, 'overrides' | 'close'> {
  foreign(values, ['percent', 'price', 'ladder', 'stop'], 'targets');
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
  foreign(values, ['percent', 'price', 'ladder', 'stop', 'leave-naked'], 'targets');
  foreign(values, ['at', 'portion'], 'close');
  const { order } = values;
  if ((order === undefined) === (values.position === undefined)) {
    throw new UsageError(USAGE_SLIPS.which);
  }
  if (order !== undefined) {
    const id = orderId(order, 'order');
    if (values.account !== undefined) throw new UsageError(USAGE_SLIPS.itsAccount('order'));
    return { kind: 'order', id };
  }
  const id = one(position(values.position ?? ''), 'cancel');
  return { kind: 'position', id, account: account(values.account) };
}

function parsed(args: string[]) {
  const { tokens, ...read } = tokenised(args);
  const said = tokens.flatMap((token) =>
    token.kind === 'option' && token.value !== undefined ? token.name : [],
  );
  const twice = said.find((name, index) => said.indexOf(name) < index);
  // The last one would win, and which was meant nobody knows.
  if (twice !== undefined) throw new UsageError(USAGE_SLIPS.twice(twice));
  return read;
}

function tokenised(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      tokens: true,
      options: {
        position: { type: 'string' },
        order: { type: 'string' },
        adopt: { type: 'string' },
        forget: { type: 'string' },
        cancel: { type: 'string' },
        account: { type: 'string' },
        percent: { type: 'string' },
        price: { type: 'string' },
        ladder: { type: 'string' },
        stop: { type: 'string' },
        at: { type: 'string' },
        portion: { type: 'string' },
        period: { type: 'string' },
        underlying: { type: 'string' },
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
  stop?: string | undefined;
  'leave-naked': boolean;
}): Overrides {
  for (const name of ['percent', 'price', 'ladder', 'stop'] as const) {
    if (values[name]?.trim() === '') throw new UsageError(USAGE_SLIPS.empty(name));
  }
  return readable(() => parseOverrides({ ...values, leaveNaked: values['leave-naked'] }));
}
