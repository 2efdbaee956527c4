import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How loud people want each kind of notice, and in which channel an account's own notices are told. */
export class CreateNoticeChoices1795446000030 implements MigrationInterface {
  readonly name = 'CreateNoticeChoices1795446000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "notice_levels" (
        "user_id" TEXT NOT NULL,
        "kind" TEXT NOT NULL,
        "level" TEXT NOT NULL,
        PRIMARY KEY ("user_id", "kind"),
        CONSTRAINT "notice_levels_level" CHECK ("level" IN ('on', 'silent', 'off'))
      )`);
    await runner.query(`
      CREATE TABLE "notice_channels" (
        "account" TEXT PRIMARY KEY NOT NULL,
        "channel_id" TEXT NOT NULL,
        "user_id" TEXT NOT NULL,
        "since" BIGINT NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "notice_channels"');
    await runner.query('DROP TABLE "notice_levels"');
  }
}
