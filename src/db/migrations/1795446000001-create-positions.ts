import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

export class CreatePositions1795446000001 implements MigrationInterface {
  readonly name = 'CreatePositions1795446000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "positions" (
        "id" ${serialKey(runner)},
        "account" TEXT NOT NULL,
        "key" TEXT NOT NULL,
        "underlying" TEXT NOT NULL,
        "strategy" TEXT NOT NULL,
        "first_seen_at" BIGINT NOT NULL,
        "last_seen_at" BIGINT NOT NULL,
        CONSTRAINT "positions_account_key" UNIQUE ("account", "key"),
        CONSTRAINT "positions_seen_in_order" CHECK ("last_seen_at" >= "first_seen_at")
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "positions"');
  }
}
