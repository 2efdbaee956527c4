import type { IsoDate } from '../types.js';

/** A wall-clock time of day, `hour` 0–23. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** ISO weekday: Monday 1 to Sunday 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export type MarketEdge = 'open' | 'close';

/** On these weekdays, ascending and at least one, at a wall-clock time of the reminder's zone. */
export interface Weekly {
  readonly kind: 'weekly';
  readonly days: readonly Weekday[];
  readonly time: TimeOfDay;
}

/** On the first or last calendar day of each month. */
export interface Monthly {
  readonly kind: 'monthly';
  readonly day: 'first' | 'last';
  readonly time: TimeOfDay;
}

/** Minutes after (negative: before) the regular session's open or close of every market day. */
export interface Market {
  readonly kind: 'market';
  readonly edge: MarketEdge;
  readonly offset: number;
}

/** Five cron fields (minute, hour, day of month, month, day of week), single spaces, names in capitals. */
export interface Cron {
  readonly kind: 'cron';
  readonly expression: string;
}

/** Once, at a wall-clock time of the reminder's zone. */
export interface Once {
  readonly kind: 'once';
  readonly date: IsoDate;
  readonly time: TimeOfDay;
}

/** Once, at an instant: ISO 8601 in UTC with whole seconds, such as `2026-12-18T15:00:37Z`. */
export interface Instant {
  readonly kind: 'instant';
  readonly at: string;
}

/** So much later than the moment it is said: calendar days first, then minutes. Not both zero. */
export interface In {
  readonly kind: 'in';
  readonly days: number;
  readonly minutes: number;
}

/** Today or tomorrow as seen from the moment it is said. */
export interface NearDay {
  readonly kind: 'near';
  readonly day: 'today' | 'tomorrow';
  readonly time: TimeOfDay;
}

/** When something shall happen, as people say it. Plain data: it survives JSON. */
export type When = Weekly | Monthly | Market | Cron | Once | Instant | In | NearDay;

/** What means the same whenever it is read; everything that is kept must be. `resolveWhen` makes it so. */
export type ResolvedWhen = Exclude<When, In | NearDay>;

/** False for what only means something at the moment it is said (`in 2h`, `tomorrow 9:00`). */
export function isResolved(when: When): when is ResolvedWhen {
  return when.kind !== 'in' && when.kind !== 'near';
}

/** True for what happens one time only. */
export function isOneTime(when: When): boolean {
  return when.kind === 'once' || when.kind === 'instant' || !isResolved(when);
}

/** A calendar day without a zone. */
export interface Day {
  readonly month: number;
  readonly date: number;
  readonly weekday: Weekday;
  readonly lastOfMonth: boolean;
}

/** What repeats on the wall clock: all combinations of these hours and minutes, ascending, on some days. */
export interface Pattern {
  readonly onDay: (day: Day) => boolean;
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
}
