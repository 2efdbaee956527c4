import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What works is found without looking at all that ever did. */
export class IndexWorkingOrders1795446000037 implements MigrationInterface {
  readonly name = 'IndexWorkingOrders1795446000037';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX "order_intents_working" ON "order_intents" ("account", "state")
        WHERE "state" = 'placed' AND ("broker_state" IS NULL OR "broker_state" IN ('submitted', 'working', 'unrecognised'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "order_intents_working"');
  }
}
