import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Reason } from '../../domain/reasons.js';
import type { OccurrenceState } from '../../ports/reminder-store.js';
import { instantMillis, reasonText } from '../columns.js';

/**
 * One run of one reminder: unique per reminder and instant, which is what makes it happen once. Leaves `owed`
 * exactly once, and is then over for good; only Done may still be pressed.
 */
@Entity({ name: 'reminder_occurrences' })
export class ReminderOccurrenceRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column({ name: 'reminder_id', type: 'integer' })
  reminderId!: number;

  @Column({ name: 'due_at', type: 'bigint', transformer: instantMillis })
  dueAt!: Date;

  /** Asked for by a Snooze button, not by the reminder's schedule. */
  @Column({ type: 'boolean' })
  snoozed!: boolean;

  @Column({ type: 'text' })
  state!: OccurrenceState;

  /** When a snoozed one is due; null once it was taken up. */
  @Column({ name: 'wake_at', type: 'bigint', nullable: true, transformer: instantMillis })
  wakeAt!: Date | null;

  /** Null while nothing can have been posted. */
  @Column({ name: 'dispatched_at', type: 'bigint', nullable: true, transformer: instantMillis })
  dispatchedAt!: Date | null;

  /** The occurrence whose id marks the message; null while nobody took it up. No foreign key: the mark outlives the row. */
  @Column({ name: 'lead_id', type: 'integer', nullable: true })
  leadId!: number | null;

  /** Of a missed run: the later run whose message tells of it; null if none does. */
  @Column({ name: 'covered_by', type: 'integer', nullable: true })
  coveredBy!: number | null;

  /** Null unless sent. */
  @Column({ name: 'message_ref', type: 'text', nullable: true })
  messageRef!: string | null;

  /** Why it was put off, missed or failed; null if there is nothing to say. */
  @Column({ type: 'text', nullable: true, transformer: reasonText })
  note!: Reason | null;

  /** Null while waiting or owed. */
  @Column({ name: 'finished_at', type: 'bigint', nullable: true, transformer: instantMillis })
  finishedAt!: Date | null;

  /** Null until Done is pressed. */
  @Column({ name: 'done_at', type: 'bigint', nullable: true, transformer: instantMillis })
  doneAt!: Date | null;
}
