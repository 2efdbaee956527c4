import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { instantMillis } from '../columns.js';

/**
 * A plan's hold on one contract of an account, from its press until its last order is settled. At most one
 * unreleased row per account and symbol (a partial unique index, so it holds between processes too).
 * Says nothing about quantities: any two plans on the same contract exclude each other.
 */
@Entity({ name: 'reservations' })
export class ReservationRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column({ type: 'text' })
  account!: string;

  @Column({ type: 'text' })
  symbol!: string;

  @Column({ name: 'plan_id', type: 'text' })
  planId!: string;

  @Column({ name: 'reserved_at', type: 'bigint', transformer: instantMillis })
  reservedAt!: Date;

  /** Null while held. Moves forward once more when an order thought absent turns up later. */
  @Column({ name: 'released_at', type: 'bigint', nullable: true, transformer: instantMillis })
  releasedAt!: Date | null;
}
