/** So many of one kind, such as fills or closed positions, have a message each in a channel within a minute. */
export const TOLD_SINGLY = 5;

/** A minute, in milliseconds: so long a digest takes up what comes, and so long each counts as one of many. */
export const GATHERS_MS = 60_000;

/**
 * How the next one of a channel is told, by how many came within the last minute.
 * - `own`: by a message of its own
 * - `join`: by the digest that is open
 * - `begin`: by a new digest
 */
export function tellingOf(
  now: Date,
  /** Those owed before, in whatever way; at least all of the last minute. */
  former: readonly Date[],
  /** When the latest digest was begun; null for none. */
  begun: Date | null,
): 'own' | 'join' | 'begin' {
  const isLate = (at: Date) => now.getTime() - at.getTime() < GATHERS_MS;
  if (former.filter(isLate).length < TOLD_SINGLY) return 'own';
  return begun !== null && isLate(begun) ? 'join' : 'begin';
}
