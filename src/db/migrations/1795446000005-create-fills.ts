import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

export class CreateFills1795446000005 implements MigrationInterface {
  readonly name = 'CreateFills1795446000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "fills" (
        "id" ${serialKey(runner)},
        "intent_id" INTEGER NOT NULL REFERENCES "order_intents" ("id"),
        "fill_id" TEXT NOT NULL,
        "symbol" TEXT NOT NULL,
        "action" TEXT NOT NULL,
        "quantity" INTEGER NOT NULL,
        "price" TEXT NOT NULL,
        "filled_at" BIGINT NOT NULL,
        CONSTRAINT "fills_once" UNIQUE ("intent_id", "symbol", "fill_id"),
        CONSTRAINT "fills_action" CHECK ("action" IN
          ('buy-to-open', 'sell-to-open', 'buy-to-close', 'sell-to-close')),
        CONSTRAINT "fills_quantity" CHECK ("quantity" > 0),
        CONSTRAINT "fills_price" CHECK ("price" NOT LIKE '-%' AND "price" <> '')
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "fills"');
  }
}
