/**
 * What is still owed to people about a plan, as a row until it succeeded:
 * - `result`: every press that was acknowledged ends in a word, and no message goes on telling what is false
 * - `buttons`: a preview's message offers buttons, and is to lose them once it can't be sent any more
 */
export type ErrandKind = 'result' | 'buttons';

export interface Errand {
  planId: string;
  kind: ErrandKind;
  /** How often it was taken up. */
  attempts: number;
}

/** For so long a process has an errand before others take it up; whoever lives and works on it renews that in time. */
export const LEASE_MS = 30_000;

/**
 * A row is due at its time, and whoever takes it moves that time on: so two processes never do the same at once. What
 * this process commits of a press, or finds out about a plan, it is at itself.
 */
export interface ErrandStore {
  /** Those due, oldest first; they are this process's for `LEASE_MS`. */
  takeErrands(now: Date, limit: number): Promise<Errand[]>;
  /** Plans whose result no other process is at; they are this one's for `LEASE_MS`. */
  holdResults(planIds: readonly string[], now: Date): Promise<string[]>;
  /** Those of them that are still this process's stay so for `LEASE_MS`. */
  renewResults(planIds: readonly string[], now: Date): Promise<void>;
  /** Plans whose result is owed, due or not. */
  owedResults(): Promise<string[]>;
  /** What is told of a plan's orders is read from here on. */
  beginTelling(planId: string, now: Date): Promise<void>;
  /** Makes the buttons of plans that can't be sent any more due at once. */
  wakeButtons(now: Date): Promise<void>;
  /** Adds it, or moves its time; nobody is at it then. */
  oweErrand(planId: string, kind: ErrandKind, wakeAt: Date): Promise<void>;
  /** Moves the time of those that still stand, which nobody is at then; adds none. */
  putOffErrands(planIds: readonly string[], kind: ErrandKind, wakeAt: Date): Promise<void>;
  /** It is owed no more; of a result, neither is a first word that isn't out yet. */
  endErrand(planId: string, kind: ErrandKind): Promise<void>;
}
