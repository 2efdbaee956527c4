import { UserError } from '../errors.js';
import { printWhen } from './print.js';
import { DAY_MS, dateOf, instantAt, MINUTE_MS, wallAt, wallOf } from './wall.js';
import type { In, Instant, NearDay, Once, ResolvedWhen, When } from './when.js';

const SECOND_MS = 1000;

/**
 * Fixes what only means something now: `tomorrow 9:00` becomes a date, `in 2h` an instant (whole seconds,
 * rounded up). Everything else stays as it is.
 *
 * @param zone IANA name of the trader's zone
 * @throws UserError `WHEN_PAST` if the one time it means is not ahead of `now`
 */
export function resolveWhen(when: When, now: Date, zone: string): ResolvedWhen {
  switch (when.kind) {
    case 'in':
      return ahead(when, now, zone);
    case 'near':
      return notPast(dated(when, now, zone), now, zone);
    case 'once':
    case 'instant':
      return notPast(when, now, zone);
    default:
      return when;
  }
}

/** When a one-time `When` is due, in epoch milliseconds. */
export function instantOf(when: Once | Instant, zone: string): number {
  return when.kind === 'instant' ? Date.parse(when.at) : instantAt(wallOf(when.date, when.time), zone);
}

/** Days keep the time on the clock, minutes are counted on the stopwatch. */
function ahead({ days, minutes }: In, now: Date, zone: string): Instant {
  const start = now.getTime();
  const later = days === 0 ? start : instantAt(wallAt(start, zone) + days * DAY_MS, zone);
  const at = Math.ceil((later + minutes * MINUTE_MS) / SECOND_MS) * SECOND_MS;
  return { kind: 'instant', at: new Date(at).toISOString().replace('.000Z', 'Z') };
}

function dated({ day, time }: NearDay, now: Date, zone: string): Once {
  const today = wallAt(now.getTime(), zone);
  return { kind: 'once', date: dateOf(today + (day === 'tomorrow' ? DAY_MS : 0)), time };
}

function notPast<T extends Once | Instant>(when: T, now: Date, zone: string): T {
  if (instantOf(when, zone) > now.getTime()) return when;
  throw new UserError('WHEN_PAST', {
    when: printWhen(when),
    zone: when.kind === 'instant' ? null : zone,
  });
}
