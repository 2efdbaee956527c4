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
  pausedReason: string | null;
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
  /** How often delivery was begun; more than 1 means an earlier try may have posted already. */
  attempts: number;
  leaseUntil: Date | null;
  messageRef: string | null;
  note: string | null;
  finishedAt: Date | null;
  /** The reader pressed Done. */
  doneAt: Date | null;
}

/** A claimed occurrence with its reminder, and whether it comes late. */
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

/** Reminders and their runs. Writing methods are one transaction each, queued like the rest of the store. */
export interface ReminderStore {
  add(reminder: NewReminder): Promise<Reminder>;
  /** Null if there is none (any more). */
  reminder(id: number): Promise<Reminder | null>;
  /** A guild's (or, in direct messages, a user's) reminders, by id. */
  list(where: { guildId: string | null; userId?: string }): Promise<Reminder[]>;
  /** Changes what is given; false if it is gone. */
  change(id: number, change: Partial<Omit<Reminder, 'id' | 'createdAt'>>): Promise<boolean>;
  remove(id: number): Promise<boolean>;
  /** Active reminders in batches by id, for recomputing next runs after zone data or market days changed. */
  activeAfter(id: number, limit: number): Promise<Reminder[]>;

  /**
   * Takes up what is due, oldest first, at most `limit`: active reminders with `nextRunAt <= now`, waiting occurrences,
   * and claimed ones whose lease ran out. For each due reminder: writes its occurrence (a clash means another process
   * has it), moves `nextRunAt` on past `now`, ends one-offs; of several runs missed meanwhile the latest within the
   * grace stands for all, older ones become `missed`. Exactly one process gets each occurrence.
   */
  claimDue(request: ClaimDueRequest): Promise<Claim[]>;
  /** Ends a claim; false if the claim was lost (lease over and taken by another). */
  finish(
    occurrenceId: number,
    owner: string,
    end: { state: 'sent' | 'empty' | 'failed'; messageRef?: string | null; note?: string | null; at: Date },
  ): Promise<boolean>;
  /** Gives a claim back to be taken up again at an instant (Discord was down, say). */
  postpone(occurrenceId: number, owner: string, until: Date, note: string): Promise<boolean>;
  occurrence(id: number): Promise<Occurrence | null>;
  /** Marks Done; false if it was before. */
  markDone(occurrenceId: number, at: Date): Promise<boolean>;
  /** A further run of the same reminder at an instant; false if that instant has one already. */
  snooze(reminderId: number, dueAt: Date): Promise<boolean>;
  /** The latest runs of a reminder, newest first. */
  recent(reminderId: number, limit: number): Promise<Occurrence[]>;
  /** How much is due or under way at an instant; for status. */
  backlog(now: Date): Promise<number>;
}
