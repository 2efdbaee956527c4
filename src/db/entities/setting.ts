import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A value somebody chose while the bot runs. Never a secret, and never what `.env` decides. */
@Entity({ name: 'settings' })
export class SettingRow {
  @PrimaryColumn({ type: 'text' })
  key!: string;

  @Column({ type: 'text' })
  value!: string;
}
