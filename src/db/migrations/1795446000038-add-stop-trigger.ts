import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An order may be the stop beside a target: it says where it wakes up. Those sent before were none. */
export class AddStopTrigger1795446000038 implements MigrationInterface {
  readonly name = 'AddStopTrigger1795446000038';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "order_intents" ADD COLUMN "stop_trigger" TEXT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "order_intents" DROP COLUMN "stop_trigger"');
  }
}
