import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Decimal } from '../../domain/money.js';
import { decimalText, jsonText } from '../columns.js';

/** When an account's positions are to be left before they expire. An account without a row has no such rule. */
@Entity({ name: 'exit_rules' })
export class ExitRuleRow {
  @PrimaryColumn({ type: 'text' })
  account!: string;

  /** Days to expiration, ascending. */
  @Column({ type: 'text', transformer: jsonText })
  days!: readonly number[];

  @Column({ name: 'channel_id', type: 'text' })
  channelId!: string;

  @Column({ name: 'user_id', type: 'text' })
  userId!: string;
}

/** The open profit of a position as it was seen last on a day. A day on which nobody looked has no row. */
@Entity({ name: 'day_profits' })
export class DayProfitRow {
  @PrimaryColumn({ name: 'position_id', type: 'integer' })
  positionId!: number;

  /** At the exchange. */
  @PrimaryColumn({ type: 'text' })
  day!: string;

  @Column({ type: 'text', transformer: decimalText })
  dollars!: Decimal;

  @Column({ type: 'integer' })
  units!: number;
}
