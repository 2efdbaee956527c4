import { setImmediate as breathe } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../../../ports/clock.js';
import type { Reminder, ReminderStore, TakeUpRequest } from '../../../ports/reminder-store.js';
import { replanned } from './replan.js';

const BATCH = 200;
/** So many are worked out before others get their turn: a cron pattern that hardly ever fits takes about 1 ms. */
const IN_ONE_GO = 10;

export interface ReplannerDeps {
  store: ReminderStore;
  clock: Clock;
  log: Logger;
  nextRun: TakeUpRequest['nextRun'];
}

/**
 * Works out next runs anew where zone data, market days or the program may have changed. Never touches a run that is
 * due: that is delivered as it was planned. Another process may deliver meanwhile; whoever moves a reminder first wins.
 */
export class Replanner {
  constructor(private readonly deps: ReplannerDeps) {}

  /**
   * All active reminders, unless that was done under this reckoning already, by this process or one before it. What
   * is cut short leaves no mark and is done again.
   */
  async run(reckoning: string, signal: AbortSignal): Promise<void> {
    const { store, log } = this.deps;
    if ((await store.reckoning()) === reckoning) return;
    let moved = 0;
    let after = 0;
    while (!signal.aborted) {
      const batch = await store.activeAfter(after, BATCH);
      const last = batch.at(-1);
      if (!last) {
        await store.putReckoning(reckoning);
        break;
      }
      moved += await this.#replan(batch);
      after = last.id;
    }
    if (moved > 0) log.info({ reminders: moved }, 'next runs moved with zone data or market days');
  }

  async #replan(batch: Reminder[]): Promise<number> {
    const { store, clock, nextRun } = this.deps;
    const now = clock.now();
    const suspects = await inTurns(batch, (reminder) => (this.#differs(reminder, now) ? [reminder] : []));
    if (suspects.length === 0) return 0;
    const lasts = await store.lastRuns(suspects.map(({ id }) => id));
    const moves = await inTurns(suspects, (reminder) => {
      const { id, nextRunAt: from } = reminder;
      if (from === null) return [];
      const to = replanned(reminder, { now, planned: from, last: lasts.get(id) ?? null }, nextRun);
      return to.getTime() === from.getTime() ? [] : [{ id, from, to }];
    });
    return moves.length > 0 ? store.moveNextRuns(moves) : 0;
  }

  /** A reminder whose next run can't be told stays as it is: it is paused, with its reason, when it is due. */
  #differs(reminder: Reminder, now: Date): boolean {
    const { nextRunAt } = reminder;
    if (nextRunAt === null || nextRunAt <= now) return false;
    try {
      return this.deps.nextRun(reminder, now)?.getTime() !== nextRunAt.getTime();
    } catch (error) {
      this.deps.log.warn({ err: error, reminder: reminder.id }, "a reminder's next run can't be worked out");
      return false;
    }
  }
}

/** `flatMap` that lets others in every few items. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result[],
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, item] of items.entries()) {
    if (index % IN_ONE_GO === 0) await breathe();
    results.push(...work(item));
  }
  return results;
}
