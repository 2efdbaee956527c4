import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Reason } from '../../domain/reasons.js';
import { instantMillis, reasonText } from '../columns.js';

/** Something about a reminder that its owner is to be told by direct message, at most once. */
@Entity({ name: 'reminder_notices' })
export class ReminderNoticeRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column({ name: 'reminder_id', type: 'integer' })
  reminderId!: number;

  @Column({ name: 'user_id', type: 'text' })
  userId!: string;

  @Column({ type: 'text' })
  news!: 'paused' | 'failed';

  @Column({ type: 'text', transformer: reasonText })
  reason!: Reason;

  /** Null if it is about no run in particular. */
  @Column({ name: 'due_at', type: 'bigint', nullable: true, transformer: instantMillis })
  dueAt!: Date | null;

  @Column({ name: 'created_at', type: 'bigint', transformer: instantMillis })
  createdAt!: Date;

  /** Shared by what goes into one message; null until first taken up. */
  @Column({ type: 'integer', nullable: true })
  batch!: number | null;

  @Column({ type: 'integer' })
  attempts!: number;

  /** When it was last let go to Discord; null while nothing can have been posted. */
  @Column({ name: 'taken_at', type: 'bigint', nullable: true, transformer: instantMillis })
  takenAt!: Date | null;

  /** When it may be taken up; null once over. */
  @Column({ name: 'wake_at', type: 'bigint', nullable: true, transformer: instantMillis })
  wakeAt!: Date | null;

  /** Null until told or given up. */
  @Column({ name: 'ended_at', type: 'bigint', nullable: true, transformer: instantMillis })
  endedAt!: Date | null;

  /** Why it was given up; null if told. */
  @Column({ type: 'text', nullable: true, transformer: reasonText })
  note!: Reason | null;
}
