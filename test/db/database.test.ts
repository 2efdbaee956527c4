import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pino from 'pino';
import type { EntityManager } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { ENTITIES } from '../../src/db/entities/index.js';
import { openStore, storesOf } from '../../src/db/index.js';
import { MIGRATIONS } from '../../src/db/migrations/index.js';
import { openPostgres } from '../../src/db/postgres.js';
import { openSqlite } from '../../src/db/sqlite.js';
import { at, claimOne, newIntent, newPlan, rememberOne } from './support/builders.js';
import { onEach, quiet } from './support/drivers.js';

const open = (url: string): Promise<Database> =>
  url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length), quiet) : openPostgres(url, quiet, 10);

const put = (manager: EntityManager, key: string) =>
  manager.query(`INSERT INTO "bot_state" ("name", "value") VALUES ('${key}', 'v')`);

const keys = async (manager: EntityManager): Promise<string[]> =>
  (await manager.query<{ name: string }[]>('SELECT "name" FROM "bot_state" ORDER BY "name"')).map(
    ({ name }) => name,
  );

/** Columns that nobody reads any more, and that SQLite can't drop for a check that names them. */
const LEFT_BEHIND = new Map([['plans', ['report_message_id']]]);

/** A promise and the function that fulfils it. */
function signal() {
  let fire: () => void = () => undefined;
  const fired = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { fire, fired };
}

onEach(['sqlite file', 'sqlite memory', 'postgres'], (bench, driver) => {
  let database: Database;
  let url: string;
  beforeEach(async () => {
    url = await bench.newUrl();
    database = await open(url);
  });
  afterEach(() => database.close());

  it('shows a reader nothing of a transaction until it is committed', async () => {
    const [written, finish] = [signal(), signal()];
    const writing = database.write(async (manager) => {
      await put(manager, 'a');
      written.fire();
      await finish.fired;
    });
    await written.fired;
    const during = database.read(keys);
    // In memory there is one connection only, and the reader waits for its turn instead.
    if (driver !== 'sqlite memory') expect(await during).toEqual([]);
    finish.fire();
    await writing;
    expect(await during).toEqual(driver === 'sqlite memory' ? ['a'] : []);
    expect(await database.read(keys)).toEqual(['a']);
  });

  it('never shows a reader what was rolled back', async () => {
    const [written, finish] = [signal(), signal()];
    const writing = database.write(async (manager) => {
      await put(manager, 'a');
      written.fire();
      await finish.fired;
      throw new Error('changed my mind');
    });
    await written.fired;
    const during = database.read(keys);
    finish.fire();
    await expect(writing).rejects.toThrow('changed my mind');
    expect(await during).toEqual([]);
    expect(await database.read(keys)).toEqual([]);
  });

  it('goes on after a statement fails in mid-transaction', async () => {
    const failing = database.write(async (manager) => {
      await put(manager, 'a');
      await manager.query('INSERT INTO "nowhere" VALUES (1)');
    });
    await expect(failing).rejects.toThrow();
    await database.write((manager) => put(manager, 'b'));
    expect(await database.read(keys)).toEqual(['b']);
  });

  it('has exactly the columns its entities name, null where they may be', async () => {
    await database.write(async ({ connection, queryRunner }) => {
      for (const entity of ENTITIES) {
        const { tableName, columns } = connection.getMetadata(entity);
        const table = await queryRunner?.getTable(tableName);
        // SQLite lists a numbered key as nullable, though it never is null.
        const word = (name: string, isKey: boolean, isNullable: boolean) =>
          isNullable && !isKey ? `${name}?` : name;
        const left = LEFT_BEHIND.get(tableName) ?? [];
        const real = (table?.columns ?? [])
          .filter(({ name }) => !left.includes(name))
          .map((c) => word(c.name, c.isPrimary, c.isNullable));
        const named = columns.map((c) => word(c.databaseName, c.isPrimary, c.isNullable));
        expect(real.sort(), tableName).toEqual(named.sort());
      }
    });
  });

  it('can be taken back to nothing and built anew', async () => {
    await database.write(async (manager) => {
      const { queryRunner } = manager;
      if (!queryRunner) throw new Error('a transaction has a runner');
      const migrations = MIGRATIONS.map((Migration) => new Migration());
      for (const migration of [...migrations].reverse()) await migration.down(queryRunner);
      for (const entity of ENTITIES) {
        expect(await queryRunner.hasTable(manager.connection.getMetadata(entity).tableName)).toBe(false);
      }
      for (const migration of migrations) await migration.up(queryRunner);
      await put(manager, 'a');
    });
    expect(await database.read(keys)).toEqual(['a']);
  });

  it.skipIf(driver === 'sqlite memory')('keeps everything over a restart', async () => {
    await database.close();
    const before = await bench.open(url);
    const intent = await claimOne(before, 'p1');
    await before.close();
    const after = await bench.open(url);
    expect(await after.intents('p1')).toEqual([intent]);
  });

  it.skipIf(driver === 'sqlite memory')(
    'refuses to start on the work of newer code, and changes nothing',
    async () => {
      const future = `INSERT INTO "migrations" ("timestamp", "name") VALUES (2000000000000, 'AddMoons2000000000000')`;
      await database.write((manager) => manager.query(future));
      await expect(openStore(url, { logger: quiet })).rejects.toMatchObject({
        code: 'DATABASE_NEWER',
        message: expect.stringContaining('AddMoons2000000000000'),
      });
    },
  );

  it.skipIf(driver === 'sqlite memory')(
    'says so when migrations are missing under a running bot',
    async () => {
      const store = await bench.open(url);
      const forget = `DELETE FROM "migrations" WHERE "name" = '${MIGRATIONS.at(-1)?.name}'`;
      await database.write((manager) => manager.query(forget));
      await expect(store.check()).rejects.toThrow('lacks 1 migration');
    },
  );

  it.skipIf(driver === 'sqlite memory')('rejects rows that make no sense, whoever writes them', async () => {
    await claimOne(await bench.open(url), 'p1');
    const nonsense = [
      `UPDATE "plans" SET "status" = 'maybe'`,
      `UPDATE "order_intents" SET "state" = 'placed', "settled_at" = 1`,
      `UPDATE "order_intents" SET "state" = 'refused'`,
      `UPDATE "order_intents" SET "state" = 'reserved'`,
      `UPDATE "order_intents" SET "sent_at" = NULL`,
      `UPDATE "order_intents" SET "price" = '0'`,
      `UPDATE "order_intents" SET "plan_id" = 'ghost'`,
      `INSERT INTO "reservations" ("account", "symbol", "plan_id", "reserved_at")
        SELECT "account", "symbol", "plan_id", "reserved_at" FROM "reservations"`,
    ];
    for (const sql of nonsense) {
      await expect(
        database.write((manager) => manager.query(sql)),
        sql,
      ).rejects.toThrow(/constraint/i);
    }
  });
});

describe('an SQLite file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bot-sqlite-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is created for its owner alone', async () => {
    const file = join(folder, 'deep', 'data', 'bot.sqlite');
    await (await openSqlite(file, quiet)).close();
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is written ahead, to the disk, with foreign keys on', async () => {
    const database = await openSqlite(join(folder, 'bot.sqlite'), quiet);
    const pragma = async (name: string) => {
      const [row] = await database.write((m) => m.query<Record<string, unknown>[]>(`PRAGMA ${name}`));
      return Object.values(row ?? {})[0];
    };
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    await expect(database.read((m) => put(m, 'a'))).rejects.toThrow('readonly');
    await database.close();
  });

  it('refuses a claim whole when the disk is full, and takes it when there is room again', async () => {
    const database = await openSqlite(join(folder, 'bot.sqlite'), quiet);
    const store = storesOf(database, quiet);
    const room = (pages: number) => database.write((m) => m.query(`PRAGMA max_page_count = ${pages}`));
    const positionId = await rememberOne(store);
    await store.createPlan(newPlan('p1'));
    const claim = () =>
      store.claimPlan({
        planId: 'p1',
        now: at(1),
        state: 'submitting',
        intents: [newIntent('p1', positionId, { label: 'x'.repeat(500_000) })],
      });
    await room(1);
    await expect(claim()).rejects.toThrow('SQLITE_FULL');
    expect(await store.intents('p1')).toEqual([]);
    expect((await store.plan('p1'))?.status).toBe('open');
    await room(1_000_000);
    expect((await claim()).kind).toBe('claimed');
    await store.close();
  });

  it('that is none, or a place that cannot be written, is reported with its path', async () => {
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'These are my notes, not a database. '.repeat(100));
    mkdirSync(join(folder, 'folder'));
    for (const file of [text, join(folder, 'folder'), join(text, 'bot.sqlite')]) {
      await expect(openStore(`sqlite:${file}`, { logger: quiet })).rejects.toMatchObject({
        code: 'DATABASE_UNREACHABLE',
        message: expect.stringContaining(file),
      });
    }
  });

  it('reports a settled order that got another outcome', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'error' }, { write: (line) => lines.push(line) });
    const store = await openStore('sqlite::memory:', { logger });
    const { id } = await claimOne(store, 'p1');
    const say = (brokerOrderId: string) =>
      store.settleIntent(id, { state: 'placed', brokerOrderId, brokerStatus: 'Live' }, new Date(1));
    await say('A1');
    await say('A1');
    expect(lines).toEqual([]);
    await say('A2');
    expect(lines.join()).toContain('A2');
    await store.close();
  });
});
