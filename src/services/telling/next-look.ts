import { DAY_MS } from '../../domain/dates.js';

/** What lags longer never comes. */
const LONGEST_MS = 7 * DAY_MS;

export interface Looks {
  leastMs: number;
  mostMs: number;
  /** The pause as a part of the time that has passed. */
  part: number;
}

/** When to look again at something that lags since a moment: the older it is, the rarer; null once nothing more will come. */
export function nextLook(now: Date, since: Date, { leastMs, mostMs, part }: Looks): Date | null {
  const age = now.getTime() - since.getTime();
  if (age > LONGEST_MS) return null;
  return new Date(now.getTime() + Math.min(Math.max(leastMs, age * part), mostMs));
}
