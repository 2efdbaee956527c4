import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

const OPEN = `('waiting', 'claimed')`;

export class CreateReminderOccurrences1795446000009 implements MigrationInterface {
  readonly name = 'CreateReminderOccurrences1795446000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "reminder_occurrences" (
        "id" ${serialKey(runner)},
        "reminder_id" INTEGER NOT NULL REFERENCES "reminders" ("id") ON DELETE CASCADE,
        "due_at" BIGINT NOT NULL,
        "snoozed" BOOLEAN NOT NULL,
        "state" TEXT NOT NULL,
        "attempts" INTEGER NOT NULL,
        "owner" TEXT,
        "wake_at" BIGINT,
        "dispatched_at" BIGINT,
        "lead_id" INTEGER,
        "covered_by" INTEGER,
        "message_ref" TEXT,
        "note" TEXT,
        "finished_at" BIGINT,
        "done_at" BIGINT,
        CONSTRAINT "reminder_occurrences_once" UNIQUE ("reminder_id", "due_at"),
        CONSTRAINT "reminder_occurrences_state" CHECK ("state" IN
          ('waiting', 'claimed', 'sent', 'empty', 'missed', 'failed')),
        CONSTRAINT "reminder_occurrences_wakes" CHECK (("state" IN ${OPEN}) = ("wake_at" IS NOT NULL)),
        CONSTRAINT "reminder_occurrences_over" CHECK (("state" IN ${OPEN}) = ("finished_at" IS NULL)),
        CONSTRAINT "reminder_occurrences_owned" CHECK (("state" = 'claimed') = ("owner" IS NOT NULL)),
        CONSTRAINT "reminder_occurrences_left" CHECK (("dispatched_at" IS NULL) = ("lead_id" IS NULL)),
        CONSTRAINT "reminder_occurrences_attempts" CHECK ("attempts" >= 0)
      )`);
    const index = (name: string, column: string) =>
      runner.query(`
        CREATE INDEX "reminder_occurrences_${name}" ON "reminder_occurrences" ("${column}")
          WHERE "${column}" IS NOT NULL`);
    await index('due', 'wake_at');
    await index('together', 'lead_id');
    await index('covered', 'covered_by');
    await index('finished', 'finished_at');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "reminder_occurrences"');
  }
}
