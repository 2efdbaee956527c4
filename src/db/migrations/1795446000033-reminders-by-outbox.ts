import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

type Run = Record<'lead' | 'wake' | 'attempts' | 'created', number | string> & {
  channel: string;
  user: string;
};

const RUNS = [
  ...['id', 'reminder_id', 'due_at', 'snoozed', 'state', 'wake_at', 'dispatched_at', 'lead_id'],
  ...['covered_by', 'message_ref', 'note', 'finished_at', 'done_at'],
];
const NOTICES = ['id', 'reminder_id', 'user_id', 'news', 'reason', 'due_at', 'created_at', 'batch'];

/**
 * Reminders and notices are told by the outbox. What was taken up and isn't over becomes a message that is owed, led by
 * the run whose mark it may carry already; who held it last, and until when, goes.
 */
export class RemindersByOutbox1795446000033 implements MigrationInterface {
  readonly name = 'RemindersByOutbox1795446000033';

  async up(runner: QueryRunner): Promise<void> {
    const runs = (await runner.query(`
      SELECT COALESCE(o."lead_id", o."id") AS "lead", MAX(o."wake_at") AS "wake", MAX(o."attempts") AS "attempts",
          MIN(o."due_at") AS "created", MIN(r."channel_id") AS "channel", MIN(r."user_id") AS "user"
        FROM (SELECT * FROM "reminder_occurrences" WHERE "wake_at" IS NOT NULL AND NOT ${WAITS}) o
          JOIN "reminders" r ON r."id" = o."reminder_id"
        GROUP BY COALESCE(o."lead_id", o."id") ORDER BY 1`)) as Run[];
    await rebuilt(runner, 'reminder_occurrences', RUNS, newRuns(runner), {
      state: `CASE WHEN "wake_at" IS NOT NULL AND NOT ${WAITS} THEN 'owed' ELSE "state" END`,
      wake_at: `CASE WHEN ${WAITS} THEN "wake_at" END`,
      lead_id: `CASE WHEN "wake_at" IS NOT NULL AND NOT ${WAITS} THEN COALESCE("lead_id", "id") ELSE "lead_id" END`,
    });
    await indexed(runner, 'reminder_occurrences', {
      due: 'wake_at',
      together: 'lead_id',
      covered: 'covered_by',
      finished: 'finished_at',
    });
    // Those that are owed, for what joins a message that comes late, and for how much is under way.
    await runner.query(`
      CREATE INDEX "reminder_occurrences_owed" ON "reminder_occurrences" ("due_at") WHERE "state" = 'owed'`);
    for (const { lead, wake, attempts, created, channel, user } of runs) {
      await owe(runner, ['reminder', String(lead), channel, user, attempts, wake, created]);
    }
    // One that may have been told and can't be known again any more (it carries no mark) is told no more, as before.
    await runner.query(`DELETE FROM "reminder_notices" WHERE "wake_at" IS NULL OR "taken_at" IS NOT NULL`);
    await rebuilt(runner, 'reminder_notices', NOTICES, newNotices(runner), {
      batch: `(SELECT MIN(other."id") FROM "reminder_notices_before" other WHERE other."user_id" = "reminder_notices_before"."user_id")`,
    });
    await runner.query('CREATE INDEX "reminder_notices_reminder" ON "reminder_notices" ("reminder_id")');
    await runner.query('CREATE INDEX "reminder_notices_batch" ON "reminder_notices" ("batch")');
    await runner.query('CREATE INDEX "reminder_notices_user" ON "reminder_notices" ("user_id", "id")');
    const batches = (await runner.query(`
      SELECT "batch", MIN("user_id") AS "user", MIN("created_at") AS "created" FROM "reminder_notices"
        GROUP BY "batch" ORDER BY 1`)) as { batch: number; user: string; created: number | string }[];
    for (const { batch, user, created } of batches) {
      await owe(runner, ['notice', String(batch), user, user, 0, created, created]);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await rebuilt(runner, 'reminder_occurrences', [...RUNS, 'attempts', 'owner'], oldRuns(runner), {
      state: `CASE WHEN "state" = 'owed' THEN 'waiting' ELSE "state" END`,
      wake_at: `CASE WHEN "state" = 'owed' THEN "due_at" ELSE "wake_at" END`,
      lead_id: `CASE WHEN "dispatched_at" IS NULL THEN NULL ELSE "lead_id" END`,
      attempts: `CASE WHEN "state" = 'waiting' THEN 0 ELSE 1 END`,
      owner: 'NULL',
    });
    await indexed(runner, 'reminder_occurrences', {
      due: 'wake_at',
      together: 'lead_id',
      covered: 'covered_by',
      finished: 'finished_at',
    });
    const added = ['attempts', 'taken_at', 'wake_at', 'ended_at', 'note'];
    await rebuilt(runner, 'reminder_notices', [...NOTICES, ...added], oldNotices(runner), {
      batch: 'NULL',
      attempts: '0',
      taken_at: 'NULL',
      wake_at: '"created_at"',
      ended_at: 'NULL',
      note: 'NULL',
    });
    await indexed(runner, 'reminder_notices', { due: 'wake_at' });
    await runner.query('CREATE INDEX "reminder_notices_reminder" ON "reminder_notices" ("reminder_id")');
    await runner.query(`DELETE FROM "outbox" WHERE "kind" IN ('reminder', 'notice')`);
  }
}

/** A run that nobody has taken up: only a snoozed one waits. */
const WAITS = `("state" = 'waiting' AND "snoozed" AND "attempts" = 0 AND "dispatched_at" IS NULL)`;

/** The same table in another shape, with its rows, under its name; no number is given again. */
async function rebuilt(
  runner: QueryRunner,
  table: string,
  columns: readonly string[],
  /** The statement that makes it. */
  shape: string,
  changed: Readonly<Record<string, string>>,
): Promise<void> {
  const before = `${table}_before`;
  const next = await nextNumber(runner, table);
  await dropIndexes(runner, table);
  await runner.query(`ALTER TABLE "${table}" RENAME TO "${before}"`);
  await runner.query(shape);
  const values = columns.map((column) => changed[column] ?? `"${column}"`);
  const names = columns.map((column) => `"${column}"`).join(', ');
  await runner.query(
    `INSERT INTO "${table}" (${names}) SELECT ${values.join(', ')} FROM "${before}" ORDER BY "id"`,
  );
  await runner.query(`DROP TABLE "${before}"`);
  await numberFrom(runner, table, next);
}

const isPostgres = (runner: QueryRunner) => runner.connection.options.type === 'postgres';

/** The highest number given so far, also to a row that is gone. */
async function nextNumber(runner: QueryRunner, table: string): Promise<number> {
  const [row] = (await runner.query(
    isPostgres(runner)
      ? `SELECT nextval(pg_get_serial_sequence('${table}', 'id')) - 1 AS "last"`
      : `SELECT COALESCE(MAX("seq"), 0) AS "last" FROM "sqlite_sequence" WHERE "name" = '${table}'`,
  )) as { last: number | string }[];
  return Number(row?.last ?? 0);
}

async function numberFrom(runner: QueryRunner, table: string, last: number): Promise<void> {
  if (isPostgres(runner)) {
    await runner.query(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), ${last + 1}, FALSE)`);
    return;
  }
  await runner.query(`DELETE FROM "sqlite_sequence" WHERE "name" = '${table}'`);
  await runner.query(`INSERT INTO "sqlite_sequence" ("name", "seq") VALUES ('${table}', ${last})`);
}

/** Their names stay with a table that is renamed, and would be in the way of the new one's. */
async function dropIndexes(runner: QueryRunner, table: string): Promise<void> {
  const found = (await runner.query(
    isPostgres(runner)
      ? `SELECT "indexname" AS "name" FROM "pg_indexes" WHERE "tablename" = '${table}' AND "schemaname" = current_schema()`
      : `SELECT "name" FROM "sqlite_master" WHERE "type" = 'index' AND "tbl_name" = '${table}' AND "sql" IS NOT NULL`,
  )) as { name: string }[];
  for (const { name } of found) {
    if (/_(pkey|once)$/.test(name)) await renameOwn(runner, table, name);
    else await runner.query(`DROP INDEX "${name}"`);
  }
}

/** What belongs to a constraint can't be dropped by itself. */
async function renameOwn(runner: QueryRunner, table: string, name: string): Promise<void> {
  if (isPostgres(runner))
    await runner.query(`ALTER TABLE "${table}" RENAME CONSTRAINT "${name}" TO "${name}_before"`);
}

async function indexed(
  runner: QueryRunner,
  table: string,
  columns: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, column] of Object.entries(columns)) {
    await runner.query(
      `CREATE INDEX "${table}_${name}" ON "${table}" ("${column}") WHERE "${column}" IS NOT NULL`,
    );
  }
}

async function owe(
  runner: QueryRunner,
  note: [
    kind: string,
    topic: string,
    channel: string,
    user: string,
    attempts: number | string,
    nextAt: number | string,
    createdAt: number | string,
  ],
): Promise<void> {
  await runner.query(
    `INSERT INTO "outbox" ("kind", "topic", "channel_id", "user_id", "attempts", "next_at", "created_at",
        "news", "pages", "direct_pages", "told", "state", "owner", "lease_until", "asked")
      VALUES ($1, $2, $3, $4, $5, $6, $7, '', '[]', '[]', '', 'owed', NULL, NULL, 0)`,
    note,
  );
}

const newRuns = (runner: QueryRunner) => `CREATE TABLE "reminder_occurrences" (
  "id" ${serialKey(runner)},
  "reminder_id" INTEGER NOT NULL REFERENCES "reminders" ("id") ON DELETE CASCADE,
  "due_at" BIGINT NOT NULL,
  "snoozed" BOOLEAN NOT NULL,
  "state" TEXT NOT NULL,
  "wake_at" BIGINT,
  "dispatched_at" BIGINT,
  "lead_id" INTEGER,
  "covered_by" INTEGER,
  "message_ref" TEXT,
  "note" TEXT,
  "finished_at" BIGINT,
  "done_at" BIGINT,
  CONSTRAINT "reminder_occurrences_once" UNIQUE ("reminder_id", "due_at"),
  CONSTRAINT "reminder_occurrences_state" CHECK ("state" IN
    ('waiting', 'owed', 'sent', 'empty', 'missed', 'failed')),
  CONSTRAINT "reminder_occurrences_wakes" CHECK (("state" = 'waiting') = ("wake_at" IS NOT NULL)),
  CONSTRAINT "reminder_occurrences_over" CHECK (("state" IN ('waiting', 'owed')) = ("finished_at" IS NULL)),
  CONSTRAINT "reminder_occurrences_led" CHECK
    (("state" <> 'owed' AND "dispatched_at" IS NULL) OR "lead_id" IS NOT NULL))`;

const oldRuns = (runner: QueryRunner) => `CREATE TABLE "reminder_occurrences" (
  "id" ${serialKey(runner)},
  "reminder_id" INTEGER NOT NULL REFERENCES "reminders" ("id") ON DELETE CASCADE,
  "due_at" BIGINT NOT NULL,
  "snoozed" BOOLEAN NOT NULL,
  "state" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL,
  "owner" TEXT,
  "wake_at" BIGINT,
  "dispatched_at" BIGINT,
  "lead_id" INTEGER,
  "covered_by" INTEGER,
  "message_ref" TEXT,
  "note" TEXT,
  "finished_at" BIGINT,
  "done_at" BIGINT,
  CONSTRAINT "reminder_occurrences_once" UNIQUE ("reminder_id", "due_at"),
  CONSTRAINT "reminder_occurrences_state" CHECK ("state" IN
    ('waiting', 'claimed', 'sent', 'empty', 'missed', 'failed')),
  CONSTRAINT "reminder_occurrences_wakes" CHECK (("state" IN ('waiting', 'claimed')) = ("wake_at" IS NOT NULL)),
  CONSTRAINT "reminder_occurrences_over" CHECK (("state" IN ('waiting', 'claimed')) = ("finished_at" IS NULL)),
  CONSTRAINT "reminder_occurrences_owned" CHECK (("state" = 'claimed') = ("owner" IS NOT NULL)),
  CONSTRAINT "reminder_occurrences_left" CHECK (("dispatched_at" IS NULL) = ("lead_id" IS NULL)),
  CONSTRAINT "reminder_occurrences_attempts" CHECK ("attempts" >= 0))`;

const newNotices = (runner: QueryRunner) => `CREATE TABLE "reminder_notices" (
  "id" ${serialKey(runner)},
  "reminder_id" INTEGER NOT NULL REFERENCES "reminders" ("id") ON DELETE CASCADE,
  "user_id" TEXT NOT NULL,
  "news" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "due_at" BIGINT,
  "created_at" BIGINT NOT NULL,
  "batch" INTEGER NOT NULL,
  CONSTRAINT "reminder_notices_news" CHECK ("news" IN ('paused', 'failed')))`;

const oldNotices = (runner: QueryRunner) => `CREATE TABLE "reminder_notices" (
  "id" ${serialKey(runner)},
  "reminder_id" INTEGER NOT NULL REFERENCES "reminders" ("id") ON DELETE CASCADE,
  "user_id" TEXT NOT NULL,
  "news" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "due_at" BIGINT,
  "created_at" BIGINT NOT NULL,
  "batch" INTEGER,
  "attempts" INTEGER NOT NULL,
  "taken_at" BIGINT,
  "wake_at" BIGINT,
  "ended_at" BIGINT,
  "note" TEXT,
  CONSTRAINT "reminder_notices_news" CHECK ("news" IN ('paused', 'failed')),
  CONSTRAINT "reminder_notices_over" CHECK (("wake_at" IS NULL) = ("ended_at" IS NOT NULL)),
  CONSTRAINT "reminder_notices_taken" CHECK ("taken_at" IS NULL OR "batch" IS NOT NULL))`;
