import { expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openDatabase, storesOf } from '../../src/db/index.js';
import { RemindersByOutbox1795446000033 as RemindersByOutbox } from '../../src/db/migrations/1795446000033-reminders-by-outbox.js';
import { at, MINUTE, newReminder, request, T0 } from '../reminders/engine/support/reminders.js';
import { onEach, quiet } from './support/drivers.js';

/** Taken back to the shape before reminders were told by the outbox, filled, and brought here again. */
async function migrated(
  database: Database,
  fill: (query: (sql: string) => Promise<unknown>) => Promise<void>,
) {
  await database.write(async (manager) => {
    const { queryRunner } = manager;
    if (!queryRunner) throw new Error('a transaction has a runner');
    const migration = new RemindersByOutbox();
    await migration.down(queryRunner);
    await fill((sql) => queryRunner.query(sql));
    await migration.up(queryRunner);
  });
}

onEach(['sqlite file', 'postgres'], (bench, driver) => {
  it('what earlier code had in its hands is owed, each message as it was, and no number is given again', async () => {
    const database = await openDatabase(await bench.newUrl(), { logger: quiet });
    const store = storesOf(database, quiet);
    const { reminders, outbox } = store;
    try {
      for (let n = 0; n < 7; n += 1) await reminders.add(newReminder({ nextRunAt: null }));
      const due = T0.getTime();
      const run = (id: number, state: string, more: Record<string, string | number> = {}) => {
        const row = { id, reminder_id: id, due_at: due, snoozed: 'FALSE', state, attempts: 1, ...more };
        const values = Object.values({ ...row, state: `'${state}'` }).join(', ');
        const names = Object.keys(row).map((name) => `"${name}"`);
        return `INSERT INTO "reminder_occurrences" (${names.join(', ')}) VALUES (${values})`;
      };
      const left = { dispatched_at: due, lead_id: 2, wake_at: due + MINUTE };
      await migrated(database, async (query) => {
        // Two of one message that may be out, one of them put off; claimed and never sent; put off; given back; snoozed; told.
        await query(run(1, 'claimed', { ...left, owner: `'dead'` }));
        await query(run(2, 'waiting', { ...left, wake_at: due + 2 * MINUTE }));
        await query(run(3, 'claimed', { owner: `'dead'`, wake_at: due + MINUTE }));
        await query(run(4, 'waiting', { attempts: 2, wake_at: due + MINUTE, note: `'Discord was away'` }));
        await query(run(5, 'waiting', { attempts: 0, wake_at: due }));
        await query(run(6, 'waiting', { attempts: 0, wake_at: due, snoozed: 'TRUE' }));
        await query(
          run(7, 'sent', { dispatched_at: due, lead_id: 7, message_ref: `'8/9'`, finished_at: due }),
        );
        await query(`DELETE FROM "reminder_occurrences" WHERE "id" = 7`);
        // What PostgreSQL does by itself where nobody names a number.
        if (driver === 'postgres')
          await query(`SELECT setval(pg_get_serial_sequence('reminder_occurrences', 'id'), 7)`);
        const notice = (id: number, user: string, more: string) =>
          query(
            `INSERT INTO "reminder_notices" ("id", "reminder_id", "user_id", "news", "reason", "created_at", "attempts",
              "wake_at", "ended_at", "batch", "taken_at") VALUES (${id}, 1, '${user}', 'failed', 'gone', ${due}, 0, ${more})`,
          );
        await notice(1, '1', `NULL, ${due}, 1, ${due}`);
        await notice(2, '1', `${due}, NULL, NULL, NULL`);
        await notice(3, '2', `${due}, NULL, NULL, NULL`);
        await notice(4, '1', `${due}, NULL, NULL, NULL`);
        await notice(5, '3', `${due}, NULL, 5, ${due}`);
      });
      const owed = async (lead: number) =>
        (await reminders.owed(lead)).map(({ occurrence }) => occurrence.id);
      expect(await Promise.all([1, 2, 3, 4, 5, 6].map(owed))).toEqual([[], [2, 1], [3], [4], [5], []]);
      const [both] = await reminders.owed(2);
      expect(both?.occurrence).toMatchObject({ dispatchedAt: T0, state: 'owed' });
      expect((await reminders.owed(4))[0]?.occurrence).toMatchObject({
        note: 'Discord was away',
        dispatchedAt: null,
      });
      const topics = async (now: Date) =>
        (await outbox.due(now, 99)).map(({ kind, topic }) => `${kind} ${topic}`);
      expect((await topics(at(MINUTE))).sort()).toEqual([
        'notice 2',
        'notice 3',
        'reminder 3',
        'reminder 4',
        'reminder 5',
      ]);
      // As long as the claim of a message lasted, whoever had it may be at it.
      expect(await topics(at(2 * MINUTE))).toContain('reminder 2');
      expect((await reminders.setbacks(2)).map(({ id }) => id)).toEqual([2, 4]);
      expect(await reminders.setbacks(5)).toEqual([]);
      expect(await reminders.takeUp(request())).toBe(1);
      expect(await owed(6)).toEqual([6]);
      await reminders.snooze(7, at(MINUTE));
      expect(await reminders.recent(7, 1)).toMatchObject([{ id: 8 }]);
    } finally {
      await store.close();
    }
  });
});
