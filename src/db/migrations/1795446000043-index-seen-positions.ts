import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was held lately is found without looking at all that ever was. */
export class IndexSeenPositions1795446000043 implements MigrationInterface {
  readonly name = 'IndexSeenPositions1795446000043';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX "positions_seen" ON "positions" ("account", "last_seen_at")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "positions_seen"');
  }
}
