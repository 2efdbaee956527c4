import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { CancelState } from '../../domain/cancel-life.js';
import type { Decimal } from '../../domain/money.js';
import type { Reason } from '../../domain/reasons.js';
import type { Effect, OrderState } from '../../domain/types.js';
import type { CancellationStatus, CancelTerms } from '../../ports/cancels.js';
import { decimalText, instantMillis, jsonText, reasonText } from '../columns.js';

/** Orders offered to be cancelled. `status` leaves `open` exactly once. */
@Entity({ name: 'cancellations' })
export class CancellationRow {
  @PrimaryColumn({ type: 'text' })
  id!: string;

  @Column({ type: 'text' })
  account!: string;

  @Column({ name: 'user_id', type: 'text' })
  userId!: string;

  @Column({ name: 'channel_id', type: 'text' })
  channelId!: string;

  @Column({ type: 'text' })
  status!: CancellationStatus;

  @Column({ name: 'created_at', type: 'bigint', transformer: instantMillis })
  createdAt!: Date;

  @Column({ name: 'expires_at', type: 'bigint', transformer: instantMillis })
  expiresAt!: Date;

  /** Null exactly until it is claimed. */
  @Column({ name: 'claimed_at', type: 'bigint', nullable: true, transformer: instantMillis })
  claimedAt!: Date | null;

  /** The preview whose order is placed instead of these; null where they are only cancelled. */
  @Column({ name: 'plan_id', type: 'text', nullable: true })
  planId!: string | null;

  /** The process that claimed it, and alone sends; null before. */
  @Column({ type: 'text', nullable: true })
  owner!: string | null;
}

/**
 * The cancel of one order, written before its request may leave. What is to be cancelled never changes; only what became of
 * it does, and only forward. Never deleted.
 */
@Entity({ name: 'cancels' })
export class CancelRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column({ name: 'cancellation_id', type: 'text' })
  cancellationId!: string;

  @Column({ type: 'text' })
  account!: string;

  @Column({ name: 'order_id', type: 'text' })
  orderId!: string;

  @Column({ name: 'complex_id', type: 'text', nullable: true })
  complexId!: string | null;

  @Column({ name: 'position_ids', type: 'text', transformer: jsonText })
  positionIds!: number[];

  @Column({ type: 'text' })
  underlying!: string;

  @Column({ type: 'text', transformer: jsonText })
  legs!: CancelTerms['legs'][number][];

  @Column({ name: 'order_type', type: 'text' })
  orderType!: string;

  @Column({ name: 'time_in_force', type: 'text' })
  timeInForce!: string;

  @Column({ type: 'text', nullable: true, transformer: decimalText })
  price!: Decimal | null;

  @Column({ type: 'text', nullable: true })
  effect!: Effect | null;

  @Column({ name: 'stop_trigger', type: 'text', nullable: true, transformer: decimalText })
  stopTrigger!: Decimal | null;

  @Column({ type: 'text' })
  state!: CancelState;

  @Column({ type: 'text', nullable: true, transformer: reasonText })
  reason!: Reason | null;

  /** Null exactly until the order has ended. */
  @Column({ name: 'order_state', type: 'text', nullable: true })
  orderState!: OrderState | null;

  @Column({ name: 'replaced_by', type: 'text', nullable: true })
  replacedBy!: string | null;
}
