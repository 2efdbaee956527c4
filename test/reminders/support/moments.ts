import { CLOSED, EARLY, YEARS } from './nyse-tables.js';

/** About noon in New York on every holiday and half day of the tables, epoch milliseconds. */
export const SPECIAL_DAYS: readonly number[] = YEARS.flatMap((year) =>
  [...(CLOSED[year] ?? []), ...(EARLY[year] ?? [])].map((day) => Date.parse(`${year}-${day}T17:00:00Z`)),
);
