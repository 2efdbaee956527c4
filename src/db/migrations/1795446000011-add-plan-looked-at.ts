import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddPlanLookedAt1795446000011 implements MigrationInterface {
  readonly name = 'AddPlanLookedAt1795446000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "plans" ADD COLUMN "looked_at" BIGINT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "plans" DROP COLUMN "looked_at"');
  }
}
