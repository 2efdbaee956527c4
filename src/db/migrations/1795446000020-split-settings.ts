import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people chose and what the bot found out for itself shared one table, told apart by a prefix of its key. */
export class SplitSettings1795446000020 implements MigrationInterface {
  readonly name = 'SplitSettings1795446000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "people" (
        "user_id" TEXT PRIMARY KEY NOT NULL,
        "zone" TEXT NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE "bot_state" (
        "name" TEXT PRIMARY KEY NOT NULL,
        "value" TEXT NOT NULL
      )`);
    await runner.query(`
      INSERT INTO "people" ("user_id", "zone")
        SELECT substr("key", length('timezone:') + 1), "value" FROM "settings" WHERE "key" LIKE 'timezone:%'`);
    await runner.query(`
      INSERT INTO "bot_state" ("name", "value")
        SELECT "key", "value" FROM "settings" WHERE "key" NOT LIKE 'timezone:%'`);
    await runner.query('DROP TABLE "settings"');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "settings" (
        "key" TEXT PRIMARY KEY NOT NULL,
        "value" TEXT NOT NULL
      )`);
    await runner.query(`
      INSERT INTO "settings" ("key", "value") SELECT 'timezone:' || "user_id", "zone" FROM "people"`);
    await runner.query(`INSERT INTO "settings" ("key", "value") SELECT "name", "value" FROM "bot_state"`);
    await runner.query('DROP TABLE "bot_state"');
    await runner.query('DROP TABLE "people"');
  }
}
