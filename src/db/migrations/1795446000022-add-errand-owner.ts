import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is at an errand, so that what a process that is gone was at is free at once. */
export class AddErrandOwner1795446000022 implements MigrationInterface {
  readonly name = 'AddErrandOwner1795446000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "errands" ADD COLUMN "owner" TEXT');
    for (const table of ['errands', 'outbox']) {
      await runner.query(`CREATE INDEX "${table}_owner" ON "${table}" ("owner") WHERE "owner" IS NOT NULL`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['errands', 'outbox']) await runner.query(`DROP INDEX "${table}_owner"`);
    await runner.query('ALTER TABLE "errands" DROP COLUMN "owner"');
  }
}
