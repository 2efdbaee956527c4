import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What somebody chose for themselves. Whoever chose nothing has no row. */
@Entity({ name: 'people' })
export class PersonRow {
  /** Discord user id. */
  @PrimaryColumn({ name: 'user_id', type: 'text' })
  userId!: string;

  /** IANA name. */
  @Column({ type: 'text' })
  zone!: string;
}
