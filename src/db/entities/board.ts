import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** An account's board in a channel; unique by both. What its message says is the outbox's. */
@Entity({ name: 'boards' })
export class BoardRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column({ type: 'text' })
  account!: string;

  @Column({ name: 'channel_id', type: 'text' })
  channelId!: string;

  /** Rises when it is wanted at the end of its channel. */
  @Column({ type: 'integer' })
  turn!: number;

  /** It was taken down. */
  @Column({ type: 'boolean' })
  down!: boolean;
}
