import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When an account's positions are to be left before they expire, and what their open profit was day by day. */
export class CreateExits1795446000039 implements MigrationInterface {
  readonly name = 'CreateExits1795446000039';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "exit_rules" (
        "account" TEXT PRIMARY KEY NOT NULL,
        "days" TEXT NOT NULL,
        "channel_id" TEXT NOT NULL,
        "user_id" TEXT NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE "day_profits" (
        "position_id" INTEGER NOT NULL REFERENCES "positions" ("id"),
        "day" TEXT NOT NULL,
        "dollars" TEXT NOT NULL,
        "units" INTEGER NOT NULL,
        PRIMARY KEY ("position_id", "day"),
        CONSTRAINT "day_profits_units" CHECK ("units" > 0)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "day_profits"');
    await runner.query('DROP TABLE "exit_rules"');
  }
}
