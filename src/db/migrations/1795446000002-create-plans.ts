import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePlans1795446000002 implements MigrationInterface {
  readonly name = 'CreatePlans1795446000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "plans" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "account" TEXT NOT NULL,
        "user_id" TEXT NOT NULL,
        "guild_id" TEXT,
        "channel_id" TEXT NOT NULL,
        "message_ids" TEXT NOT NULL,
        "status" TEXT NOT NULL,
        "created_at" BIGINT NOT NULL,
        "expires_at" BIGINT NOT NULL,
        "payload" TEXT NOT NULL,
        "reported_at" BIGINT,
        "report_message_id" TEXT,
        CONSTRAINT "plans_status" CHECK ("status" IN
          ('open', 'claimed', 'done', 'stale', 'superseded', 'cancelled', 'expired')),
        CONSTRAINT "plans_report" CHECK ("report_message_id" IS NULL OR "reported_at" IS NOT NULL)
      )`);
    await runner.query(`
      CREATE INDEX "plans_unreported" ON "plans" ("created_at")
        WHERE "reported_at" IS NULL AND "status" IN ('claimed', 'done')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "plans"');
  }
}
