import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { expect, it } from 'vitest';
import { type BotStore, openStore } from '../../src/db/index.js';
import { openPostgres } from '../../src/db/postgres.js';
import type { ClaimRequest } from '../../src/ports/store.js';
import { at, brokerOrder, claimOne, newIntent, newPlan, placed, rememberOne } from './support/builders.js';
import { onOwnPostgres, quiet } from './support/drivers.js';

onOwnPostgres((bench, _driver, cluster) => {
  it('is reached over a unix socket as well', async () => {
    const store = await bench.open(cluster().overSocket(await bench.newUrl()));
    expect(await store.check()).toEqual({ driver: 'postgres', pendingMigrations: 0 });
  });

  it('is refused while it answers before commits are on disk', async () => {
    const url = await cluster().createDatabase('synchronous_commit = off');
    await expect(openStore(url, { logger: quiet })).rejects.toMatchObject({ code: 'DATABASE_NOT_DURABLE' });
  });

  it('names a wrong password as the reason, and keeps it to itself', async () => {
    const url = new URL(await bench.newUrl());
    url.password = 'hush';
    const failure = await openStore(url.href, { logger: quiet }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    expect(String(failure)).toContain('password authentication failed');
    expect(JSON.stringify(failure) + String(failure)).not.toContain('hush');
  });

  it('never lets an older word about an order overtake a newer one still being written', async () => {
    const url = await bench.newUrl();
    const store = await bench.open(url);
    const { id } = await claimOne(store, 'p1');
    await store.settleIntent(id, placed('A1'), at(2_000));
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query('BEGIN');
    await other.query(`UPDATE "order_intents" SET "broker_status" = 'Filled', "broker_state" = 'filled'`);
    const older = store.recordOrders([brokerOrder('A1', { status: 'Live' })], at(0));
    await until(async () => {
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`;
      if ((await cluster().run(waiting)).rowCount === 0) throw new Error('it never had to wait');
    });
    await other.query('COMMIT');
    await other.end();
    await older;
    expect(await store.intents('p1')).toMatchObject([{ brokerStatus: 'Filled' }]);
  });

  it('lets 100 presses in each of two processes wait in line, and ends none with an error of the pool', async () => {
    const url = await bench.newUrl();
    const stores = [
      await openStore(url, { logger: quiet, poolSize: 3 }),
      await openStore(url, { logger: quiet, poolSize: 3 }),
    ];
    const ids = Array.from({ length: 100 }, (_, n) => `p${n}`);
    const [one] = stores;
    if (!one) throw new Error('no store');
    await Promise.all(ids.map((id) => claimable(one, id)));
    const claims = ids.flatMap((id) => stores.map((store) => store.claimPlan(claimOf(id))));
    const kinds = (await Promise.all(claims)).map(({ kind }) => kind).sort();
    expect(kinds).toEqual([...Array(100).fill('claimed'), ...Array(100).fill('not-open')]);
    await Promise.all(stores.map((store) => store.close()));
  }, 120_000);

  it('tells a press that would wait too long to come again, and nothing of it happens later', async () => {
    const database = await openPostgres(await bench.newUrl(), quiet, 1);
    const ran: string[] = [];
    const long = database.write((manager) => manager.query('SELECT pg_sleep(1)'));
    const late = database.write(async () => void ran.push('late'), { patienceMs: 100 });
    await expect(late).rejects.toMatchObject({ name: 'DatabaseFailure', trouble: 'busy' });
    await long;
    await database.write(async () => void ran.push('next'));
    expect(ran).toEqual(['next']);
    await database.close();
  });

  it('tells within seconds that a server hangs, to whoever waits for a turn too, and works again by itself', async () => {
    const store = await openStore(await bench.newUrl(), { logger: quiet, poolSize: 3 });
    await claimable(store, 'p1');
    await claimable(store, 'p2');
    await cluster().suspend();
    const began = performance.now();
    try {
      const asked = [...Array(20)].flatMap(() => [
        store.plan('p1'),
        store.check(),
        store.claimPlan(claimOf('p1')),
      ]);
      for (const end of await Promise.allSettled(asked)) {
        expect(end).toMatchObject({ status: 'rejected', reason: { trouble: 'away' } });
      }
      // One after another in three turns they would take twenty times as long as one.
      expect(performance.now() - began).toBeLessThan(20_000);
    } finally {
      cluster().resume();
    }
    await until(() => store.check());
    // Nothing of what was given up happened, then or later.
    expect(await store.plan('p1')).toMatchObject({ status: 'open' });
    expect(await store.claimPlan(claimOf('p2'))).toMatchObject({ kind: 'claimed' });
    expect(await store.intents('p1')).toEqual([]);
    expect(await store.claimPlan(claimOf('p1'))).toMatchObject({ kind: 'claimed' });
    await store.close();
  }, 60_000);

  it('a statement without an answer takes its connection with it: whoever comes next has a transaction of its own', async () => {
    const url = await bench.newUrl();
    const store = await openStore(url, { logger: quiet, poolSize: 1 });
    await claimable(store, 'p1');
    const database = await openPostgres(url, quiet, 1);
    const half = database.write(async (manager) => {
      await manager.query(`UPDATE "plans" SET "status" = 'cancelled'`);
      await cluster().suspend();
      await manager.query('SELECT 1');
    });
    await expect(half).rejects.toMatchObject({ trouble: 'away' });
    cluster().resume();
    await until(() => database.write((manager) => manager.query('SELECT 1')));
    expect(await store.plan('p1')).toMatchObject({ status: 'open' });
    await database.close();
    await store.close();
  }, 60_000);

  it('waits at start for another that migrates, longer than for any other lock', async () => {
    const url = await bench.emptyUrl();
    const migrating = new pg.Client({ connectionString: url });
    await migrating.connect();
    await migrating.query('SELECT pg_advisory_lock(7305117)');
    const starts = [openStore(url, { logger: quiet }), openStore(url, { logger: quiet })];
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory' AND now() - query_start > '3 s'`;
    await until(async () => expect((await cluster().run(waiting)).rowCount).toBe(2));
    await migrating.end();
    for (const store of await Promise.all(starts)) {
      expect((await store.check()).pendingMigrations).toBe(0);
      await store.close();
    }
  }, 60_000);

  it('may drop every connection at any moment: what was claimed stays, and work goes on', async () => {
    const lines: string[] = [];
    const url = await bench.newUrl();
    const logger = pino({ level: 'debug' }, { write: (line) => lines.push(line) });
    const store = await openStore(url, { logger });
    // What was migrated is a line as long as the bot is old.
    const started = lines.length;
    const claimed: string[] = [];
    for (let round = 0; round < 5; round++) {
      const ids = Array.from({ length: 40 }, (_, n) => `p${round}-${n}`);
      const claims = ids.map(async (id) => {
        await claimOne(store, id, { legs: [{ ...leg, symbol: id }] });
        claimed.push(id);
      });
      const ended = Promise.allSettled(claims);
      await Promise.any(claims);
      await cluster().run(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'profit-target-bot'`,
      );
      await ended;
      await until(() => store.check());
    }
    expect(claimed.length).toBeGreaterThanOrEqual(5);
    for (const id of claimed) expect(await store.intents(id)).toHaveLength(1);
    await claimOne(store, 'after', { legs: [{ ...leg, symbol: 'after' }] });
    await store.close();
    expect(lines.join('')).not.toContain(new URL(url).password);
    expect(Math.max(...lines.slice(started).map(({ length }) => length))).toBeLessThan(1_000);
  });
});

async function claimable(store: BotStore, id: string): Promise<void> {
  await rememberOne(store);
  await store.createPlan(newPlan(id));
}

function claimOf(planId: string): ClaimRequest {
  const intents = [newIntent(planId, 1, { legs: [{ ...leg, symbol: planId }] })];
  return { planId, now: at(1_000), intents, state: 'submitting' };
}

const leg = { symbol: '', kind: 'option', action: 'buy-to-close', quantity: 1 } as const;

/** Tries until it succeeds; broken connections, for one, are noticed one by one as they are used. */
async function until(attempt: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
