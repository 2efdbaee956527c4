import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PlanStatus } from '../../ports/plan-status.js';
import { instantMillis, jsonText } from '../columns.js';

/**
 * A preview shown to one trader. `status` leaves `open` exactly once. Never says what became of each order:
 * that is in its intents.
 */
@Entity({ name: 'plans' })
export class PlanRow {
  @PrimaryColumn({ type: 'text' })
  id!: string;

  @Column({ type: 'text' })
  account!: string;

  @Column({ name: 'user_id', type: 'text' })
  userId!: string;

  /** Null in direct messages and on the command line. */
  @Column({ name: 'guild_id', type: 'text', nullable: true })
  guildId!: string | null;

  @Column({ name: 'channel_id', type: 'text' })
  channelId!: string;

  @Column({ name: 'message_ids', type: 'text', transformer: jsonText })
  messageIds!: string[];

  @Column({ type: 'text' })
  status!: PlanStatus;

  @Column({ name: 'created_at', type: 'bigint', transformer: instantMillis })
  createdAt!: Date;

  @Column({ name: 'expires_at', type: 'bigint', transformer: instantMillis })
  expiresAt!: Date;

  /** Opaque here. */
  @Column({ type: 'text' })
  payload!: string;

  /** Null until the outcome was posted. */
  @Column({ name: 'reported_at', type: 'bigint', nullable: true, transformer: instantMillis })
  reportedAt!: Date | null;

  /** Null until the message about it tells what its fresh orders became; null again when told anew. */
  @Column({ name: 'looked_at', type: 'bigint', nullable: true, transformer: instantMillis })
  lookedAt!: Date | null;
}
