import type { Reason } from '../domain/reasons.js';
import type * as Port from '../ports/reminder-store.js';
import { recall, remember } from './bot-state.js';
import type { Database } from './database.js';
import * as claims from './stores/reminders/claims.js';
import { fail } from './stores/reminders/failures.js';
import * as notices from './stores/reminders/notices.js';
import * as occurrences from './stores/reminders/occurrences.js';
import * as reminders from './stores/reminders/reminders.js';
import { toOccurrence, toReminder } from './stores/reminders/rows.js';

const RECKONING = 'reminder-reckoning';
/** Each ends some of what is due; what is left is for the next call. */
const MAX_ROUNDS = 100;

/** The port over a database: each writing method is one transaction, each reading one a single look. */
export class DatabaseReminderStore implements Port.ReminderStore {
  constructor(private readonly database: Database) {}

  add(reminder: Port.NewReminder): Promise<Port.Reminder> {
    return this.database.write((m) => reminders.addReminder(m, reminder));
  }

  async reminder(id: number): Promise<Port.Reminder | null> {
    const row = await this.database.read((m) => reminders.findReminder(m, id));
    return row && toReminder(row);
  }

  async list(where: { guildId: string | null; userId?: string }): Promise<Port.Reminder[]> {
    return (await this.database.read((m) => reminders.listReminders(m, where))).map(toReminder);
  }

  change(id: number, change: reminders.ReminderChange): Promise<boolean> {
    return this.database.write((m) => reminders.changeReminder(m, id, change));
  }

  pause(id: number, at: Date): Promise<boolean> {
    return this.database.write(async (m) => {
      await occurrences.endOwed(m, id, at);
      return reminders.pauseReminder(m, id, null);
    });
  }

  remove(id: number): Promise<boolean> {
    return this.database.write((m) => reminders.removeReminder(m, id));
  }

  async activeAfter(id: number, limit: number): Promise<Port.Reminder[]> {
    return (await this.database.read((m) => reminders.activeAfter(m, id, limit))).map(toReminder);
  }

  lastRuns(ids: number[]): Promise<Map<number, Date>> {
    return this.database.read((m) => occurrences.lastRuns(m, ids));
  }

  untold(ids: number[]): Promise<Map<number, { dueAt: Date; note: Reason | null }>> {
    return this.database.read((m) => occurrences.untold(m, ids));
  }

  moveNextRuns(moves: { id: number; from: Date; to: Date }[]): Promise<number> {
    return this.database.write((m) => reminders.moveNextRuns(m, moves));
  }

  reckoning(): Promise<string | null> {
    return this.database.read((m) => recall(m, RECKONING));
  }

  putReckoning(mark: string): Promise<void> {
    return this.database.write((m) => remember(m, RECKONING, mark));
  }

  /** A transaction that only noted what came too late gives no claims, though more may be due. */
  async claimDue(request: Port.ClaimDueRequest): Promise<Port.Claim[]> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (!(await this.database.read((m) => claims.anythingDue(m, request.now)))) break;
      const taken = await this.database.write((m) => claims.claimDue(m, request));
      if (taken.length > 0) return taken;
    }
    return [];
  }

  async finish(id: number, owner: string, end: occurrences.Ending): Promise<boolean> {
    return (await this.finishTogether([id], owner, end)) === 1;
  }

  finishTogether(ids: number[], owner: string, end: occurrences.Ending): Promise<number> {
    return this.database.write((m) => occurrences.changeClaims(m, ids, owner, occurrences.ending(end)));
  }

  async postpone(id: number, owner: string, until: Date, note: Reason): Promise<boolean> {
    return (await this.postponeTogether([id], owner, { until, note, unsent: false })) === 1;
  }

  postponeTogether(
    ids: number[],
    owner: string,
    { until, note, unsent }: { until: Date; note: Reason; unsent: boolean },
  ): Promise<number> {
    const waiting = { state: 'waiting', owner: null, wakeAt: until, note } as const;
    const change = unsent ? { ...waiting, dispatchedAt: null, leadId: null } : waiting;
    return this.database.write((m) => occurrences.changeClaims(m, ids, owner, change));
  }

  release(ids: number[], owner: string, at: Date): Promise<number> {
    return this.database.write((m) => occurrences.release(m, ids, owner, at));
  }

  renew(ids: number[], owner: string, leaseUntil: Date): Promise<number[]> {
    return this.database.write(async (m) => {
      await occurrences.changeClaims(m, ids, owner, { wakeAt: leaseUntil });
      return (await occurrences.heldClaims(m, ids, owner)).map(({ id }) => id);
    });
  }

  dispatch(ids: number[], owner: string, at: Date, leaseUntil: Date): Promise<number[]> {
    return this.database.write((m) => occurrences.dispatch(m, ids, owner, at, leaseUntil));
  }

  fail(ids: number[], owner: string, failure: { reason: Reason; at: Date; pause: boolean }): Promise<number> {
    return this.database.write((m) => fail(m, ids, owner, failure));
  }

  async occurrence(id: number): Promise<Port.Occurrence | null> {
    const row = await this.database.read((m) => occurrences.findOccurrence(m, id));
    return row && toOccurrence(row);
  }

  async together(leadId: number): Promise<Port.Occurrence[]> {
    return (await this.database.read((m) => occurrences.together(m, leadId))).map(toOccurrence);
  }

  markDone(id: number, at: Date): Promise<boolean> {
    return this.database.write((m) => occurrences.markDone(m, id, at));
  }

  snooze(reminderId: number, dueAt: Date): Promise<boolean> {
    return this.database.write((m) => occurrences.snooze(m, reminderId, dueAt));
  }

  async recent(reminderId: number, limit: number): Promise<Port.Occurrence[]> {
    const rows = await this.database.read((m) => occurrences.recentOccurrences(m, reminderId, limit));
    return rows.map(toOccurrence);
  }

  backlog(now: Date): Promise<number> {
    return this.database.read((m) => claims.backlog(m, now));
  }

  nextDue(): Promise<Date | null> {
    return this.database.read((m) => reminders.nextDue(m));
  }

  takeNotices(request: {
    now: Date;
    limit: number;
    leaseMs: number;
    nonceMs: number;
  }): Promise<Port.Notice[]> {
    return this.database.write((m) => notices.takeNotices(m, request));
  }

  endNotices(ids: number[], at: Date, note: Reason | null): Promise<void> {
    return this.database.write((m) => notices.endNotices(m, ids, at, note));
  }

  postponeNotices(ids: number[], until: Date): Promise<void> {
    return this.database.write((m) => notices.postponeNotices(m, ids, until));
  }

  prune(before: Date, limit: number): Promise<number> {
    return this.database.write((m) => occurrences.prune(m, before, limit));
  }
}
