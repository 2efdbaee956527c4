import { describe, expect, it } from 'vitest';
import type { ClaimRequest } from '../../src/ports/store.js';
import type { Press } from './children/presser.js';
import {
  ACCOUNT,
  at,
  brokerOrder,
  claimOne,
  legsOf,
  money,
  newIntent,
  newPlan,
  placed,
  rememberOne,
} from './support/builders.js';
import { Child, childProgram } from './support/child.js';
import { onEach } from './support/drivers.js';
import type { TestStore } from './support/test-store.js';

const PRESSES = 80;
const TARGETS = ['puts:1', 'puts:2', 'calls:1'];
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const count = (kinds: string[], kind: string) => kinds.filter((one) => one === kind).length;

async function openPlans(store: TestStore, many: number): Promise<string[]> {
  const ids = numbers(many).map((n) => `plan-${n}`);
  await Promise.all(ids.map((id) => store.createPlan(newPlan(id))));
  return ids;
}

/** A Trident-like press: three orders on contracts no other plan touches. */
function press(planId: string, positionId: number, attempt: number): ClaimRequest {
  const intents = TARGETS.map((targetKey) =>
    newIntent(planId, positionId, {
      targetKey,
      externalIdentifier: `${planId}/${targetKey}/${attempt}`,
      legs: legsOf(`short ${planId}`, `long ${planId}`),
    }),
  );
  return { planId, now: at(1_000), intents, state: 'submitting' };
}

onEach(['sqlite file', 'sqlite memory', 'postgres'], (bench) => {
  it('claims each of 80 plans once when all are pressed twice at once, amid audits and reads', async () => {
    const store = await bench.open();
    const positionId = await rememberOne(store);
    const ids = await openPlans(store, PRESSES);
    const pressed = Promise.all(
      ids.flatMap((id) => [0, 1].map((attempt) => store.claimPlan(press(id, positionId, attempt)))),
    );
    const audited = Promise.all(
      ids.map((planId) => store.audit({ at: at(2), actor: 'x', kind: 'noise', planId, details: {} })),
    );
    const seen = await Promise.all(ids.map((id) => store.intents(id)));
    const results = await pressed;
    await audited;
    // A read in between saw nothing of a claim, or all of it.
    for (const intents of seen) expect([0, TARGETS.length]).toContain(intents.length);
    expect(
      count(
        results.map(({ kind }) => kind),
        'claimed',
      ),
    ).toBe(PRESSES);
    expect(
      count(
        results.map(({ kind }) => kind),
        'not-open',
      ),
    ).toBe(PRESSES);
    expect(await store.unresolvedIntents()).toHaveLength(PRESSES * TARGETS.length);
    for (const id of ids) expect((await store.intents(id)).map((i) => i.targetKey)).toEqual(TARGETS);
    expect((await store.auditTrail('plan-7')).map(({ kind }) => kind).sort()).toEqual([
      'noise',
      'plan-claimed',
    ]);
  }, 60_000);

  it('gives 200 presses on one plan one claim', async () => {
    const store = await bench.open();
    const positionId = await rememberOne(store);
    const [id = ''] = await openPlans(store, 1);
    const results = await Promise.all(numbers(PRESSES).map((n) => store.claimPlan(press(id, positionId, n))));
    const kinds = results.map(({ kind }) => kind);
    expect([count(kinds, 'claimed'), count(kinds, 'not-open')]).toEqual([1, PRESSES - 1]);
    expect(await store.intents(id)).toHaveLength(TARGETS.length);
  }, 60_000);

  it('lets one of 80 plans on the same contracts through; the rest are told which', async () => {
    const store = await bench.open();
    const positionId = await rememberOne(store);
    const ids = await openPlans(store, PRESSES);
    const results = await Promise.all(
      ids.map((planId) => {
        // Each names the shared contracts in another order, which must not matter.
        const symbols = ['A', 'B', 'C', 'D'].sort(() => Math.random() - 0.5) as [
          string,
          string,
          string,
          string,
        ];
        const legs = [...legsOf(symbols[0], symbols[1]), ...legsOf(symbols[2], symbols[3])];
        const intents = [newIntent(planId, positionId, { legs })];
        return store.claimPlan({ planId, now: at(1_000), intents, state: 'submitting' });
      }),
    );
    const winner = ids[results.findIndex(({ kind }) => kind === 'claimed')];
    const losers = results.filter(({ kind }) => kind !== 'claimed');
    expect(losers).toEqual(numbers(PRESSES - 1).map(() => ({ kind: 'busy', planId: winner })));
    expect(await store.unresolvedIntents()).toHaveLength(1);
  }, 60_000);

  it('frees the contracts however the settlements of a plan fall together', async () => {
    const store = await bench.open();
    const positionId = await rememberOne(store);
    const ids = await openPlans(store, 30);
    for (const id of ids) await store.claimPlan(press(id, positionId, 0));
    const intents = await store.unresolvedIntents();
    await Promise.all(intents.map(({ id }) => store.settleIntent(id, placed(`order-${id}`), at(2_000))));
    expect(await store.unresolvedIntents()).toEqual([]);
    expect(await store.recentlyPlaced(ACCOUNT, at(2_000))).toHaveLength(ids.length * TARGETS.length);
    for (const id of ids) expect((await store.plan(id))?.status).toBe('done');
    await store.createPlan(newPlan('next', { createdAt: at(3_000) }));
    const [first = ''] = ids;
    const again = { ...press(first, positionId, 1), planId: 'next' };
    const claim = { ...again, intents: again.intents.map((intent) => ({ ...intent, planId: 'next' })) };
    expect((await store.claimPlan(claim)).kind).toBe('claimed');
  }, 60_000);

  it('ends with the newest word about an order and each fill once, in whatever order they come', async () => {
    const store = await bench.open();
    const { id } = await claimOne(store, 'p1');
    await store.settleIntent(id, placed('A1'), at(2_000));
    // 37 and 101 have no common factor, so every number below 101 comes once, far from its neighbours.
    const messages = numbers(101).map((n) => (n * 37) % 101);
    await Promise.all(
      messages.map((n) => {
        const fill = { id: `f${n >> 1}`, quantity: 1, price: money('0.67'), at: at(n >> 1) };
        return store.recordOrders(
          [brokerOrder('A1', { status: `word ${n}`, updatedAt: at(n) }, [fill])],
          at(0),
        );
      }),
    );
    expect(await store.intents('p1')).toMatchObject([{ brokerStatus: 'word 100' }]);
    expect((await store.fills(id)).map((fill) => fill.id)).toEqual(numbers(51).map((n) => `f${n}`));
  });

  it('numbers a position once when many see it first', async () => {
    const store = await bench.open();
    const ids = await Promise.all(numbers(40).map((n) => rememberOne(store, `order:${n % 4}`)));
    expect(new Set(ids)).toEqual(new Set([1, 2, 3, 4].map(() => expect.any(Number))));
    expect(new Set(ids).size).toBe(4);
    await Promise.all(numbers(40).map((n) => store.state.remember('home-server', String(n))));
    expect(Number(await store.state.recall('home-server'))).toBeLessThan(40);
  });
});

describe('several processes on one database', () => {
  const program = childProgram('presser');

  onEach(['sqlite file', 'postgres'], (bench) => {
    it('start together on an empty one', async () => {
      const url = await bench.emptyUrl();
      const children = numbers(4).map(() => new Child(program, [url]));
      for (const child of children) expect(await child.heard(1)).toEqual(['ready']);
      for (const child of children) child.process.stdin?.end();
      for (const child of children) await child.ended();
      expect(await (await bench.open(url)).check()).toMatchObject({ pendingMigrations: 0 });
    }, 60_000);

    it('claim each plan, and each contract, once between them', async () => {
      const url = await bench.newUrl();
      const store = await bench.open(url);
      const positionId = await rememberOne(store);
      // Plans come in pairs that share a contract, so half of them must find the other half busy.
      const presses: Press[] = (await openPlans(store, 80)).map((planId, n) => ({
        planId,
        positionId,
        symbols: [`shared ${n >> 1}`, `own ${n}`],
      }));
      const children = numbers(3).map(() => new Child(program, [url]));
      for (const child of children) await child.heard(1);
      for (const child of children) child.say(JSON.stringify(presses));
      const answers: string[][] = [];
      for (const child of children) answers.push(JSON.parse((await child.heard(2))[1]!));
      for (const child of children) child.process.stdin?.end();
      for (const child of children) await child.ended();
      expect(count(answers.flat(), 'claimed')).toBe(40);
      expect(new Set(answers.flat())).toEqual(new Set(['claimed', 'not-open', 'busy']));
      for (const pair of numbers(40)) {
        const twins = [2 * pair, 2 * pair + 1];
        const claims = twins.flatMap((n) => answers.map((kinds) => kinds[n]));
        expect(claims.filter((kind) => kind === 'claimed')).toHaveLength(1);
        const stored = await Promise.all(twins.map((n) => store.intents(`plan-${n}`)));
        expect(stored.flat()).toHaveLength(1);
      }
    }, 120_000);
  });
});
