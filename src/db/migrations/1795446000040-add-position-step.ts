import type { MigrationInterface, QueryRunner } from 'typeorm';

const STEPS = `('opening', 'open', 'partly-closed', 'closing', 'closed', 'expired', 'assigned')`;

/** Where a position is on its way is kept, so that an end is never left, after a restart either. */
export class AddPositionStep1795446000040 implements MigrationInterface {
  readonly name = 'AddPositionStep1795446000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "positions" ADD COLUMN "step" TEXT CHECK ("step" IN ${STEPS})`);
    await runner.query('ALTER TABLE "positions" ADD COLUMN "step_at" BIGINT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "positions" DROP COLUMN "step_at"');
    await runner.query('ALTER TABLE "positions" DROP COLUMN "step"');
  }
}
