import { expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/postgres.js';
import { DatabaseReminderStore } from '../../src/db/reminder-store.js';
import { openSqlite } from '../../src/db/sqlite.js';
import { ANYTHING_DUE } from '../../src/db/stores/reminders/take-up.js';
import { at, DAY, newReminder, request, T0 } from '../reminders/engine/support/reminders.js';
import { onEach, quiet } from './support/drivers.js';

const MANY = 100_000;

/** So many at a time: no statement of the bot's takes longer than seconds, on a busy machine either. */
const PART = 5_000;

/** Reminders from tomorrow on, with a finished run each. */
async function fill(database: Database): Promise<void> {
  const series = (first: number) => {
    const last = first + PART - 1;
    return database.driver === 'postgres'
      ? `generate_series(${first}, ${last}) AS "n"("i")`
      : `(WITH RECURSIVE "n"("i") AS (SELECT ${first} UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < ${last}) SELECT "i" FROM "n")`;
  };
  const tomorrow = at(DAY).getTime();
  for (let first = 1; first <= MANY; first += PART) {
    await database.write(async (manager) => {
      await manager.query(`
        INSERT INTO "reminders" ("channel_id", "user_id", "kind", "when_text", "zone", "market_days_only",
            "options", "state", "next_run_at", "created_at")
          SELECT '1', '1', 'note', 'every 60', 'UTC', FALSE, '{}', 'active', ${tomorrow} + "i", 0 FROM ${series(first)}`);
      await manager.query(`
        INSERT INTO "reminder_occurrences" ("reminder_id", "due_at", "snoozed", "state", "finished_at")
          SELECT "id", 0, FALSE, 'sent', 0 FROM "reminders" WHERE "id" >= ${first}`);
    });
  }
  await database.write((manager) => manager.query('ANALYZE'));
}

onEach(['sqlite file', 'postgres'], (bench, driver) => {
  it('asks with 100,000 reminders what is due by two looks into an index, reading no table', async () => {
    const url = await bench.newUrl();
    const database =
      driver === 'postgres'
        ? await openPostgres(url, quiet, 10)
        : await openSqlite(url.slice('sqlite:'.length), quiet);
    try {
      await fill(database);
      const explain = driver === 'postgres' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
      const steps = await database.read((m) =>
        m.query<Record<string, unknown>[]>(
          `${explain} ${driver === 'postgres' ? ANYTHING_DUE.replaceAll('$1', String(T0.getTime())) : ANYTHING_DUE}`,
          driver === 'postgres' ? [] : [T0.getTime()],
        ),
      );
      const plan = steps.map((step) => String(step.detail ?? step['QUERY PLAN'])).join('\n');
      expect(plan).toMatch(/using (covering index )?(index )?"?reminders_due|Scan using reminders_due/i);
      expect(plan).toMatch(/reminder_occurrences_due/);
      expect(plan).not.toMatch(/Seq Scan|SCAN reminder/);

      const store = new DatabaseReminderStore(database);
      expect(await store.takeUp(request())).toBe(0);
      const { id } = await store.add(newReminder());
      expect(await store.takeUp(request())).toBe(1);
      expect(await store.recent(id, 9)).toMatchObject([{ state: 'owed' }]);
    } finally {
      await database.close();
    }
  }, 60_000);
});
