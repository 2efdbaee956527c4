import { z } from 'zod';
import { UserError } from '../../domain/errors.js';

/** What narrows a reminder down or changes what it says; each kind uses some of these. */
export const optionsSchema = z.strictObject({
  /** Only this underlying, such as `QQQ`. */
  underlying: z
    .string()
    .regex(/^[A-Z0-9./]{1,10}$/)
    .optional(),
  /** Only this position, by id. */
  position: z.int().positive().optional(),
  /** Days to expiration at or below which a position is told; ascending, distinct. */
  dte: z.array(z.int().min(0).max(1000)).min(1).max(5).optional(),
  /** Orders at least this many days old. */
  olderThanDays: z.int().min(1).max(3650).optional(),
  /** Orders whose limit the mark reaches within so many ticks. */
  withinTicks: z.int().min(0).max(1000).optional(),
  /** Orders whose limit the mark reaches by moving at most so many percent. */
  withinPercent: z.int().min(0).max(100).optional(),
  /** The reader's own words. */
  text: z.string().min(1).max(1500).optional(),
  /** Post also when there is nothing to tell. */
  sayWhenEmpty: z.boolean().optional(),
});

export type ReminderOptions = z.output<typeof optionsSchema>;
export type OptionName = keyof ReminderOptions;

export function encodeOptions(options: ReminderOptions): string {
  return JSON.stringify(optionsSchema.parse(options));
}

/** @throws Error if the database holds something else: never taken for "no filter" */
export function decodeOptions(text: string): ReminderOptions {
  return optionsSchema.parse(JSON.parse(text));
}

/**
 * Reads `21, 7` into `[7, 21]`.
 * @throws UserError `DAYS_UNREADABLE`
 */
export function readDte(text: string): number[] {
  const parts = text.split(/[,/;\s]+/).filter(Boolean);
  const days = [...new Set(parts.map(Number))].sort((a, b) => a - b);
  const fine = parts.length > 0 && parts.every((part) => /^\d{1,3}$/.test(part)) && days.length <= 5;
  if (fine) return days;
  throw new UserError('DAYS_UNREADABLE', { typed: text });
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
