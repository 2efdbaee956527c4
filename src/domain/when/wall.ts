import type { IsoDate } from '../types.js';
import { firstMinute, offsetMs } from './offsets.js';
import type { TimeOfDay } from './when.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/**
 * A reading of a wall clock, as the epoch milliseconds it would have in UTC. Arithmetic on it is calendar
 * arithmetic; it becomes an instant only with a zone.
 */
export type WallMs = number;

/** What the clock on a wall in this zone shows at an instant (epoch milliseconds). */
export function wallAt(instant: number, zone: string): WallMs {
  return instant + offsetMs(instant, zone);
}

/**
 * The instant at which the clock shows this reading. One that daylight saving skips is the next instant there
 * is, when the clock has just jumped past it; one that comes twice is its first.
 *
 * @returns epoch milliseconds
 */
export function instantAt(wall: WallMs, zone: string): number {
  // A day away is beyond any zone's offset, so these are the offsets before and after whatever changes here.
  const before = offsetMs(wall - DAY_MS, zone);
  const after = offsetMs(wall + DAY_MS, zone);
  const first = wall - Math.max(before, after);
  if (wallAt(first, zone) === wall) return first;
  const second = wall - Math.min(before, after);
  if (wallAt(second, zone) === wall) return second;
  return firstMinute(first, second, (instant) => wallAt(instant, zone) >= wall);
}

export function wallOf(date: IsoDate, { hour, minute }: TimeOfDay): WallMs {
  return Date.parse(date) + hour * HOUR_MS + minute * MINUTE_MS;
}

/** The calendar day of a reading. */
export function dateOf(wall: WallMs): IsoDate {
  return new Date(wall).toISOString().slice(0, 10);
}
