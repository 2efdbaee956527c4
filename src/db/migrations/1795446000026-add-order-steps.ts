import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far an order is on its way, what took its place, and the steps that can't be, found by when they were told. */
export class AddOrderSteps1795446000026 implements MigrationInterface {
  readonly name = 'AddOrderSteps1795446000026';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "order_intents" ADD COLUMN "broker_step" TEXT');
    await runner.query('ALTER TABLE "order_intents" ADD COLUMN "replaced_by" TEXT');
    await runner.query(
      `CREATE INDEX "audit_events_odd_steps" ON "audit_events" ("at") WHERE "kind" = 'odd-order-step'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "audit_events_odd_steps"');
    await runner.query('ALTER TABLE "order_intents" DROP COLUMN "replaced_by"');
    await runner.query('ALTER TABLE "order_intents" DROP COLUMN "broker_step"');
  }
}
