import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was told of late in a channel, and what one message tells together, is found without looking at all that ever was told. */
export class IndexGatheredNotes1795446000047 implements MigrationInterface {
  readonly name = 'IndexGatheredNotes1795446000047';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX "outbox_lately" ON "outbox" ("kind", "channel_id", "user_id", "created_at")',
    );
    await runner.query('CREATE INDEX "outbox_news" ON "outbox" ("kind", "news")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "outbox_news"');
    await runner.query('DROP INDEX "outbox_lately"');
  }
}
