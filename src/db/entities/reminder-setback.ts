import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Reason } from '../../domain/reasons.js';
import { instantMillis, reasonText } from '../columns.js';

/** Something about a reminder that its owner is to be told by direct message; gone once that is over. */
@Entity({ name: 'reminder_notices' })
export class ReminderSetbackRow {
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

  /** The setback that leads the message it is told in; no foreign key, the message outlives it. */
  @Column({ type: 'integer' })
  batch!: number;
}
