import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an order is for; of those that were sent before, nobody wrote it down. */
export class AddIntentKind1795446000028 implements MigrationInterface {
  readonly name = 'AddIntentKind1795446000028';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE "order_intents" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'place' CHECK ("kind" IN ('place', 'change', 'close'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "order_intents" DROP COLUMN "kind"');
  }
}
