/** Calls a job again and again. What must not be missed is never left to it: it only asks "is anything due?". */
export interface Ticker {
  /** Begins. A call may come while an earlier one is under way; the job has to cope. */
  start(job: () => void): void;
  /** No call begins any more. May be called again. */
  stop(): void;
}
