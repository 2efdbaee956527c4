import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

const UNRESOLVED = `('reserved', 'submitting', 'unknown')`;

export class CreateOrderIntents1795446000003 implements MigrationInterface {
  readonly name = 'CreateOrderIntents1795446000003';

  async up(runner: QueryRunner): Promise<void> {
    await this.#table(runner);
    await runner.query('CREATE INDEX "order_intents_plan" ON "order_intents" ("plan_id")');
    await runner.query('CREATE INDEX "order_intents_position" ON "order_intents" ("account", "position_id")');
    await runner.query(
      'CREATE INDEX "order_intents_settled" ON "order_intents" ("account", "state", "settled_at")',
    );
    await runner.query(
      `CREATE INDEX "order_intents_unresolved" ON "order_intents" ("id") WHERE "state" IN ${UNRESOLVED}`,
    );
    // One order at the broker can be the outcome of one intent only.
    await runner.query(`
      CREATE UNIQUE INDEX "order_intents_broker_order" ON "order_intents" ("account", "broker_order_id")
        WHERE "broker_order_id" IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "order_intents"');
  }

  async #table(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "order_intents" (
        "id" ${serialKey(runner)},
        "plan_id" TEXT NOT NULL REFERENCES "plans" ("id"),
        "account" TEXT NOT NULL,
        "position_id" INTEGER NOT NULL REFERENCES "positions" ("id"),
        "target_key" TEXT NOT NULL,
        "label" TEXT NOT NULL,
        "underlying" TEXT NOT NULL,
        "external_identifier" TEXT NOT NULL,
        "legs" TEXT NOT NULL,
        "units" INTEGER NOT NULL,
        "price" TEXT NOT NULL,
        "effect" TEXT NOT NULL,
        "percent" TEXT,
        "profit" TEXT,
        "state" TEXT NOT NULL,
        "broker_order_id" TEXT,
        "broker_status" TEXT,
        "broker_state" TEXT,
        "broker_updated_at" BIGINT,
        "reason" TEXT,
        "created_at" BIGINT NOT NULL,
        "sent_at" BIGINT,
        "settled_at" BIGINT,
        CONSTRAINT "order_intents_external_identifier" UNIQUE ("external_identifier"),
        CONSTRAINT "order_intents_target" UNIQUE ("plan_id", "position_id", "target_key"),
        CONSTRAINT "order_intents_units" CHECK ("units" > 0),
        CONSTRAINT "order_intents_price" CHECK ("price" NOT LIKE '-%' AND "price" <> '0' AND "price" <> ''),
        CONSTRAINT "order_intents_effect" CHECK ("effect" IN ('debit', 'credit')),
        CONSTRAINT "order_intents_state" CHECK ("state" IN
          ('reserved', 'submitting', 'placed', 'refused', 'unknown', 'absent', 'abandoned')),
        CONSTRAINT "order_intents_placed_has_id" CHECK ("state" <> 'placed' OR "broker_order_id" IS NOT NULL),
        CONSTRAINT "order_intents_reserved_not_sent" CHECK ("state" <> 'reserved' OR "sent_at" IS NULL),
        CONSTRAINT "order_intents_submitting_sent" CHECK ("state" <> 'submitting' OR "sent_at" IS NOT NULL),
        CONSTRAINT "order_intents_settled" CHECK (("state" IN ${UNRESOLVED}) = ("settled_at" IS NULL))
      )`);
  }
}
