import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { instantMillis, jsonText } from '../columns.js';

/** Something that happened, for people who ask later. Append-only; nothing is ever decided from it. */
@Entity({ name: 'audit_events' })
export class AuditEventRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column({ type: 'bigint', transformer: instantMillis })
  at!: Date;

  @Column({ type: 'text' })
  actor!: string;

  @Column({ type: 'text' })
  kind!: string;

  /** Null for what concerns no plan. No foreign key: an event about a lost plan must still be writable. */
  @Column({ name: 'plan_id', type: 'text', nullable: true })
  planId!: string | null;

  @Column({ type: 'text', transformer: jsonText })
  details!: Record<string, unknown>;
}
