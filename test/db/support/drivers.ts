import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { migratedFile } from '../../support/migrated-file.js';
import { type Cluster, type Databases, findBinaries, startCluster } from './postgres.js';
import { sharedPostgres } from './shared-postgres.js';
import { openTestStore, type TestStore } from './test-store.js';

export const quiet = pino({ level: 'silent' });

/** What a suite gets per test: new databases, closed and removed afterwards. */
export interface Bench {
  /** URL of a new database of today's shape that nothing is in yet. */
  newUrl(): Promise<string>;
  /** URL of a new database without a single table: all migrations are still to be run, which costs ten times as much. */
  emptyUrl(): Promise<string>;
  /** A store, by default on a new database; closed after the test. */
  open(url?: string): Promise<TestStore>;
}

type Driver = 'sqlite file' | 'sqlite memory' | 'postgres';

/** Runs one suite on each driver named. PostgreSQL is skipped, saying so, where it isn't installed. */
export function onEach(drivers: Driver[], suite: (bench: Bench, driver: Driver) => void): void {
  for (const driver of drivers) {
    if (driver === 'postgres') onPostgres(suite);
    else describe(driver, () => suite(driver === 'sqlite memory' ? bench(memoryUrl) : onFiles(), driver));
  }
}

/** A suite about PostgreSQL only, on the server that all test processes share. */
export function onPostgres(suite: (bench: Bench, driver: Driver, cluster: () => Databases) => void): void {
  onServer(sharedPostgres, suite);
}

/** The same on a server that no other file uses: it may be stopped and looked at. */
export function onOwnPostgres(suite: (bench: Bench, driver: Driver, cluster: () => Cluster) => void): void {
  onServer(startCluster, suite, (cluster) => cluster.stop());
}

function onServer<T extends Databases>(
  reach: () => Promise<T>,
  suite: (bench: Bench, driver: Driver, cluster: () => T) => void,
  leave?: (cluster: T) => Promise<void>,
): void {
  const installed = findBinaries() !== null;
  const title = installed ? 'postgres' : 'postgres (skipped: no initdb on PATH or in /usr/lib/postgresql)';
  describe.skipIf(!installed)(title, () => {
    let cluster: T;
    beforeAll(async () => {
      cluster = await reach();
      return () => leave?.(cluster);
    }, 60_000);
    const copy = async () => cluster.cloneDatabase(await cluster.filledOnce('migrated', migrate));
    suite(
      bench(
        () => cluster.createDatabase(),
        copy,
        (url) => cluster.emptyDatabase(url),
      ),
      'postgres',
      () => cluster,
    );
  });
}

/** To today's shape: a copy of that is there in a tenth of the time that all migrations take. */
async function migrate(url: string): Promise<void> {
  await (await openTestStore(url, { logger: quiet })).close();
}

const memoryUrl = async () => 'sqlite::memory:';

function onFiles(): Bench {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  const newFile = () => {
    const folder = mkdtempSync(join(tmpdir(), 'bot-sqlite-'));
    folders.push(folder);
    return join(folder, 'data', 'bot.sqlite');
  };
  const migratedUrl = async () => {
    const file = newFile();
    mkdirSync(dirname(file), { mode: 0o700 });
    copyFileSync(await migratedFile(), file);
    return `sqlite:${file}`;
  };
  return bench(async () => `sqlite:${newFile()}`, migratedUrl);
}

/** @param clear takes all rows out of a database, where that costs less than another one */
function bench(
  emptyUrl: () => Promise<string>,
  newUrl = emptyUrl,
  clear?: (url: string) => Promise<void>,
): Bench {
  const stores: TestStore[] = [];
  /** Known to nobody but a store of this bench, which is closed before the next test has it. */
  const lent: string[] = [];
  const cleared: string[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    for (const url of lent.splice(0)) {
      await clear?.(url);
      cleared.push(url);
    }
  });
  const lend = async () => {
    const url = cleared.pop() ?? (await newUrl());
    if (clear) lent.push(url);
    return url;
  };
  return {
    newUrl,
    emptyUrl,
    open: async (url) => {
      const store = await openTestStore(url ?? (await lend()), { logger: quiet });
      stores.push(store);
      return store;
    },
  };
}
