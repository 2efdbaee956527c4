import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

export class CreateReminders1795446000008 implements MigrationInterface {
  readonly name = 'CreateReminders1795446000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "reminders" (
        "id" ${serialKey(runner)},
        "guild_id" TEXT,
        "channel_id" TEXT NOT NULL,
        "user_id" TEXT NOT NULL,
        "kind" TEXT NOT NULL,
        "when_text" TEXT NOT NULL,
        "zone" TEXT NOT NULL,
        "market_days_only" BOOLEAN NOT NULL,
        "options" TEXT NOT NULL,
        "state" TEXT NOT NULL,
        "paused_reason" TEXT,
        "next_run_at" BIGINT,
        "created_at" BIGINT NOT NULL,
        CONSTRAINT "reminders_state" CHECK ("state" IN ('active', 'paused', 'ended')),
        CONSTRAINT "reminders_silent_unless_active" CHECK ("state" = 'active' OR "next_run_at" IS NULL),
        CONSTRAINT "reminders_reason" CHECK ("state" = 'paused' OR "paused_reason" IS NULL)
      )`);
    // The clock's question: what is due? It must not cost more the more reminders there are.
    await runner.query(`
      CREATE INDEX "reminders_due" ON "reminders" ("next_run_at") WHERE "next_run_at" IS NOT NULL`);
    await runner.query('CREATE INDEX "reminders_whose" ON "reminders" ("guild_id", "user_id")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "reminders"');
  }
}
