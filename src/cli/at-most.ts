import { setTimeout as pause } from 'node:timers/promises';

/** Waits for something, and no longer than so long; it goes on all the same. @throws what it throws in time */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const end = new AbortController();
  const late = pause(ms, undefined, { signal: end.signal }).catch(() => {});
  await Promise.race([work, late]).finally(() => end.abort());
}
