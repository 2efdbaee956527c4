import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is found out while a result is being told has to be told as well. */
export class AddErrandNews1795446000041 implements MigrationInterface {
  readonly name = 'AddErrandNews1795446000041';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "errands" ADD COLUMN "news" BOOLEAN NOT NULL DEFAULT FALSE');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "errands" DROP COLUMN "news"');
  }
}
