import type { NewReminder, Reminder, TakeUpRequest } from '../../../../src/ports/reminder-store.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A Monday, 10:00 in New York. */
export const T0 = new Date('2026-11-23T15:00:00.000Z');
export const at = (milliseconds: number) => new Date(T0.getTime() + milliseconds);

/** Due at `T0`, by default every hour on the hour: see `everyMinutes`. */
export function newReminder(change: Partial<NewReminder> = {}): NewReminder {
  return {
    guildId: '900',
    channelId: '800',
    userId: '111',
    kind: 'missing-targets',
    when: 'every 60',
    zone: 'America/New_York',
    marketDaysOnly: true,
    options: '{}',
    nextRunAt: T0,
    createdAt: at(-DAY),
    ...change,
  };
}

/** A schedule for tests: `every <minutes>` counted from `T0`, `once`, or `broken`. */
export function everyMinutes({ when }: Reminder, after: Date): Date | null {
  if (when === 'once') return null;
  const minutes = Number(when.replace('every ', ''));
  if (!(minutes > 0)) throw new Error('nobody can read this');
  const step = minutes * MINUTE;
  return at((Math.floor((after.getTime() - T0.getTime()) / step) + 1) * step);
}

export function request(change: Partial<TakeUpRequest> = {}): TakeUpRequest {
  return {
    now: T0,
    limit: 100,
    graceMs: 6 * HOUR,
    nextRun: everyMinutes,
    ...change,
  };
}
