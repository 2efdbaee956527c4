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

/** A message that tells what became of a plan's orders. */
export interface Telling {
  /** `channel/message`, pages joined by commas. */
  ref: string;
  /** A direct message, because the channel refused it. */
  direct: boolean;
  /** The news it was posted with (see `newsOf`). */
  posted: string;
  /** What it says by now (see `saysOf`); empty if that is not known. */
  says: string;
}

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
  endErrand(planId: string, kind: ErrandKind): Promise<void>;
  /** In the order they were posted. */
  tellings(planId: string): Promise<Telling[]>;
  /** Adds it, or brings up to date what it says. */
  putTelling(planId: string, telling: Telling, at: Date): Promise<void>;
  /** It has more or fewer pages now, and is known by another reference. */
  moveTelling(planId: string, from: string, to: string): Promise<void>;
  /** Somebody deleted it. */
  dropTelling(planId: string, ref: string): Promise<void>;
}
