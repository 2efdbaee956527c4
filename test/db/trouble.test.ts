import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { QueryFailedError } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../src/db/index.js';
import { openSqlite } from '../../src/db/sqlite.js';
import { troubleOf } from '../../src/db/trouble.js';
import { newPlan, rememberOne } from './support/builders.js';
import { quiet } from './support/drivers.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trouble-'));
  file = join(folder, 'bot.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Another program with a connection of its own. */
async function otherProgram() {
  const other = new sqlite3.Database(file);
  const run = (sql: string) =>
    new Promise<void>((resolve, reject) => other.run(sql, (error) => (error ? reject(error) : resolve())));
  await run('PRAGMA busy_timeout = 10000');
  return { run, close: () => new Promise<void>((resolve) => other.close(() => resolve())) };
}

describe('a database that another program holds', () => {
  let store: BotStore;
  let other: Awaited<ReturnType<typeof otherProgram>>;
  beforeEach(async () => {
    store = await openStore(`sqlite:${file}`, { logger: quiet });
    await rememberOne(store);
    other = await otherProgram();
    await other.run('BEGIN IMMEDIATE');
  });
  afterEach(async () => {
    await other.run('ROLLBACK').catch(() => {});
    await other.close();
    await store.close();
  });

  it('is told by every write that waits, at about the same time, and reads go on meanwhile', async () => {
    const began = performance.now();
    const writes = Array.from({ length: 12 }, (_, n) => store.createPlan(newPlan(`p${n}`)));
    const ends = Promise.allSettled(writes);
    let settled = false;
    ends.then(() => {
      settled = true;
    });
    expect(await store.plan('p0')).toBeNull();
    expect(settled).toBe(false);
    for (const end of await ends)
      expect(end).toMatchObject({ status: 'rejected', reason: { trouble: 'locked' } });
    // One after another they would take twelve times as long as one.
    expect(performance.now() - began).toBeLessThan(12_000);
  });

  it('is told by the check, and forgotten once it is free', async () => {
    await expect(store.check()).rejects.toMatchObject({ name: 'DatabaseFailure', trouble: 'locked' });
    await other.run('ROLLBACK');
    await store.check();
    await store.createPlan(newPlan('p'));
    expect(await store.plan('p')).not.toBeNull();
  });

  it('doesn’t keep a position that has an id from having it', async () => {
    const known = { account: '5WT00001', key: 'k', underlying: 'QQQ', strategy: 'vertical' };
    await other.run('ROLLBACK');
    const ids = await store.rememberPositions([known], new Date());
    await other.run('BEGIN IMMEDIATE');
    expect(await store.rememberPositions([known], new Date())).toEqual(ids);
    await expect(store.rememberPositions([{ ...known, key: 'new' }], new Date())).rejects.toMatchObject({
      trouble: 'locked',
    });
  });
});

it.each([
  ['full', 'PRAGMA max_page_count = 1'],
  ['read-only', 'PRAGMA query_only = ON'],
])('a database that is %s is told as such, and what was half done is undone', async (trouble, pragma) => {
  const database = await openSqlite(file, quiet);
  await database.write((m) => m.query(`CREATE TABLE t (x TEXT)`));
  await database.write((m) => m.query(pragma).catch(() => {}));
  const big = 'x'.repeat(1_000_000);
  await expect(
    database.write(async (m) => {
      await m.query(`INSERT INTO t VALUES ('small')`);
      await m.query(`INSERT INTO t VALUES ('${big}')`);
    }),
  ).rejects.toMatchObject({ name: 'DatabaseFailure', trouble });
  expect(await database.read((m) => m.query('SELECT * FROM t'))).toEqual([]);
  await database.close();
});

it('checks by a write that leaves no more behind than the one before', async () => {
  const store = await openStore(`sqlite:${file}`, { logger: quiet });
  await store.check();
  await store.close();
  const before = statSync(file).size;
  const again = await openStore(`sqlite:${file}`, { logger: quiet });
  for (let n = 0; n < 200; n++) await again.check();
  await again.close();
  expect(statSync(file).size).toBe(before);
});

describe('what an error says about the database', () => {
  const failed = (code: string) =>
    new QueryFailedError('SELECT', [], Object.assign(new Error(code), { code }));
  it.each([
    [failed('SQLITE_IOERR'), 'broken'],
    [failed('55P03'), 'locked'],
    [failed('53100'), 'full'],
    [failed('25006'), 'read-only'],
    [failed('57P01'), 'away'],
    [failed('08006'), 'away'],
    [new Error('timeout exceeded when trying to connect'), 'away'],
    [new Error('Query read timeout'), 'away'],
    [new Error('Connection terminated unexpectedly'), 'away'],
    [new AggregateError([Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })]), 'away'],
    [failed('23505'), null],
    [failed('SQLITE_CONSTRAINT'), null],
    [new Error('a bug'), null],
    ['not even an error', null],
  ])('%s: %s', (error, trouble) => {
    expect(troubleOf(error)).toBe(trouble);
  });
});
