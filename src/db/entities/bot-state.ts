import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something the bot found out for itself. Never a secret. */
@Entity({ name: 'bot_state' })
export class BotStateRow {
  @PrimaryColumn({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  value!: string;
}
