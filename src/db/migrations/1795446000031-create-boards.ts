import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

/** Which accounts' boards stand in which channels. */
export class CreateBoards1795446000031 implements MigrationInterface {
  readonly name = 'CreateBoards1795446000031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "boards" (
        "id" ${serialKey(runner)},
        "account" TEXT NOT NULL,
        "channel_id" TEXT NOT NULL,
        "turn" INTEGER NOT NULL,
        "down" BOOLEAN NOT NULL
      )`);
    await runner.query('CREATE UNIQUE INDEX "boards_place" ON "boards" ("account", "channel_id")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "boards"');
  }
}
