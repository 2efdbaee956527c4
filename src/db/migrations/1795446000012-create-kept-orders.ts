import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateKeptOrders1795446000012 implements MigrationInterface {
  readonly name = 'CreateKeptOrders1795446000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "kept_reaches" (
        "account" TEXT PRIMARY KEY NOT NULL,
        "generation" TEXT NOT NULL,
        "payload" TEXT NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE "kept_orders" (
        "account" TEXT NOT NULL,
        "order_id" TEXT NOT NULL,
        "changed_at" BIGINT NOT NULL,
        "payload" TEXT NOT NULL,
        PRIMARY KEY ("account", "order_id")
      )`);
    await runner.query('CREATE INDEX "kept_orders_changed" ON "kept_orders" ("account", "changed_at")');
    await runner.query(`
      CREATE TABLE "kept_order_symbols" (
        "account" TEXT NOT NULL,
        "symbol" TEXT NOT NULL,
        "order_id" TEXT NOT NULL,
        PRIMARY KEY ("account", "symbol", "order_id")
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['kept_order_symbols', 'kept_orders', 'kept_reaches']) {
      await runner.query(`DROP TABLE "${table}"`);
    }
  }
}
