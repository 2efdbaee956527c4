import type { Reason } from '../domain/reasons.js';
import type * as Port from '../ports/reminder-store.js';
import { recall, remember } from './bot-state.js';
import type { Database } from './database.js';
import * as failures from './stores/reminders/failures.js';
import * as messages from './stores/reminders/messages.js';
import * as occurrences from './stores/reminders/occurrences.js';
import * as reminders from './stores/reminders/reminders.js';
import { toOccurrence, toReminder } from './stores/reminders/rows.js';
import * as setbacks from './stores/reminders/setbacks.js';
import * as due from './stores/reminders/take-up.js';

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

  /** A transaction that only noted what came too late owes nothing, though more may be due. */
  async takeUp(request: Port.TakeUpRequest): Promise<number> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (!(await this.database.read((m) => due.anythingDue(m, request.now)))) break;
      const { owed, any } = await this.database.write((m) => due.takeUp(m, request));
      if (owed > 0 || !any) return owed;
    }
    return 0;
  }

  owed(leadId: number): Promise<Port.Owed[]> {
    return this.database.read((m) => messages.owed(m, leadId));
  }

  gather(leadId: number, late: { before: Date; now: Date }): Promise<void> {
    return this.database.write((m) => messages.gather(m, leadId, late));
  }

  dispatch(leadId: number, ids: number[], at: Date): Promise<boolean> {
    return this.database.write((m) => messages.dispatch(m, leadId, ids, at));
  }

  finish(leadId: number, end: occurrences.Ending): Promise<void> {
    return this.database.write(async (m) => {
      await messages.changeOwed(m, await messages.lockOwed(m, { leadId }), occurrences.ending(end));
    });
  }

  putOff(leadId: number, put: { note?: Reason; unsent: boolean }): Promise<void> {
    return this.database.write((m) => messages.putOff(m, leadId, put));
  }

  expire(leadId: number, grace: { before: Date; at: Date }): Promise<void> {
    return this.database.write((m) => failures.expire(m, leadId, grace));
  }

  fail(ids: number[], failure: failures.Failure): Promise<void> {
    return this.database.write((m) => failures.fail(m, ids, failure));
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
    return this.database.read((m) => due.backlog(m, now));
  }

  nextDue(): Promise<Date | null> {
    return this.database.read((m) => reminders.nextDue(m));
  }

  setbacks(batch: number): Promise<Port.Setback[]> {
    return this.database.read((m) => setbacks.setbacksOf(m, batch));
  }

  endSetbacks(batch: number): Promise<void> {
    return this.database.write((m) => setbacks.endSetbacks(m, batch));
  }

  prune(before: Date, limit: number): Promise<number> {
    return this.database.write((m) => occurrences.prune(m, before, limit));
  }
}
