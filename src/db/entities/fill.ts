import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Decimal } from '../../domain/money.js';
import type { LegAction } from '../../domain/types.js';
import { decimalText, instantMillis } from '../columns.js';

/** One execution the broker reported on one leg of one of our orders. Never changed, never deleted. */
@Entity({ name: 'fills' })
export class FillRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column({ name: 'intent_id', type: 'integer' })
  intentId!: number;

  /** The broker's id; unique within intent and symbol. */
  @Column({ name: 'fill_id', type: 'text' })
  fillId!: string;

  @Column({ type: 'text' })
  symbol!: string;

  @Column({ type: 'text' })
  action!: LegAction;

  /** Contracts. */
  @Column({ type: 'integer' })
  quantity!: number;

  /** Per share, unsigned. */
  @Column({ type: 'text', transformer: decimalText })
  price!: Decimal;

  @Column({ name: 'filled_at', type: 'bigint', transformer: instantMillis })
  filledAt!: Date;
}
