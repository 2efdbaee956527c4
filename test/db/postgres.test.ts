import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { expect, it } from 'vitest';
import { openStore, type SqlStore } from '../../src/db/index.js';
import { openPostgres } from '../../src/db/postgres.js';
import type { ClaimRequest } from '../../src/services/ports/store.js';
import { at, brokerOrder, claimOne, newIntent, newPlan, placed, rememberOne } from './support/builders.js';
import { onPostgres, quiet } from './support/drivers.js';

onPostgres((bench, _driver, cluster) => {
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
    const older = store.recordOrders([brokerOrder('A1', { status: 'Live' })]);
    await until(async () => {
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`;
      if ((await cluster().run(waiting)).rowCount === 0) throw new Error('it never had to wait');
    });
    await other.query('COMMIT');
    await other.end();
    await older;
    expect(await store.intents('p1')).toMatchObject([{ brokerStatus: 'Filled' }]);
  });

  it('lets 300 presses in each of two processes wait in line, and ends none with an error of the pool', async () => {
    const url = await bench.newUrl();
    const stores = [
      await openStore(url, { logger: quiet, poolSize: 3 }),
      await openStore(url, { logger: quiet, poolSize: 3 }),
    ];
    const ids = Array.from({ length: 300 }, (_, n) => `p${n}`);
    const [one] = stores;
    if (!one) throw new Error('no store');
    await Promise.all(ids.map((id) => claimable(one, id)));
    const claims = ids.flatMap((id) => stores.map((store) => store.claimPlan(claimOf(id))));
    const kinds = (await Promise.all(claims)).map(({ kind }) => kind).sort();
    expect(kinds).toEqual([...Array(300).fill('claimed'), ...Array(300).fill('not-open')]);
    await Promise.all(stores.map((store) => store.close()));
  }, 120_000);

  it('tells a press that would wait too long to come again, and nothing of it happens later', async () => {
    const database = await openPostgres(await bench.newUrl(), quiet, 1);
    const ran: string[] = [];
    const long = database.write((manager) => manager.query('SELECT pg_sleep(1)'));
    const late = database.write(async () => void ran.push('late'), 100);
    await expect(late).rejects.toMatchObject({ name: 'DatabaseFailure', trouble: 'busy' });
    await long;
    await database.write(async () => void ran.push('next'));
    expect(ran).toEqual(['next']);
    await database.close();
  });

  it('may drop every connection at any moment: what was claimed stays, and work goes on', async () => {
    const lines: string[] = [];
    const url = await bench.newUrl();
    const logger = pino({ level: 'debug' }, { write: (line) => lines.push(line) });
    const store = await openStore(url, { logger });
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
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(1_000);
  });
});

async function claimable(store: SqlStore, id: string): Promise<void> {
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
