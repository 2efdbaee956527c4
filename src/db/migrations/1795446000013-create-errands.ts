import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

export class CreateErrands1795446000013 implements MigrationInterface {
  readonly name = 'CreateErrands1795446000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "errands" (
        "plan_id" TEXT NOT NULL REFERENCES "plans" ("id"),
        "kind" TEXT NOT NULL,
        "wake_at" BIGINT NOT NULL,
        "attempts" INTEGER NOT NULL,
        PRIMARY KEY ("plan_id", "kind"),
        CONSTRAINT "errands_kind" CHECK ("kind" IN ('result', 'buttons'))
      )`);
    await runner.query('CREATE INDEX "errands_due" ON "errands" ("wake_at")');
    await runner.query(`
      CREATE TABLE "tellings" (
        "id" ${serialKey(runner)},
        "plan_id" TEXT NOT NULL REFERENCES "plans" ("id"),
        "ref" TEXT NOT NULL,
        "direct" BOOLEAN NOT NULL,
        "posted" TEXT NOT NULL,
        "says" TEXT NOT NULL,
        "created_at" BIGINT NOT NULL,
        UNIQUE ("plan_id", "ref")
      )`);
    // What an earlier version left: untold results, previews still open, and the messages that told.
    await runner.query(`
      INSERT INTO "errands" ("plan_id", "kind", "wake_at", "attempts")
        SELECT "id", 'result', "expires_at", 0 FROM "plans"
          WHERE "reported_at" IS NULL AND "status" IN ('claimed', 'done')`);
    await runner.query(`
      INSERT INTO "errands" ("plan_id", "kind", "wake_at", "attempts")
        SELECT "id", 'buttons', "expires_at", 0 FROM "plans" WHERE "status" = 'open'`);
    await runner.query(`
      INSERT INTO "tellings" ("plan_id", "ref", "direct", "posted", "says", "created_at")
        SELECT "id", "report_message_id", FALSE, '', '', "reported_at" FROM "plans"
          WHERE "report_message_id" LIKE '%/%'`);
    await runner.query('ALTER TABLE "order_intents" ADD COLUMN "lookalikes" TEXT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "order_intents" DROP COLUMN "lookalikes"');
    await runner.query('DROP TABLE "tellings"');
    await runner.query('DROP TABLE "errands"');
  }
}
