import { z } from 'zod';
import { UserError } from '../../domain/errors.js';
import { readDays } from '../../domain/exits.js';
import { readPositionId } from '../accounts/position-id.js';

/** How Discord asks for it; a text is read into the value that is kept. */
type Asked<T> =
  | { as: 'text'; longest: number; suggested: boolean; read(typed: string): T | null }
  | { as: 'number'; least: number; most: number }
  | { as: 'flag' }
  /** Only where there are several, so it isn't part of the form itself; see `commands/account-option.ts`. */
  | { as: 'account' };

/**
 * All there is to know of one option but its words (`screens/reminders/option-words.ts`): a new one is an entry of `OPTIONS`,
 * and a kind that uses it.
 */
interface Option<T> {
  /** As people type it. */
  word: string;
  /** What may be kept. */
  kept: z.ZodType<T>;
  asked: Asked<T>;
  /** Can be taken back by `clear`. */
  clearable: boolean;
}

interface TextOption<T> extends Pick<Option<T>, 'word' | 'kept'> {
  longest: number;
  read(typed: string): T | null;
  suggested?: boolean;
  clearable?: boolean;
}

function text<T>(option: TextOption<T>): Option<T> {
  const { word, kept, longest, read, suggested = false, clearable = true } = option;
  return { word, kept, asked: { as: 'text', longest, suggested, read }, clearable };
}

function wholeNumber({ word, least, most }: { word: string; least: number; most: number }): Option<number> {
  return {
    word,
    kept: z.int().min(least).max(most),
    asked: { as: 'number', least, most },
    clearable: true,
  };
}

/** What narrows a reminder down or changes what it says; each kind uses some of these. */
export const OPTIONS = {
  /** By its whole number, which no screen shows. */
  account: {
    word: 'account',
    kept: z.string().regex(/^[\w-]{1,64}$/),
    asked: { as: 'account' },
    clearable: false,
  } satisfies Option<string> as Option<string>,
  /** Such as `QQQ`. */
  underlying: text({
    word: 'underlying',
    longest: 10,
    suggested: true,
    kept: z.string().regex(/^[A-Z0-9./]{1,10}$/),
    read: readUnderlying,
  }),
  /** By id. */
  position: text({
    word: 'position',
    longest: 100,
    suggested: true,
    kept: z.int().positive(),
    read: readPositionId,
  }),
  /** Days to expiration at or below which a position is told; ascending, distinct. */
  dte: text({
    word: 'dte',
    longest: 40,
    kept: z.array(z.int().min(0).max(1000)).min(1).max(5),
    read: readDays,
  }),
  olderThanDays: wholeNumber({
    word: 'older_than_days',
    least: 1,
    most: 3650,
  }),
  /** Orders whose limit the mark reaches within so many ticks. */
  withinTicks: wholeNumber({
    word: 'within_ticks',
    least: 0,
    most: 1000,
  }),
  /** Orders whose limit the mark reaches by moving at most so many percent. */
  withinPercent: wholeNumber({
    word: 'within_percent',
    least: 0,
    most: 100,
  }),
  /** The reader's own words; they can only be changed. */
  text: text({
    word: 'text',
    longest: 1500,
    clearable: false,
    kept: z.string().min(1).max(1500),
    read: (typed) => typed.trim() || null,
  }),
  sayWhenEmpty: {
    word: 'say_when_empty',
    kept: z.boolean(),
    asked: { as: 'flag' },
    clearable: false,
  } satisfies Option<boolean> as Option<boolean>,
} as const;

export type OptionName = keyof typeof OPTIONS;
export type OptionValue<Name extends OptionName> = (typeof OPTIONS)[Name] extends Option<infer T> ? T : never;
export type ReminderOptions = { [Name in OptionName]?: OptionValue<Name> | undefined };

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** For what holds for each of them alike, whatever its type. */
export function optionNamed(name: OptionName): Option<unknown> {
  return OPTIONS[name] as Option<unknown>;
}

const optionsSchema = z.strictObject(
  Object.fromEntries(OPTION_NAMES.map((name) => [name, optionNamed(name).kept.optional()])),
);

export function encodeOptions(options: ReminderOptions): string {
  return JSON.stringify(optionsSchema.parse(options));
}

/** @throws Error if the database holds something else: never taken for "no filter" */
export function decodeOptions(text: string): ReminderOptions {
  return optionsSchema.parse(JSON.parse(text)) as ReminderOptions;
}

/** A class of shares may be typed `BRK.B`, `BRK-B` or `brk b`, an index `$SPX`. @throws UserError `NOT_AN_UNDERLYING` */
export function readUnderlying(text: string): string {
  const symbol = text
    .trim()
    .replace(/^[$^.]/, '')
    .replaceAll(/[\s.-]+/g, '/')
    .toUpperCase();
  if (/^[A-Z0-9./]{1,10}$/.test(symbol)) return symbol;
  throw new UserError('NOT_AN_UNDERLYING', { typed: text });
}
