import { exchangeDay } from './dates.js';
import { Exact } from './exact.js';
import { plusDays } from './exits.js';
import type { SessionOf } from './expiration.js';
import type { Decimal } from './money.js';
import type { IsoDate } from './types.js';

/** What each day changed of a position's open profit, as far as its profit was noted. */
export interface DayStep {
  /** The days it is about: one, or several on which nobody looked in between. */
  from: IsoDate;
  to: IsoDate;
  dollars: Exact;
}

export interface DaySteps {
  /** In time order. */
  steps: DayStep[];
  /** Days with a session, from the one on which it was opened on, of which nothing is known. */
  unknown: number;
}

/**
 * From what was noted of each day, the last of which may be today.
 * @param notes ascending; `units` are those held then: a day on which that number changed tells nothing
 * @param openedAt before the first note; null if nobody knows
 */
export function daySteps(
  notes: readonly { day: IsoDate; dollars: Decimal | Exact; units: number }[],
  openedAt: Date | null,
  sessionOf: SessionOf,
): DaySteps {
  const opened = openedAt && exchangeDay(openedAt);
  const steps: DayStep[] = [];
  let unknown = 0;
  for (const [index, note] of notes.entries()) {
    const before = notes[index - 1];
    const dollars = Exact.of(note.dollars);
    if (!before) {
      // The day it was opened began at nothing.
      if (opened === note.day) steps.push({ from: note.day, to: note.day, dollars });
      else if (opened !== null) unknown += sessionsBetween(opened, note.day, sessionOf);
    } else if (before.units === note.units) {
      const from = firstSession(plusDays(before.day, 1), note.day, sessionOf);
      steps.push({ from, to: note.day, dollars: dollars.minus(before.dollars) });
    } else {
      unknown += sessionsBetween(plusDays(before.day, 1), note.day, sessionOf);
    }
  }
  return { steps, unknown };
}

function firstSession(from: IsoDate, to: IsoDate, sessionOf: SessionOf): IsoDate {
  let day = from;
  while (day < to && sessionOf(day) === null) day = plusDays(day, 1);
  return day;
}

/** Both included. */
function sessionsBetween(from: IsoDate, to: IsoDate, sessionOf: SessionOf): number {
  let count = 0;
  for (let day = from; day <= to; day = plusDays(day, 1)) if (sessionOf(day) !== null) count += 1;
  return count;
}
