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

/** A row is due at its time, and whoever takes it moves that time on: so two processes never do the same at once. */
export interface ErrandStore {
  /** Those due, oldest first; nobody else gets them before `until`. */
  takeErrands(now: Date, until: Date, limit: number): Promise<Errand[]>;
  /** Plans whose result is owed, due or not. */
  owedResults(): Promise<string[]>;
  /** Makes the buttons of plans that can't be sent any more due at once. */
  wakeButtons(now: Date): Promise<void>;
  /** Adds it, or moves its time. */
  oweErrand(planId: string, kind: ErrandKind, wakeAt: Date): Promise<void>;
  /** Moves the time of those that still stand; adds none. */
  putOffErrands(planIds: readonly string[], kind: ErrandKind, wakeAt: Date): Promise<void>;
  /** It is owed no more; of a result, neither is a first word that isn't out yet. */
  endErrand(planId: string, kind: ErrandKind): Promise<void>;
}
