import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Reason } from '../../domain/reasons.js';
import type { ReminderState } from '../../ports/reminder-store.js';
import { instantMillis, reasonText } from '../columns.js';

/** What somebody wants to be told, where and when. Never says what was told: that is in its occurrences. */
@Entity({ name: 'reminders' })
export class ReminderRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  /** Null in direct messages. */
  @Column({ name: 'guild_id', type: 'text', nullable: true })
  guildId!: string | null;

  @Column({ name: 'channel_id', type: 'text' })
  channelId!: string;

  @Column({ name: 'user_id', type: 'text' })
  userId!: string;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ name: 'when_text', type: 'text' })
  when!: string;

  @Column({ type: 'text' })
  zone!: string;

  @Column({ name: 'market_days_only', type: 'boolean' })
  marketDaysOnly!: boolean;

  /** Opaque here. */
  @Column({ type: 'text' })
  options!: string;

  @Column({ type: 'text' })
  state!: ReminderState;

  /** Null unless paused, and where the owner paused it without a word. */
  @Column({ name: 'paused_reason', type: 'text', nullable: true, transformer: reasonText })
  pausedReason!: Reason | null;

  /** Null unless active. */
  @Column({ name: 'next_run_at', type: 'bigint', nullable: true, transformer: instantMillis })
  nextRunAt!: Date | null;

  @Column({ name: 'created_at', type: 'bigint', transformer: instantMillis })
  createdAt!: Date;
}
