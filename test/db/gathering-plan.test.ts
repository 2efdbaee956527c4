import { expect, it } from 'vitest';
import { openDatabase } from '../../src/db/index.js';
import { CLOSINGS, gatheredIn, oweGathered } from '../../src/db/stores/gathering.js';
import { at, T0 } from './support/builders.js';
import { onEach, quiet } from './support/drivers.js';

/** Messages of as many positions as years of trading close. */
const MANY = 20_000;
const SERIES = {
  postgres: `generate_series(1, ${MANY}) AS "n"("i")`,
  sqlite: `(WITH RECURSIVE "n"("i") AS (SELECT 1 UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < ${MANY}) SELECT "i" FROM "n")`,
};

interface Asked {
  sql: string;
  parameters: unknown[];
}

onEach(['sqlite memory', 'postgres'], (bench) => {
  it('decides after 20,000 messages by which one a closed position is told, without looking at all of them', async () => {
    const database = await openDatabase(await bench.newUrl(), { logger: quiet });
    try {
      const asked: Asked[] = [];
      await database.write(async (m) => {
        await m.query(`
          INSERT INTO "outbox" ("kind", "topic", "news", "channel_id", "user_id", "pages", "direct_pages", "told", "state",
              "attempts", "asked", "created_at")
            SELECT CASE "i" % 2 WHEN 0 THEN 'closed' ELSE 'closed-digest' END, 100 + "i", 'closed', '800', '111', '[]', '[]', '', 'told', 1, 0, ${T0.getTime()} - "i" * 60000
              FROM ${SERIES[database.driver]}`);
        await m.query('ANALYZE');
        const logQuery = (sql: string, parameters: unknown[] = []) => void asked.push({ sql, parameters });
        const { logger } = m.connection;
        m.connection.logger = Object.assign(Object.create(logger), { logQuery });
        try {
          const note = { topic: '7', channelId: '800', userId: '111' };
          await oweGathered(m, CLOSINGS, note, at(0), 'gathered');
          await gatheredIn(m, CLOSINGS, '7');
        } finally {
          m.connection.logger = logger;
        }
      });
      const looks = asked.filter(({ sql }) => /^SELECT .* FROM "outbox"/.test(sql));
      expect(looks).toHaveLength(5);
      const explain = database.driver === 'postgres' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
      const plans: string[] = [];
      for (const { sql, parameters } of looks) {
        const steps = await database.read((m) =>
          m.query<Record<string, unknown>[]>(`${explain} ${sql}`, parameters),
        );
        plans.push(steps.map((step) => String(step.detail ?? step['QUERY PLAN'])).join('\n'));
      }
      for (const plan of plans) {
        // By its kind alone it would be every row.
        expect(plan).toMatch(/Index Cond: \(\(kind = .* AND |USING INDEX \w+ \(kind=\? AND /);
        expect(plan).not.toMatch(/Seq Scan|SCAN |Filter/);
      }
    } finally {
      await database.close();
    }
  }, 60_000);
});
