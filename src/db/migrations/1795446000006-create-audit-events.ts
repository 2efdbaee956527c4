import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

export class CreateAuditEvents1795446000006 implements MigrationInterface {
  readonly name = 'CreateAuditEvents1795446000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "audit_events" (
        "id" ${serialKey(runner)},
        "at" BIGINT NOT NULL,
        "actor" TEXT NOT NULL,
        "kind" TEXT NOT NULL,
        "plan_id" TEXT,
        "details" TEXT NOT NULL
      )`);
    await runner.query(
      'CREATE INDEX "audit_events_plan" ON "audit_events" ("plan_id") WHERE "plan_id" IS NOT NULL',
    );
    await runner.query('CREATE INDEX "audit_events_at" ON "audit_events" ("at")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "audit_events"');
  }
}
