import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { migratedFile } from '../../support/migrated-file.js';
import { type Cluster, findBinaries, startCluster } from './postgres.js';
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

/** A suite about PostgreSQL only; with `own` it may stop and look at a cluster that no other file uses. */
export function onPostgres(
  suite: (bench: Bench, driver: Driver, cluster: () => Cluster) => void,
  { own = false } = {},
): void {
  const installed = findBinaries() !== null;
  const title = installed ? 'postgres' : 'postgres (skipped: no initdb on PATH or in /usr/lib/postgresql)';
  describe.skipIf(!installed)(title, () => {
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = own ? await startCluster() : await sharedCluster();
    }, 60_000);
    suite(
      bench(
        () => cluster.createDatabase(),
        async () => cluster.cloneDatabase(await migrated(cluster)),
        (url) => cluster.emptyDatabase(url),
      ),
      'postgres',
      () => cluster,
    );
    afterAll(() => (own ? cluster?.stop() : undefined));
  });
}

let shared: Promise<Cluster> | null = null;

/** One for all files of a test process; it ends with the process. */
function sharedCluster(): Promise<Cluster> {
  shared ??= startCluster();
  return shared;
}

const templates = new WeakMap<Cluster, Promise<string>>();

/** A database of today's shape: a copy of it is there in a tenth of the time that all migrations take. */
function migrated(cluster: Cluster): Promise<string> {
  const known = templates.get(cluster) ?? migrate(cluster);
  templates.set(cluster, known);
  return known;
}

async function migrate(cluster: Cluster): Promise<string> {
  const url = await cluster.createDatabase();
  await (await openTestStore(url, { logger: quiet })).close();
  return url;
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
