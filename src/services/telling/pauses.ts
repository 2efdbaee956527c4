/** Between tries of one message, in milliseconds. */
export interface Pauses {
  /** The first one after a failure; doubles with each further one up to `mostMs`. */
  leastMs: number;
  mostMs: number;
}

export const PAUSES: Pauses = { leastMs: 10_000, mostMs: 600_000 };

/**
 * How long to wait before the next try, in milliseconds: doubling, and up to half of it left to chance so that what
 * failed together doesn't come back together.
 *
 * @param attempts tries so far, at least 1
 * @param chance in [0, 1)
 */
export function pauseBefore(attempts: number, chance: number, { leastMs, mostMs }: Pauses = PAUSES): number {
  const full = Math.min(mostMs, leastMs * 2 ** Math.min(attempts - 1, 30));
  return Math.round(full * (0.5 + chance / 2));
}
