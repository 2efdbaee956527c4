import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

/** Orders that somebody was asked about cancelling, and what became of each one's cancel. */
export class CreateCancels1795446000027 implements MigrationInterface {
  readonly name = 'CreateCancels1795446000027';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "cancellations" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "account" TEXT NOT NULL,
        "user_id" TEXT NOT NULL,
        "channel_id" TEXT NOT NULL,
        "status" TEXT NOT NULL,
        "created_at" BIGINT NOT NULL,
        "expires_at" BIGINT NOT NULL,
        "claimed_at" BIGINT,
        "owner" TEXT,
        CONSTRAINT "cancellations_status" CHECK ("status" IN ('open', 'claimed', 'withdrawn', 'expired')),
        CONSTRAINT "cancellations_claimed" CHECK (("status" = 'claimed') = ("claimed_at" IS NOT NULL))
      )`);
    await runner.query(`
      CREATE TABLE "cancels" (
        "id" ${serialKey(runner)},
        "cancellation_id" TEXT NOT NULL REFERENCES "cancellations" ("id"),
        "account" TEXT NOT NULL,
        "order_id" TEXT NOT NULL,
        "complex_id" TEXT,
        "position_ids" TEXT NOT NULL,
        "underlying" TEXT NOT NULL,
        "legs" TEXT NOT NULL,
        "order_type" TEXT NOT NULL,
        "time_in_force" TEXT NOT NULL,
        "price" TEXT,
        "effect" TEXT,
        "stop_trigger" TEXT,
        "state" TEXT NOT NULL,
        "reason" TEXT,
        "order_state" TEXT,
        "replaced_by" TEXT,
        CONSTRAINT "cancels_state" CHECK ("state" IN
          ('offered', 'requesting', 'requested', 'unknown', 'ended', 'refused', 'absent')),
        CONSTRAINT "cancels_ended" CHECK (("state" = 'ended') = ("order_state" IS NOT NULL))
      )`);
    // Of an order one cancel at a time is under way, whoever asks.
    await runner.query(`
      CREATE UNIQUE INDEX "cancels_under_way" ON "cancels" ("account", "order_id")
        WHERE "state" IN ('requesting', 'requested', 'unknown')`);
    await runner.query('CREATE INDEX "cancels_order" ON "cancels" ("order_id", "account")');
    await runner.query('CREATE INDEX "cancels_cancellation" ON "cancels" ("cancellation_id")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "cancels"');
    await runner.query('DROP TABLE "cancellations"');
  }
}
