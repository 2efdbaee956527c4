import { setImmediate as breathe } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../../ports/clock.js';
import type { ClaimDueRequest, Reminder, ReminderStore } from '../../ports/reminder-store.js';
import { replanned } from './replan.js';

const BATCH = 200;

export interface ReplannerDeps {
  store: ReminderStore;
  clock: Clock;
  log: Logger;
  nextRun: ClaimDueRequest['nextRun'];
}

/**
 * Works out next runs anew where zone data or market days may have changed. Never touches a run that is due: that is
 * delivered as it was planned. Another process may deliver meanwhile; whoever moves a reminder first wins.
 */
export class Replanner {
  constructor(private readonly deps: ReplannerDeps) {}

  /** All active reminders, in batches that let others in between; how many moved. Stops early when told to. */
  async run(signal: AbortSignal): Promise<number> {
    const { store, log } = this.deps;
    let moved = 0;
    let after = 0;
    while (!signal.aborted) {
      const batch = await store.activeAfter(after, BATCH);
      const last = batch.at(-1);
      if (!last) break;
      moved += await this.#replan(batch);
      after = last.id;
      await breathe();
    }
    if (moved > 0) log.info({ reminders: moved }, 'next runs moved with zone data or market days');
    return moved;
  }

  async #replan(batch: Reminder[]): Promise<number> {
    const { store, clock, nextRun } = this.deps;
    const now = clock.now();
    const suspects = batch.filter((reminder) => this.#differs(reminder, now));
    if (suspects.length === 0) return 0;
    const lasts = await store.lastRuns(suspects.map(({ id }) => id));
    const moves = suspects.flatMap((reminder) => {
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
