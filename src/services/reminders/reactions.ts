import { DateTime } from 'luxon';
import { UserError } from '../../domain/errors.js';
import type { Clock } from '../../ports/clock.js';
import type { Occurrence, Reminder, ReminderStore } from '../../ports/reminder-store.js';
import { type AccessRules, type Actor, assertMay } from '../access/access.js';

const MINUTE_MS = 60_000;

export interface ReactionDeps {
  store: ReminderStore;
  clock: Clock;
  access: AccessRules;
}

/** What readers do with a reminder's message. A message of several reminders is dealt with as a whole. */
export class ReminderReactions {
  constructor(private readonly deps: ReactionDeps) {}

  /** @throws UserError `REMINDER_HANDLED`, `REMINDER_REMOVED`, or for no right */
  async done(actor: Actor, occurrenceId: number): Promise<void> {
    const message = await this.#message(actor, occurrenceId);
    await this.#close(message);
  }

  /**
   * Once more, in an hour or tomorrow at the same time of day.
   * @returns when
   * @throws UserError `REMINDER_HANDLED`, `REMINDER_REMOVED`, or for no right
   */
  async snooze(actor: Actor, occurrenceId: number, until: 'hour' | 'tomorrow'): Promise<Date> {
    const message = await this.#message(actor, occurrenceId);
    const [lead] = message;
    if (!lead) throw new UserError('REMINDER_REMOVED', {});
    const at = until === 'hour' ? this.#inAnHour() : this.#tomorrow(lead);
    // First the run, then the mark: a crash between the two must not lose it.
    for (const { reminder } of message) await this.deps.store.snooze(reminder.id, at);
    await this.#close(message);
    return at;
  }

  async #close(message: readonly { occurrence: Occurrence }[]): Promise<void> {
    const now = this.deps.clock.now();
    for (const { occurrence } of message) await this.deps.store.markDone(occurrence.id, now);
  }

  /** Whoever may trade may press, and whose reminder it is. */
  async #message(actor: Actor, leadId: number): Promise<{ occurrence: Occurrence; reminder: Reminder }[]> {
    const { store, access } = this.deps;
    const all = await store.together(leadId);
    const [lead] = all;
    if (!lead) throw new UserError('REMINDER_REMOVED', {});
    const found = await Promise.all(
      all.map(async (occurrence) => ({ occurrence, reminder: await store.reminder(occurrence.reminderId) })),
    );
    const message = found.flatMap(({ occurrence, reminder }) => (reminder ? [{ occurrence, reminder }] : []));
    if (message.length === 0) throw new UserError('REMINDER_REMOVED', {});
    const owners = message.map(({ reminder }) => reminder.userId);
    assertMay(access, actor, 'schedule', { owners });
    if (lead.doneAt) throw new UserError('REMINDER_HANDLED', { at: lead.doneAt });
    return message;
  }

  /** On whole minutes, so that two presses at once mean one run. */
  #inAnHour(): Date {
    const later = this.deps.clock.now().getTime() + 60 * MINUTE_MS;
    return new Date(Math.ceil(later / MINUTE_MS) * MINUTE_MS);
  }

  #tomorrow({ occurrence, reminder }: { occurrence: Occurrence; reminder: Reminder }): Date {
    const { hour, minute } = DateTime.fromJSDate(occurrence.dueAt, { zone: reminder.zone });
    const tomorrow = DateTime.fromJSDate(this.deps.clock.now(), { zone: reminder.zone }).plus({ days: 1 });
    return tomorrow.set({ hour, minute, second: 0, millisecond: 0 }).toJSDate();
  }
}
