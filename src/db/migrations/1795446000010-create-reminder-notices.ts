import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

export class CreateReminderNotices1795446000010 implements MigrationInterface {
  readonly name = 'CreateReminderNotices1795446000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "reminder_notices" (
        "id" ${serialKey(runner)},
        "reminder_id" INTEGER NOT NULL REFERENCES "reminders" ("id") ON DELETE CASCADE,
        "user_id" TEXT NOT NULL,
        "news" TEXT NOT NULL,
        "reason" TEXT NOT NULL,
        "due_at" BIGINT,
        "created_at" BIGINT NOT NULL,
        "batch" INTEGER,
        "attempts" INTEGER NOT NULL,
        "taken_at" BIGINT,
        "wake_at" BIGINT,
        "ended_at" BIGINT,
        "note" TEXT,
        CONSTRAINT "reminder_notices_news" CHECK ("news" IN ('paused', 'failed')),
        CONSTRAINT "reminder_notices_over" CHECK (("wake_at" IS NULL) = ("ended_at" IS NOT NULL)),
        CONSTRAINT "reminder_notices_taken" CHECK ("taken_at" IS NULL OR "batch" IS NOT NULL)
      )`);
    await runner.query(`
      CREATE INDEX "reminder_notices_due" ON "reminder_notices" ("wake_at") WHERE "wake_at" IS NOT NULL`);
    await runner.query('CREATE INDEX "reminder_notices_reminder" ON "reminder_notices" ("reminder_id")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "reminder_notices"');
  }
}
