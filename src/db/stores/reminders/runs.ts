import { type Because, becauseOf } from '../../../domain/reasons.js';
import type { Reminder, TakeUpRequest } from '../../../ports/reminder-store.js';

/** More missed runs than this are not noted one by one: a minutely reminder may have missed a year of them. */
const MAX_NOTED = 100;
/** Runs of one reminder within the grace, at most; beyond them something is wrong with its schedule. */
const MAX_RUNS = 20_000;

/** What comes of a due reminder. */
export interface RunPlan {
  /** The run to deliver; null if all are too old. */
  due: Date | null;
  /** Earlier runs within the grace, for which `due` stands as well; the latest ones only. */
  covered: Date[];
  /** The run that was planned, if it is older than the grace. Later ones before the grace aren't enumerated. */
  tooOld: Date | null;
  next: Date | null;
  /** Why the next run can't be told; then `next` is null. */
  trouble: Because | null;
}

type Request = Pick<TakeUpRequest, 'now' | 'graceMs' | 'nextRun'>;

/** Of the runs from the planned one up to now: which to deliver, which to note, and when it runs next. */
export function planRuns(reminder: Reminder, planned: Date, { now, graceMs, nextRun }: Request): RunPlan {
  const graceStart = now.getTime() - graceMs;
  const tooOld = planned.getTime() < graceStart ? planned : null;
  const runs: Date[] = tooOld ? [] : [planned];
  let next: Date | null = null;
  let trouble: Because | null = null;
  try {
    next = stepFrom(reminder, tooOld ? new Date(graceStart - 1) : planned, nextRun);
    while (next !== null && next <= now) {
      runs.push(next);
      if (runs.length > MAX_RUNS) throw new Error(`more than ${MAX_RUNS} runs are due`);
      next = stepFrom(reminder, next, nextRun);
    }
  } catch (error) {
    next = null;
    trouble = becauseOf(error);
  }
  return { due: runs.at(-1) ?? null, covered: runs.slice(-1 - MAX_NOTED, -1), tooOld, next, trouble };
}

function stepFrom(reminder: Reminder, after: Date, nextRun: Request['nextRun']): Date | null {
  const next = nextRun(reminder, after);
  if (next === null || next > after) return next;
  throw new Error('its next run does not come after the last one');
}
