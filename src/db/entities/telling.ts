import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { instantMillis } from '../columns.js';

/** A message that tells what became of a plan's orders. Kept as long as the message may be there. */
@Entity({ name: 'tellings' })
export class TellingRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column({ name: 'plan_id', type: 'text' })
  planId!: string;

  /** Unique within the plan. */
  @Column({ type: 'text' })
  ref!: string;

  @Column({ type: 'boolean' })
  direct!: boolean;

  @Column({ type: 'text' })
  posted!: string;

  /** Empty if that is not known. */
  @Column({ type: 'text' })
  says!: string;

  @Column({ name: 'created_at', type: 'bigint', transformer: instantMillis })
  createdAt!: Date;
}
