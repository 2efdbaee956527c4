import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders that were cancelled to place others at another price say for which preview. */
export class AddCancellationPlan1795446000036 implements MigrationInterface {
  readonly name = 'AddCancellationPlan1795446000036';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "cancellations" ADD COLUMN "plan_id" TEXT');
    await runner.query(
      'CREATE INDEX "cancellations_plan" ON "cancellations" ("plan_id") WHERE "plan_id" IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "cancellations_plan"');
    await runner.query('ALTER TABLE "cancellations" DROP COLUMN "plan_id"');
  }
}
