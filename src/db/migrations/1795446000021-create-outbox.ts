import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serialKey } from './dialect.js';

interface Told {
  plan: string;
  channel: string;
  user: string;
  ref: string;
  direct: boolean | number;
  posted: string;
  says: string;
  at: number | string;
}

interface Carried {
  plan: string;
  channel: string;
  user: string;
  news: string;
  pages: string[];
  directPages: string[];
  told: string;
  at: number | string;
}

/** One table for every message of the bot's own accord; which messages tell of a plan's orders moves into it. */
export class CreateOutbox1795446000021 implements MigrationInterface {
  readonly name = 'CreateOutbox1795446000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "outbox" (
        "id" ${serialKey(runner)},
        "kind" TEXT NOT NULL,
        "topic" TEXT NOT NULL,
        "news" TEXT NOT NULL,
        "channel_id" TEXT NOT NULL,
        "user_id" TEXT NOT NULL,
        "pages" TEXT NOT NULL,
        "direct_pages" TEXT NOT NULL,
        "told" TEXT NOT NULL,
        "state" TEXT NOT NULL,
        "attempts" INTEGER NOT NULL,
        "next_at" BIGINT,
        "owner" TEXT,
        "lease_until" BIGINT,
        "asked" INTEGER NOT NULL,
        "created_at" BIGINT NOT NULL,
        UNIQUE ("kind", "topic", "news"),
        CONSTRAINT "outbox_state" CHECK ("state" IN ('owed', 'told', 'ended')),
        CONSTRAINT "outbox_lease" CHECK (("owner" IS NULL) = ("lease_until" IS NULL))
      )`);
    await runner.query('CREATE INDEX "outbox_due" ON "outbox" ("next_at")');
    for (const each of carriedOver(await toldSoFar(runner))) await insert(runner, each);
    // What is still owed may have been posted by a process that died: it is looked for before it is told.
    await runner.query(`
      INSERT INTO "outbox" ("kind", "topic", "news", "channel_id", "user_id", "pages", "direct_pages", "told",
          "state", "attempts", "next_at", "owner", "lease_until", "asked", "created_at")
        SELECT 'result', "id", '', "channel_id", "user_id", '[]', '[]', '', 'owed', 1, NULL, NULL, NULL, 0, "created_at"
          FROM "plans"
          WHERE "id" IN (SELECT "plan_id" FROM "errands" WHERE "kind" = 'result')
            AND "id" NOT IN (SELECT "topic" FROM "outbox" WHERE "news" = '')
          ORDER BY "created_at", "id"`);
    await runner.query('DROP TABLE "tellings"');
    // A check of the table hangs on this column, which SQLite can't drop then: it stays, and stays empty.
    await runner.query('UPDATE "plans" SET "report_message_id" = NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "tellings" (
        "id" ${serialKey(runner)},
        "plan_id" TEXT NOT NULL REFERENCES "plans" ("id"),
        "ref" TEXT NOT NULL,
        "direct" BOOLEAN NOT NULL,
        "posted" TEXT NOT NULL,
        "says" TEXT NOT NULL,
        "created_at" BIGINT NOT NULL,
        UNIQUE ("plan_id", "ref")
      )`);
    const rows = (await runner.query(`
      SELECT "topic", "news", "pages", "direct_pages", "told", "created_at" FROM "outbox"
        WHERE "kind" = 'result' AND "state" <> 'ended' ORDER BY "id"`)) as Record<string, string>[];
    for (const { topic, news = '', pages = '[]', direct_pages = '[]', told = '', created_at } of rows) {
      for (const [text, direct] of [[pages, 'FALSE'] as const, [direct_pages, 'TRUE'] as const]) {
        const ref = (JSON.parse(text) as string[]).join(',');
        if (ref === '') continue;
        const says = told.split(' ')[0];
        await runner.query(
          `INSERT INTO "tellings" ("plan_id", "ref", "direct", "posted", "says", "created_at")
            VALUES ($1, $2, ${direct}, $3, $4, $5)`,
          [topic, ref, news, says, created_at],
        );
      }
    }
    await runner.query(`
      UPDATE "plans" SET "report_message_id" = (
        SELECT "ref" FROM "tellings" WHERE "plan_id" = "plans"."id" ORDER BY "direct", "id" DESC LIMIT 1)
        WHERE "reported_at" IS NOT NULL`);
    await runner.query('DROP TABLE "outbox"');
  }
}

/** Each message that tells of a plan, with those of the time before such rows were kept. */
async function toldSoFar(runner: QueryRunner): Promise<Told[]> {
  const told = await runner.query(`
    SELECT "plan", "channel", "user", "ref", "direct", "posted", "says", "at" FROM (
      SELECT 0 AS "age", 0 AS "id", "id" AS "plan", "channel_id" AS "channel", "user_id" AS "user",
          "report_message_id" AS "ref", FALSE AS "direct", '' AS "posted", '' AS "says", "reported_at" AS "at"
        FROM "plans"
        WHERE "report_message_id" LIKE '%/%'
          AND "id" || ' ' || "report_message_id" NOT IN (SELECT "plan_id" || ' ' || "ref" FROM "tellings")
      UNION ALL
      SELECT 1, "tellings"."id", "plan_id", "channel_id", "user_id", "ref", "direct", "posted", "says",
          "tellings"."created_at"
        FROM "tellings" JOIN "plans" ON "plans"."id" = "plan_id"
    ) AS "told" ORDER BY "age", "id"`);
  return told as Told[];
}

/** The same news told in the channel and directly is one message in two places. */
function carriedOver(told: readonly Told[]): Carried[] {
  const found = new Map<string, Carried>();
  for (const { plan, channel, user, ref, direct, posted, says, at } of told) {
    const where = direct ? 'directPages' : 'pages';
    const news = freeNews(found, plan, posted, where);
    const key = `${plan} ${news}`;
    const blank = { plan, channel, user, news, pages: [], directPages: [], told: says, at };
    const carried = found.get(key) ?? blank;
    // One place may say less than the other: what isn't the same is brought up to date.
    found.set(key, { ...carried, [where]: ref.split(','), told: carried.told === says ? says : '' });
  }
  return [...found.values()];
}

function freeNews(
  found: ReadonlyMap<string, Carried>,
  plan: string,
  news: string,
  where: 'pages' | 'directPages',
): string {
  let free = news;
  for (let copy = 2; (found.get(`${plan} ${free}`)?.[where].length ?? 0) > 0; copy += 1)
    free = `${news}~${copy}`;
  return free;
}

async function insert(runner: QueryRunner, carried: Carried): Promise<void> {
  const { plan, channel, user, news, pages, directPages, told, at } = carried;
  await runner.query(
    `INSERT INTO "outbox" ("kind", "topic", "news", "channel_id", "user_id", "pages", "direct_pages", "told",
        "state", "attempts", "next_at", "owner", "lease_until", "asked", "created_at")
      VALUES ('result', $1, $2, $3, $4, $5, $6, $7, '${pages.length > 0 ? 'told' : 'owed'}', 1, NULL, NULL, NULL, 0, $8)`,
    [plan, news, channel, user, JSON.stringify(pages), JSON.stringify(directPages), told, at],
  );
}
