import type { Reason } from '../domain/reasons.js';

/**
 * - `active`: runs at `nextRunAt`
 * - `paused`: by its owner, or because it could not be delivered (`pausedReason` says which)
 * - `ended`: a one-off that ran
 */
export type ReminderState = 'active' | 'paused' | 'ended';

/** What somebody wants to be told, where, and when. */
export interface Reminder {
  id: number;
  guildId: string | null;
  channelId: string;
  /** Discord user who made it; told by direct message if it can't be delivered. */
  userId: string;
  /** A kind of the registry, such as `missing-targets`. */
  kind: string;
  /** Canonical text of when it runs; what it means is the services' business. */
  when: string;
  /** IANA zone in which `when` is read. */
  zone: string;
  marketDaysOnly: boolean;
  /** Kind-specific options, JSON text: opaque to the store. */
  options: string;
  state: ReminderState;
  pausedReason: Reason | null;
  /** Null when it won't run again, or while paused. */
  nextRunAt: Date | null;
  createdAt: Date;
}

export type NewReminder = Omit<Reminder, 'id' | 'state' | 'pausedReason'>;

/**
 * - `waiting`: due at `dueAt`, not taken up (only a snoozed one waits as a row)
 * - `owed`: taken up; the outbox has the message that tells it (kind `reminder`, topic `leadId`)
 * - `sent`: posted; `messageRef` says where
 * - `empty`: there was nothing to say, so nothing was said
 * - `missed`: noted, too old to post when the bot came back
 * - `failed`: could not be delivered; `note` says why
 */
export type OccurrenceState = 'waiting' | 'owed' | 'sent' | 'empty' | 'missed' | 'failed';

/** One run of one reminder; unique per reminder and instant, which is what makes it happen once. */
export interface Occurrence {
  id: number;
  reminderId: number;
  dueAt: Date;
  state: OccurrenceState;
  /** Since when its message, or a first page of it, may be at Discord; null while nothing can have been posted. */
  dispatchedAt: Date | null;
  /** The occurrence that leads the message it is told in, its own id if alone; null while nobody took it up. */
  leadId: number | null;
  messageRef: string | null;
  note: Reason | null;
  finishedAt: Date | null;
  /** The reader pressed Done. */
  doneAt: Date | null;
}

/** An occurrence that is owed, with its reminder. */
export interface Owed {
  occurrence: Occurrence;
  reminder: Reminder;
  /** Due instants of the same reminder that this one stands for as well (missed while the bot was down). */
  alsoMissed: Date[];
}

export interface TakeUpRequest {
  now: Date;
  /** At most so many: other writers wait for it. */
  limit: number;
  /** Occurrences older than this are `missed` instead of owed. */
  graceMs: number;
  /** The reminder's next run strictly after an instant; pure and quick. */
  nextRun(reminder: Reminder, after: Date): Date | null;
}

/** Something about a reminder that its owner has to be told, once. */
export interface Setback {
  id: number;
  reminder: Reminder;
  /** `paused`: it stays silent until resumed. `failed`: one run could not be delivered. */
  news: 'paused' | 'failed';
  reason: Reason;
  /** The run this is about; null if it is about none in particular. */
  dueAt: Date | null;
  at: Date;
}

/** Reminders and their runs. Writing methods are one transaction each, queued like the rest of the store. */
export interface ReminderStore {
  add(reminder: NewReminder): Promise<Reminder>;
  /** Null if there is none (any more). */
  reminder(id: number): Promise<Reminder | null>;
  /** A guild's (or, in direct messages, a user's) reminders, by id. */
  list(where: { guildId: string | null; userId?: string }): Promise<Reminder[]>;
  /** Changes what is given; false if it is gone. */
  change(id: number, change: Partial<Omit<Reminder, 'id' | 'createdAt'>>): Promise<boolean>;
  /**
   * Silences a reminder at its owner's wish; false if it wasn't active. What it owes and can't have posted yet (snoozed,
   * put off, waiting its turn) ends as `missed`.
   */
  pause(id: number, at: Date): Promise<boolean>;
  remove(id: number): Promise<boolean>;
  /** Active reminders in batches by id, for recomputing next runs after zone data or market days changed. */
  activeAfter(id: number, limit: number): Promise<Reminder[]>;
  /** The latest instant each of these ran at or was taken up for; missing for those that never ran. */
  lastRuns(ids: number[]): Promise<Map<number, Date>>;
  /** Of which of these the latest run that is over was not told (missed or failed), and why. */
  untold(ids: number[]): Promise<Map<number, { dueAt: Date; note: Reason | null }>>;
  /** Moves next runs, each only if it still is `from` and the reminder active; how many moved. */
  moveNextRuns(moves: { id: number; from: Date; to: Date }[]): Promise<number>;
  /** The mark of the reckoning by which all next runs were last worked out anew; null if they never were. */
  reckoning(): Promise<string | null>;
  putReckoning(mark: string): Promise<void>;

  /**
   * Takes up what is due, oldest first, at most `limit`: active reminders with `nextRunAt <= now`, and snoozed ones. For
   * each due reminder: writes its occurrence (a clash means another process has it) and the message that is owed for it
   * into the outbox, moves `nextRunAt` on past `now`, ends one-offs; of several runs missed meanwhile the latest within
   * the grace stands for all, older ones become `missed`. A reminder whose `nextRun` throws is paused, with a setback told.
   * Costs one read while nothing is due.
   * @returns how many messages more are owed
   */
  takeUp(request: TakeUpRequest): Promise<number>;
  /** What a message is still to tell, the one that leads it first. */
  owed(leadId: number): Promise<Owed[]>;
  /**
   * Lets a message tell whatever else its channel and its owner are owed, of what was due before an instant, can't have
   * left yet and is in nobody's hands: those messages are owed no more.
   */
  gather(leadId: number, late: { before: Date; now: Date }): Promise<void>;
  /**
   * The gate before a message leaves: what it tells counts as dispatched. False, and nothing is marked, unless it is to
   * tell these, and no others, still.
   */
  dispatch(leadId: number, occurrenceIds: number[], at: Date): Promise<boolean>;
  /** Ends what a message was to tell. */
  finish(
    leadId: number,
    end: { state: 'sent' | 'empty'; messageRef?: string | null; at: Date },
  ): Promise<void>;
  /** Why it isn't out. `unsent`: nothing was posted for sure, it counts as undispatched. */
  putOff(leadId: number, put: { note?: Reason; unsent: boolean }): Promise<void>;
  /**
   * Ends what a message tells too late: as `missed` where nobody has tried, else as `failed` with what was in the way.
   */
  expire(leadId: number, grace: { before: Date; at: Date }): Promise<void>;
  /**
   * Ends occurrences as `failed`, with a setback for each reminder's owner. `pause`: pauses the reminders, and tells
   * only of those that this paused or that had ended, so that one pause is told once.
   */
  fail(occurrenceIds: number[], failure: { reason: Reason; at: Date; pause: boolean }): Promise<void>;
  /** The occurrences that are told in one message, the one that leads it first. */
  together(leadId: number): Promise<Occurrence[]>;
  /** Marks Done; false if it was before. */
  markDone(occurrenceId: number, at: Date): Promise<boolean>;
  /** A further run of the same reminder at an instant; false if that instant has one already. */
  snooze(reminderId: number, dueAt: Date): Promise<boolean>;
  /** The latest runs of a reminder, newest first. */
  recent(reminderId: number, limit: number): Promise<Occurrence[]>;
  /** How much is due or under way at an instant; for status. */
  backlog(now: Date): Promise<number>;
  /** When the next active reminder runs; null if none will. */
  nextDue(): Promise<Date | null>;

  /** What one message tells an owner (kind `notice`, topic `batch`), oldest first; empty once that is over. */
  setbacks(batch: number): Promise<Setback[]>;
  /** They were told, or can't ever be. */
  endSetbacks(batch: number): Promise<void>;
  /** Deletes at most `limit` runs that were over before an instant; how many. */
  prune(before: Date, limit: number): Promise<number>;
}
