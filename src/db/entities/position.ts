import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { PositionStep } from '../../domain/position-life.js';
import { instantMillis } from '../columns.js';

/**
 * A position somebody has seen: the number traders call it by (`#37`) and the key it is recognised by.
 * Never says that the position is still held, and a row is never deleted: its number stays taken.
 */
@Entity({ name: 'positions' })
export class PositionRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column({ type: 'text' })
  account!: string;

  /** Unique within the account. */
  @Column({ type: 'text' })
  key!: string;

  @Column({ type: 'text' })
  underlying!: string;

  /** As last recognised. */
  @Column({ type: 'text' })
  strategy!: string;

  /** Where it was on its way when it last moved; null until that was told. */
  @Column({ type: 'text', nullable: true })
  step!: PositionStep | null;

  /** When that was read. */
  @Column({ name: 'step_at', type: 'bigint', nullable: true, transformer: instantMillis })
  stepAt!: Date | null;

  @Column({ name: 'first_seen_at', type: 'bigint', transformer: instantMillis })
  firstSeenAt!: Date;

  @Column({ name: 'last_seen_at', type: 'bigint', transformer: instantMillis })
  lastSeenAt!: Date;
}
