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
 * - `claimed`: one process is delivering it until `leaseUntil`
 * - `sent`: posted; `messageRef` says where
 * - `empty`: there was nothing to say, so nothing was said
 * - `missed`: noted, too old to post when the bot came back
 * - `failed`: could not be delivered; `note` says why
 */
export type OccurrenceState = 'waiting' | 'claimed' | 'sent' | 'empty' | 'missed' | 'failed';

/** One run of one reminder; unique per reminder and instant, which is what makes it happen once. */
export interface Occurrence {
  id: number;
  reminderId: number;
  dueAt: Date;
  state: OccurrenceState;
  /** How often it was taken up. */
  attempts: number;
  /** Since when its message, or a first page of it, may be at Discord; null while nothing can have been posted. */
  dispatchedAt: Date | null;
  /** The occurrence that leads the message it left in, its own id if alone; null exactly while not dispatched. */
  leadId: number | null;
  leaseUntil: Date | null;
  messageRef: string | null;
  note: Reason | null;
  finishedAt: Date | null;
  /** The reader pressed Done. */
  doneAt: Date | null;
}

/** A claimed occurrence with its reminder. */
export interface Claim {
  occurrence: Occurrence;
  reminder: Reminder;
  /** Due instants of the same reminder that this one stands for as well (missed while the bot was down). */
  alsoMissed: Date[];
}

export interface ClaimDueRequest {
  now: Date;
  /** Who claims; a restart has a new one. */
  owner: string;
  leaseMs: number;
  limit: number;
  /** Occurrences older than this are `missed` instead of claimed. */
  graceMs: number;
  /** The reminder's next run strictly after an instant; pure and quick. */
  nextRun(reminder: Reminder, after: Date): Date | null;
}

/** Something about a reminder that its owner has to be told, once. */
export interface Notice {
  id: number;
  reminder: Reminder;
  /** `paused`: it stays silent until resumed. `failed`: one run could not be delivered. */
  news: 'paused' | 'failed';
  reason: Reason;
  /** The run this is about; null if it is about none in particular. */
  dueAt: Date | null;
  at: Date;
  /** Notices of one user taken together share it; the same for every try. */
  batch: number;
  attempts: number;
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
   * put off, waiting its turn) ends as `missed`: whoever delivers it has lost it.
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
   * Takes up what is due, oldest first, at most `limit`: active reminders with `nextRunAt <= now`, waiting occurrences,
   * and claimed ones whose lease ran out. For each due reminder: writes its occurrence (a clash means another process
   * has it), moves `nextRunAt` on past `now`, ends one-offs; of several runs missed meanwhile the latest within the
   * grace stands for all, older ones become `missed`. Exactly one process gets each occurrence.
   *
   * Occurrences that left in one message are taken together, even beyond `limit`. Past the grace only those are
   * claimed that were dispatched or put off after a failure: what became of them has to be settled or told. A reminder
   * whose `nextRun` throws is paused, with a notice. Costs one read while nothing is due.
   */
  claimDue(request: ClaimDueRequest): Promise<Claim[]>;
  /** Ends a claim; false if the claim was lost (lease over and taken by another). */
  finish(
    occurrenceId: number,
    owner: string,
    end: { state: 'sent' | 'empty' | 'failed'; messageRef?: string | null; note?: Reason | null; at: Date },
  ): Promise<boolean>;
  /** The same for all occurrences of one message, in one transaction; how many were still the owner's. */
  finishTogether(
    occurrenceIds: number[],
    owner: string,
    end: { state: 'sent' | 'empty' | 'failed'; messageRef?: string | null; note?: Reason | null; at: Date },
  ): Promise<number>;
  /** Gives a claim back to be taken up again at an instant (Discord was down, say). */
  postpone(occurrenceId: number, owner: string, until: Date, note: Reason): Promise<boolean>;
  /** The same for all occurrences of one message. `unsent`: nothing was posted for sure, they count as undispatched. */
  postponeTogether(
    occurrenceIds: number[],
    owner: string,
    put: { until: Date; note: Reason; unsent: boolean },
  ): Promise<number>;
  /** Gives claims back untried, to be taken up by anybody at once; what was dispatched stays so. */
  release(occurrenceIds: number[], owner: string, at: Date): Promise<number>;
  /** Makes claims last until an instant; the ids that are still the owner's. */
  renew(occurrenceIds: number[], owner: string, leaseUntil: Date): Promise<number[]>;
  /**
   * The gate before a message leaves: marks its occurrences, first one first, as dispatched together. The ids that are
   * still the owner's; unless these are all, nothing is marked and nothing may be sent.
   */
  dispatch(occurrenceIds: number[], owner: string, at: Date, leaseUntil: Date): Promise<number[]>;
  /**
   * Ends claims as `failed`, with a notice for each reminder's owner. `pause`: pauses the reminders, and gives notice
   * only of those that this paused or that had ended, so that one pause is told once. How many claims ended.
   */
  fail(
    occurrenceIds: number[],
    owner: string,
    failure: { reason: Reason; at: Date; pause: boolean },
  ): Promise<number>;
  occurrence(id: number): Promise<Occurrence | null>;
  /** The occurrences that left in one message, by the one that leads it; empty if it never left. */
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

  /**
   * Takes up the notices that wait, all of a user's together. One taken before and never ended (a crash) is taken again
   * only while its nonce keeps Discord from posting it twice: between `leaseMs` and `nonceMs` after.
   */
  takeNotices(request: { now: Date; limit: number; leaseMs: number; nonceMs: number }): Promise<Notice[]>;
  /** They were told, or can't ever be. */
  endNotices(ids: number[], at: Date, note: Reason | null): Promise<void>;
  /** Nothing was posted; they wait until an instant. */
  postponeNotices(ids: number[], until: Date): Promise<void>;
  /** Deletes at most `limit` runs that were over before an instant; how many. */
  prune(before: Date, limit: number): Promise<number>;
}
