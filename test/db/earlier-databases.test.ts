import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import pg from 'pg';
import sqlite3 from 'sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';

import type { IntentState, NewIntent, OrderIntent, Plan } from '../../src/ports/store.js';
import { HomeServer } from '../../src/services/access/home-server.js';
import { readKept, readReach } from '../../src/services/accounts/kept-orders.js';
import { decodePayload } from '../../src/services/previews/payload.js';
import { MarketDays } from '../../src/services/reminders/market-days.js';
import { decodeOptions } from '../../src/services/reminders/options.js';
import { UserZones } from '../../src/services/reminders/user-zones.js';
import { claimDatabase } from '../../src/services/status/database-owner.js';
import { accessRules, brokerWith } from '../services/support/builders.js';
import { onEach, quiet } from './support/drivers.js';
import type { TestStore } from './support/test-store.js';

/** A database that the code of that day left behind in the middle of its work, and what it told of it. */
const MADE = new URL('../fixtures/databases/2026-11-28/', import.meta.url);
const told = JSON.parse(readFileSync(new URL('told.json', MADE), 'utf8')) as {
  positions: { id: number; account: string; key: string; underlying: string; strategy: string }[];
  plans: {
    plan: { id: string; reportMessageId: string | null };
    intents: { id: number; state: IntentState }[];
    tellings: { ref: string; direct: boolean; posted: string; says: string }[];
  }[];
  reminders: {
    reminder: { id: number; kind: string };
    runs: { id: number; state: string; attempts: number; leaseUntil: string | null }[];
  }[];
  unresolved: number[];
  unreported: string[];
  underWay: string[];
  owedResults: string[];
  archive: { symbol: string; reach: unknown; kept: unknown[] };
};

const ACCOUNT = '5WX10001';
const [ANNA, BEN] = ['100000000000000001', '100000000000000002'] as const;
const at = (minutes: number) => new Date(Date.parse('2026-11-27T15:00:00.000Z') + minutes * 60_000);
/** As it was written down then. */
const written = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

onEach(['sqlite file', 'postgres'], (bench, driver) => {
  describe('a database of 2026-11-28', () => {
    let store: TestStore;
    beforeEach(async () => {
      const url = await bench.emptyUrl();
      await (driver === 'postgres' ? loadPostgres(url) : loadSqlite(url));
      store = await bench.open(url);
    });

    it('has its positions under their numbers, and gives the next one to a new one', async () => {
      for (const position of told.positions) {
        expect(written(await store.position(position.id))).toMatchObject(position);
      }
      const known = told.positions.map(({ account, key, underlying, strategy }) => ({
        account,
        key,
        underlying,
        strategy,
      }));
      const fresh = { account: ACCOUNT, key: 'order:999', underlying: 'QQQ', strategy: 'put-vertical' };
      const ids = await store.rememberPositions([...known, fresh], at(1));
      expect(told.positions.map(({ key }) => ids.get(key))).toEqual(told.positions.map(({ id }) => id));
      expect(ids.get('order:999')).toBe(told.positions.length + 1);
    });

    it('has each plan with its orders, fills, history and messages', async () => {
      expect(told.plans).toHaveLength(13);
      for (const { plan: known, tellings: _messages, ...rest } of told.plans) {
        const { reportMessageId: _id, ...plan } = known;
        const intents = await store.intents(plan.id);
        const fills = await Promise.all(intents.map(({ id }) => store.fills(id)));
        const now = {
          plan: await store.plan(plan.id),
          intents,
          fills: fills.flat(),
          audit: await store.auditTrail(plan.id),
        };
        expect(written(now), plan.id).toMatchObject({ plan, ...rest });
      }
      const states = told.plans.flatMap(({ intents }) => intents.map(({ state }) => state));
      const every = ['reserved', 'submitting', 'placed', 'refused', 'unknown', 'absent', 'abandoned'];
      expect([...new Set(states)].sort()).toEqual(every.sort());
    });

    it('knows which messages tell of each plan, and what they were posted with and say', async () => {
      let messages = 0;
      for (const { plan, tellings } of told.plans) {
        const notes = await store.outbox.notes({ kind: 'result', topic: plan.id });
        for (const { ref, direct, posted, says } of tellings) {
          const place = direct ? { pages: [], directPages: ref.split(',') } : { pages: ref.split(',') };
          expect(notes, plan.id).toContainEqual(
            expect.objectContaining({ ...place, news: posted, told: says }),
          );
        }
        const reported = plan.reportMessageId?.split(',') ?? [];
        const known = notes.flatMap(({ pages, directPages }) => [...pages, ...directPages]);
        expect(known).toEqual(expect.arrayContaining(reported));
        messages += known.length;
        // What is owed may have been posted by the process that died: not before a look is it told.
        const first = notes.find(({ pages, directPages }) => pages.length + directPages.length === 0);
        expect(first?.attempts ?? null, plan.id).toBe(told.owedResults.includes(plan.id) ? 1 : null);
      }
      expect(messages).toBe(4);
      const due = await store.outbox.due(at(600), 99);
      expect(due.filter(({ kind }) => kind === 'result')).toEqual([]);
    });

    it('can still send what its open preview showed', async () => {
      const plan = (await store.plan('plan-open')) as Plan;
      const { orders, overrides } = decodePayload(plan.payload);
      expect(orders.map(({ profit }) => String(profit))).toEqual(['271/3', 'null']);
      expect(String(overrides.ladder)).toBe('40,60.5');
      const intents = orders.map((order, index) => intentOf(plan, order, `new-${index}`));
      const claim = await store.claimPlan({ planId: plan.id, now: at(1), state: 'submitting', intents });
      expect(claim.kind).toBe('claimed');
    });

    it('knows which orders nobody knows the fate of, and keeps their contracts from any other press', async () => {
      const unresolved = await store.unresolvedIntents();
      expect(unresolved.map(({ id }) => id)).toEqual(told.unresolved);
      for (const [index, intent] of unresolved.entries()) {
        expect(await pressOn(store, intent, `again-${index}`)).toEqual({
          kind: 'busy',
          planId: intent.planId,
        });
      }
      for (const { id } of unresolved) {
        await store.settleIntent(id, { state: 'absent', reason: 'not there' }, at(2));
      }
      // Half of that plan was placed, so it is told as another preview's; the others left nothing behind.
      const kinds = [];
      for (const [index, intent] of unresolved.entries()) {
        const { kind } = await pressOn(store, intent, `then-${index}`);
        kinds.push(`${intent.planId}: ${kind}`);
      }
      expect(kinds.sort()).toEqual([
        'plan-half: changed',
        'plan-reserved: claimed',
        'plan-submitting: claimed',
        'plan-unknown: claimed',
      ]);
    });

    it('knows our orders by the broker’s ids', async () => {
      const ids = ['50001', '50002', '50003', '60001', '70001'];
      const links = await store.orderLinks(ACCOUNT, ids);
      expect([...links].map(([id, { key }]) => `${id} ${key}`).sort()).toEqual([
        '50001 order:307',
        '50002 order:307',
        '50003 order:306',
        '60001 order:305',
      ]);
      expect((await store.recentlyAbsent(ACCOUNT, at(-60))).map(({ planId }) => planId)).toEqual([
        'plan-absent',
      ]);
    });

    it('owes what it owed: results, buttons, and looks at fresh orders', async () => {
      expect((await store.unreportedPlans()).map(({ id }) => id)).toEqual(told.unreported);
      expect((await store.plansUnderWay(at(-1440))).map(({ id }) => id)).toEqual(told.underWay);
      expect(await store.owedResults()).toEqual(told.owedResults);
      const due = await store.takeErrands(at(60), 100);
      const of = (kind: string) => due.filter((errand) => errand.kind === kind).map(({ planId }) => planId);
      expect(of('result').sort()).toEqual([...told.owedResults].sort());
      expect(of('buttons')).toHaveLength(12);
    });

    it('has its reminders with their runs, runs none twice and gives no number again', async () => {
      const { reminders } = store;
      for (const { reminder, runs } of told.reminders) {
        expect(written(await reminders.reminder(reminder.id)), reminder.kind).toMatchObject(reminder);
        // What a process had in its hands is owed by the outbox.
        const now = runs.map(({ attempts: _tries, leaseUntil: _until, ...run }) =>
          run.state === 'claimed' ? { ...run, state: 'owed' } : run,
        );
        expect(written(await reminders.recent(reminder.id, 10)), reminder.kind).toMatchObject(now);
        decodeOptions((await reminders.reminder(reminder.id))?.options ?? '');
      }
      const due = { limit: 100, graceMs: 6 * 3_600_000, nextRun: () => null };
      // The one that was snoozed; the one whose message may be out is owed already, and is looked for by its number.
      expect(await reminders.takeUp({ ...due, now: at(30) })).toBe(1);
      expect(await reminders.takeUp({ ...due, now: at(30) })).toBe(0);
      const topics = await store.outbox.due(at(30), 99);
      const tellings = await Promise.all(
        topics.map(async ({ kind, topic }) =>
          kind === 'reminder'
            ? (await reminders.owed(Number(topic))).map(
                ({ reminder, occurrence }) =>
                  `${topic} ${reminder.kind} ${occurrence.dispatchedAt?.toISOString()}`,
              )
            : (await reminders.setbacks(Number(topic))).map(
                ({ reminder, news }) => `${reminder.kind} ${news}`,
              ),
        ),
      );
      expect(tellings.flat().sort()).toEqual([
        '4 note 2026-11-27T13:50:00.000Z',
        '5 missing-targets undefined',
        'working-orders paused',
      ]);
      expect(await reminders.reckoning()).toBe('2026b/[]');
      const { id, pausedReason: _reason, state: _state, ...again } = (await reminders.reminder(1))!;
      expect((await reminders.add(again)).id).toBeGreaterThan(7);
      expect(id).toBe(1);
    });

    it('belongs to whom it belonged to, and knows what people chose', async () => {
      await expect(claimDatabase(store.state, 'SANDBOX')).rejects.toMatchObject({
        code: 'DATABASE_OF_ANOTHER_ENVIRONMENT',
      });
      await claimDatabase(store.state, 'PAPER');
      const zones = new UserZones(store.people);
      expect(await Promise.all([ANNA, BEN, '7'].map((user) => zones.of(user)))).toEqual([
        'Europe/Berlin',
        'Asia/Tokyo',
        'America/New_York',
      ]);
      const access = accessRules({ traderUserIds: [ANNA] });
      const home = new HomeServer({ state: store.state, access, named: null, log: quiet });
      const asks = (guildId: string) => ({ userId: ANNA, roleIds: [], guildId, channelId: '1' });
      await expect(home.assertAdmitted(asks('9'))).rejects.toMatchObject({ code: 'WRONG_SERVER' });
      await home.assertAdmitted(asks('200000000000000001'));
      const days = new MarketDays({
        broker: brokerWith({}),
        state: store.state,
        clock: null as never,
        log: quiet,
      });
      await days.load();
      expect(days.calendar().day('2026-11-30')).toBeNull();
      expect(await store.check()).toMatchObject({ pendingMigrations: 0 });
    });

    it('keeps the broker’s ended orders', async () => {
      const { symbol, reach, kept } = told.archive;
      expect(written(await store.archive.reach(ACCOUNT))).toEqual(reach);
      expect(readReach((await store.archive.reach(ACCOUNT))!).unsettled).toEqual(['50002']);
      const orders = await store.archive.touching(ACCOUNT, [symbol]);
      expect(written(orders)).toEqual(kept);
      expect(orders.map(readKept).map(({ state, legs }) => [state, legs.length])).toEqual([['filled', 2]]);
    });
  });
});

function intentOf(
  plan: Plan,
  order: Omit<NewIntent, 'planId' | 'account' | 'externalIdentifier' | 'kind' | 'stopTrigger'>,
  externalIdentifier: string,
): NewIntent {
  return {
    kind: 'place',
    stopTrigger: null,
    ...order,
    planId: plan.id,
    account: plan.account,
    externalIdentifier,
  };
}

/** A new preview of the same contracts, pressed. */
async function pressOn(store: TestStore, intent: OrderIntent, id: string) {
  const {
    status: _status,
    messageIds: _messages,
    reportedAt: _at,
    ...old
  } = {
    ...((await store.plan(intent.planId)) as Plan),
  };
  await store.createPlan({ ...old, id, expiresAt: at(60) });
  const intents = [{ ...intent, planId: id, externalIdentifier: id }];
  return store.claimPlan({ planId: id, now: at(3), state: 'submitting', intents });
}

const sql = (name: string) => readFileSync(new URL(name, MADE), 'utf8');

async function loadSqlite(url: string): Promise<void> {
  const file = url.replace('sqlite:', '');
  mkdirSync(dirname(file), { recursive: true });
  const database = new sqlite3.Database(file);
  const done = (work: (end: (error: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => work((error) => (error ? reject(error) : resolve())));
  await done((end) => database.exec(`BEGIN; ${sql('sqlite.sql')} COMMIT;`, end));
  await done((end) => database.close(end));
}

async function loadPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql('postgres.sql'));
  await client.end();
}
