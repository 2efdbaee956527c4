import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSettings1795446000007 implements MigrationInterface {
  readonly name = 'CreateSettings1795446000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "settings" (
        "key" TEXT PRIMARY KEY NOT NULL,
        "value" TEXT NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "settings"');
  }
}
