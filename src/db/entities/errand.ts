import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ErrandKind } from '../../ports/errands.js';
import { instantMillis } from '../columns.js';

/** Something owed to people about a plan; removed once it is done. */
@Entity({ name: 'errands' })
export class ErrandRow {
  @PrimaryColumn({ name: 'plan_id', type: 'text' })
  planId!: string;

  @PrimaryColumn({ type: 'text' })
  kind!: ErrandKind;

  /** When it may be taken up: the end of its waiting, or of the lease of whoever is at it. */
  @Column({ name: 'wake_at', type: 'bigint', transformer: instantMillis })
  wakeAt!: Date;

  /** Which process is at it; null if none is, or not known. */
  @Column({ type: 'text', nullable: true })
  owner!: string | null;

  @Column({ type: 'integer' })
  attempts!: number;

  /** Of a result: something was found out since its telling began. */
  @Column({ type: 'boolean', default: false })
  news!: boolean;
}
