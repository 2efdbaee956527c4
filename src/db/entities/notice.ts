import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { NoticeKind, NoticeLevel } from '../../ports/notices.js';
import { instantMillis } from '../columns.js';

/** How loud somebody wants one kind of notice. Whoever chose nothing has no row. */
@Entity({ name: 'notice_levels' })
export class NoticeLevelRow {
  /** Discord user id. */
  @PrimaryColumn({ name: 'user_id', type: 'text' })
  userId!: string;

  @PrimaryColumn({ type: 'text' })
  kind!: NoticeKind;

  @Column({ type: 'text' })
  level!: NoticeLevel;
}

/** The channel of an account's own notices. An account without a row has none. */
@Entity({ name: 'notice_channels' })
export class NoticeChannelRow {
  @PrimaryColumn({ type: 'text' })
  account!: string;

  @Column({ name: 'channel_id', type: 'text' })
  channelId!: string;

  @Column({ name: 'user_id', type: 'text' })
  userId!: string;

  /** What was there by then is no news. */
  @Column({ type: 'bigint', transformer: instantMillis })
  since!: Date;
}
