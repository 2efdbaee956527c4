import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { instantMillis, jsonText } from '../columns.js';

/** One message of the bot's own accord. Unique by kind, topic and news; kept as long as the message may be there. */
@Entity({ name: 'outbox' })
export class OutboxRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ type: 'text' })
  topic!: string;

  /** Empty until the message is out. */
  @Column({ type: 'text' })
  news!: string;

  @Column({ name: 'channel_id', type: 'text' })
  channelId!: string;

  @Column({ name: 'user_id', type: 'text' })
  userId!: string;

  @Column({ type: 'text', transformer: jsonText })
  pages!: string[];

  @Column({ name: 'direct_pages', type: 'text', transformer: jsonText })
  directPages!: string[];

  @Column({ type: 'text' })
  told!: string;

  /** `owed`: not as wanted yet; `told`: as wanted; `ended`: nobody looks at it any more. */
  @Column({ type: 'text' })
  state!: 'owed' | 'told' | 'ended';

  @Column({ type: 'integer' })
  attempts!: number;

  /** Null where nothing is due, or where whoever owes it says when. */
  @Column({ name: 'next_at', type: 'bigint', nullable: true, transformer: instantMillis })
  nextAt!: Date | null;

  /** Which process holds its topic; null if none does. */
  @Column({ type: 'text', nullable: true })
  owner!: string | null;

  /** Null exactly while nobody holds it. */
  @Column({ name: 'lease_until', type: 'bigint', nullable: true, transformer: instantMillis })
  leaseUntil!: Date | null;

  /** Grows when somebody wants a topic that another process holds. */
  @Column({ type: 'integer' })
  asked!: number;

  @Column({ name: 'created_at', type: 'bigint', transformer: instantMillis })
  createdAt!: Date;
}
