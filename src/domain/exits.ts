import { DAY_MS } from './dates.js';
import { UserError } from './errors.js';
import type { SessionOf } from './expiration.js';
import type { IsoDate } from './types.js';

/** Leaving a position some days before it expires: when that is due, and for which of several limits. */

/**
 * Days to expiration as people type them, such as `21, 7`: ascending, distinct.
 * @throws UserError `DAYS_UNREADABLE`
 */
export function readDays(text: string): number[] {
  const parts = text.split(/[,/;\s]+/).filter(Boolean);
  const days = [...new Set(parts.map(Number))].sort((a, b) => a - b);
  const fine = parts.length > 0 && parts.every((part) => /^\d{1,3}$/.test(part)) && days.length <= 5;
  if (fine) return days;
  throw new UserError('DAYS_UNREADABLE', { typed: text });
}

/** Of limits in ascending order, the one that so many days are within; null for none. */
export function limitOf(limits: readonly number[], days: number): number | null {
  return limits.find((limit) => days <= limit) ?? null;
}

/** The first day with a session on which no more than so many days are left; the last day itself where there is none before. */
export function dueDay(lastDay: IsoDate, limit: number, sessionOf: SessionOf): IsoDate {
  let day = plusDays(lastDay, -limit);
  while (day < lastDay && sessionOf(day) === null) day = plusDays(day, 1);
  return day;
}

/** Whether somebody opened it that late on purpose: then that limit says nothing about it. */
export function isOpenedWithin(limit: number, daysWhenOpened: number | null): boolean {
  return daysWhenOpened !== null && daysWhenOpened <= limit;
}

export function plusDays(day: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}
