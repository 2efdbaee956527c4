import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Exact } from '../../domain/exact.js';
import type { Decimal } from '../../domain/money.js';
import type { Reason } from '../../domain/reasons.js';
import type { Effect, OrderState, OrderStep } from '../../domain/types.js';
import type { IntentKind, IntentLeg, IntentState } from '../../ports/order-intents.js';
import { decimalText, exactText, instantMillis, jsonText, reasonText } from '../columns.js';

/**
 * One closing order we mean to place, written before its request may leave. What is to be sent never changes once it may
 * leave, and before only to less; what became of it does, and only forward. Never deleted.
 */
@Entity({ name: 'order_intents' })
export class OrderIntentRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column({ name: 'plan_id', type: 'text' })
  planId!: string;

  @Column({ type: 'text' })
  account!: string;

  @Column({ type: 'text' })
  kind!: IntentKind;

  @Column({ name: 'position_id', type: 'integer' })
  positionId!: number;

  @Column({ name: 'target_key', type: 'text' })
  targetKey!: string;

  @Column({ type: 'text' })
  label!: string;

  @Column({ type: 'text' })
  underlying!: string;

  @Column({ name: 'external_identifier', type: 'text' })
  externalIdentifier!: string;

  @Column({ type: 'text', transformer: jsonText })
  legs!: IntentLeg[];

  @Column({ type: 'integer' })
  units!: number;

  @Column({ type: 'text', transformer: decimalText })
  price!: Decimal;

  /** Null where it is no stop. */
  @Column({ name: 'stop_trigger', type: 'text', nullable: true, transformer: decimalText })
  stopTrigger!: Decimal | null;

  @Column({ type: 'text' })
  effect!: Effect;

  /** Null where the trader gave a price instead of a percent. */
  @Column({ type: 'text', nullable: true, transformer: exactText })
  percent!: Exact | null;

  /** Null where the opening price isn't known. */
  @Column({ type: 'text', nullable: true, transformer: exactText })
  profit!: Exact | null;

  @Column({ type: 'text' })
  state!: IntentState;

  /** Null until the broker gave one; never null once `placed`. */
  @Column({ name: 'broker_order_id', type: 'text', nullable: true })
  brokerOrderId!: string | null;

  /** Null until the broker said something about the order. */
  @Column({ name: 'broker_status', type: 'text', nullable: true })
  brokerStatus!: string | null;

  /** What `broker_status` means to us; null until an order was read back. */
  @Column({ name: 'broker_state', type: 'text', nullable: true })
  brokerState!: OrderState | null;

  /** How far that is on its way; null until an order was read back by a version that knows. */
  @Column({ name: 'broker_step', type: 'text', nullable: true })
  brokerStep!: OrderStep | null;

  /** The broker's order that took this one's place; null for none. */
  @Column({ name: 'replaced_by', type: 'text', nullable: true })
  replacedBy!: string | null;

  /** The broker's own time of that word, so that a late message can't undo a later one; null if not told. */
  @Column({ name: 'broker_updated_at', type: 'bigint', nullable: true, transformer: instantMillis })
  brokerUpdatedAt!: Date | null;

  /** Null while nothing went wrong; a code with its facts is kept as JSON. */
  @Column({ type: 'text', nullable: true, transformer: reasonText })
  reason!: Reason | null;

  /** The broker's orders that may be this one though they carry no identifier; null if none stands in the way. */
  @Column({ type: 'text', nullable: true, transformer: jsonText })
  lookalikes!: string[] | null;

  @Column({ name: 'created_at', type: 'bigint', transformer: instantMillis })
  createdAt!: Date;

  /** Null while the request was not allowed to leave. */
  @Column({ name: 'sent_at', type: 'bigint', nullable: true, transformer: instantMillis })
  sentAt!: Date | null;

  /** Null exactly while unresolved; moves once more when an absent order is discovered after all. */
  @Column({ name: 'settled_at', type: 'bigint', nullable: true, transformer: instantMillis })
  settledAt!: Date | null;
}
