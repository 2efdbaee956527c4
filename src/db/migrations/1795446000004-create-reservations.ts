import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

export class CreateReservations1795446000004 implements MigrationInterface {
  readonly name = 'CreateReservations1795446000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "reservations" (
        "id" ${serialKey(runner)},
        "account" TEXT NOT NULL,
        "symbol" TEXT NOT NULL,
        "plan_id" TEXT NOT NULL REFERENCES "plans" ("id"),
        "reserved_at" BIGINT NOT NULL,
        "released_at" BIGINT
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX "reservations_held" ON "reservations" ("account", "symbol")
        WHERE "released_at" IS NULL`);
    await runner.query(
      'CREATE INDEX "reservations_released" ON "reservations" ("account", "symbol", "released_at")',
    );
    await runner.query('CREATE INDEX "reservations_plan" ON "reservations" ("plan_id")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "reservations"');
  }
}
