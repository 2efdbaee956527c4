import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StoreRefusal } from '../../src/db/index.js';
import type { NewPlan, OrderIntent, Outcome } from '../../src/ports/store.js';
import { ACCOUNT, at, money, newIntent, newPlan, rememberOne } from './support/builders.js';
import { onEach } from './support/drivers.js';
import { type Modelled, ModelStore } from './support/model.js';
import type { TestStore } from './support/test-store.js';

/** One call of the port; its text is what a counterexample shows. */
interface Step {
  text: string;
  run(store: Modelled): Promise<unknown>;
}

const PLANS = ['p0', 'p1', 'p2', 'p3'];
const planId = fc.constantFrom(...PLANS);
/** Few and close instants, so that equal ones and both orders come up. */
const instant = fc.integer({ min: 0, max: 5 }).map(at);
const symbols = fc.subarray(['A', 'B', 'C'], { minLength: 1 });
const plan = fc
  .record({ id: planId, createdAt: instant, life: fc.integer({ min: 3, max: 30 }) })
  .map(({ id, createdAt, life }) =>
    newPlan(id, { createdAt, expiresAt: new Date(createdAt.getTime() + life) }),
  );
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant({ state: 'placed' as const, brokerOrderId: '', brokerStatus: 'Live' }),
  fc
    .constantFrom('refused', 'unknown', 'absent', 'absent', 'abandoned')
    .chain((state) => fc.constantFrom('because', 'since').map((reason) => ({ state, reason }))),
  fc.constant({ state: 'placed' as const, brokerOrderId: '', brokerStatus: 'Live' }),
);

const step = (text: string, run: Step['run']): Step => ({ text, run });

const creation = (one: NewPlan) => step(`create ${one.id} at ${+one.createdAt}`, (s) => s.createPlan(one));

function claim(id: string, now: Date, orders: string[][], state: 'reserved' | 'submitting'): Step {
  const intents = orders.map((legs, n) =>
    newIntent(id, 1, {
      targetKey: `t${n}`,
      legs: legs.map((symbol) => ({ symbol, kind: 'option', action: 'buy-to-close', quantity: 1 })),
      price: money(`${n + 1}.05`),
    }),
  );
  return step(`claim ${id} ${orders.join('|')} ${state} at ${+now}`, (s) =>
    s.claimPlan({ planId: id, now, intents, state }),
  );
}

function settlement(id: string, n: number, what: Outcome, now: Date): Step {
  return step(`settle ${id}/${n} ${what.state} at ${+now}`, async (s) => {
    const intent = (await s.intents(id).catch(() => []))[n];
    // One order of the broker belongs to one intent.
    const named = what.state === 'placed' ? { ...what, brokerOrderId: `order of ${id}/${n}` } : what;
    return intent ? s.settleIntent(intent.id, named, now) : 'none';
  });
}

const steps: fc.Arbitrary<Step>[] = [
  plan.map(creation),
  fc
    .tuple(planId, plan)
    .map(([old, one]) => step(`supersede ${old} by ${one.id}`, (s) => s.supersedePlan(old, one))),
  fc
    .tuple(planId, fc.constantFrom('cancelled' as const, 'expired' as const))
    .map(([id, status]) => step(`end ${id} ${status}`, (s) => s.endPlan(id, status, at(0)))),
  fc
    .tuple(
      planId,
      instant,
      fc.array(symbols, { minLength: 1, maxLength: 2 }),
      fc.constantFrom('reserved' as const, 'submitting' as const),
    )
    .map(([id, now, orders, state]) => claim(id, now, orders, state)),
  fc.tuple(planId, instant).map(([id, now]) => step(`release ${id}`, (s) => s.releaseToSend(id, now))),
  fc
    .tuple(planId, instant)
    .map(([id, now]) => step(`abandon ${id} at ${+now}`, (s) => s.abandonPlan(id, 'x', now))),
  fc.tuple(planId, fc.nat(2), outcome, instant).map(([id, n, what, now]) => settlement(id, n, what, now)),
  fc.tuple(planId, instant).map(([id, now]) => step(`report ${id}`, (s) => s.markReported(id, now))),
];
/** Claims and settlements are what matters, so they come up more often, and mostly on plans that exist. */
const weighted = fc.oneof(...steps, ...[3, 3, 6, 6, 6, 6].flatMap((n) => steps[n] ?? []));
const created = fc.tuple(...PLANS.map((id) => plan.map((one) => creation({ ...one, id }))));
const script = fc
  .tuple(created, fc.array(weighted, { minLength: 5, maxLength: 40 }))
  .map(([first, then]) => [...first, ...then]);

/** Ids may have gaps, so they are left out; what was thrown counts by its code. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value ?? null, (key, part) => (key === 'id' && typeof part === 'number' ? 0 : part)),
  );

async function answer(store: Modelled, { run }: Step): Promise<unknown> {
  try {
    return plain(await run(store));
  } catch (error) {
    return `thrown: ${error instanceof StoreRefusal ? error.code : 'an error'}`;
  }
}

async function everything(store: Modelled): Promise<unknown> {
  const plans = await Promise.all(PLANS.map((id) => store.plan(id)));
  const intents: OrderIntent[] = [];
  for (const one of plans) if (one) intents.push(...(await store.intents(one.id)));
  const lists = [
    await store.unresolvedIntents(),
    await store.recentlyPlaced(ACCOUNT, at(3)),
    await store.recentlyAbsent(ACCOUNT, at(3)),
    await store.unreportedPlans(),
  ];
  return plain({ plans, intents, lists });
}

/** Meets each answer to a claim once, which random scripts only do mostly. */
const everyAnswer = [
  ...['p0', 'p1', 'p2'].map((id) => creation(newPlan(id, { createdAt: at(0), expiresAt: at(5) }))),
  claim('p0', at(1), [['A']], 'submitting'),
  claim('p0', at(1), [['A']], 'submitting'),
  claim('p1', at(2), [['A']], 'submitting'),
  settlement('p0', 0, { state: 'placed', brokerOrderId: '', brokerStatus: 'Live' }, at(3)),
  claim('p1', at(4), [['A']], 'submitting'),
  claim('p2', at(5), [['B']], 'submitting'),
];

const RUNS = { 'sqlite file': 15, 'sqlite memory': 120, postgres: 8 };

onEach(['sqlite file', 'sqlite memory', 'postgres'], (bench, driver) => {
  it('answers any sequence of calls as the plain model does', async () => {
    const kinds = new Set<unknown>();
    await fc.assert(
      fc.asyncProperty(script, async (sequence) => {
        const real: TestStore = await bench.open();
        const model = new ModelStore();
        await rememberOne(real);
        for (const one of sequence) {
          const expected = await answer(model, one);
          kinds.add((expected as { kind?: string } | null)?.kind);
          expect(await answer(real, one), one.text).toEqual(expected);
        }
        expect(await everything(real)).toEqual(await everything(model));
        await real.close();
      }),
      { numRuns: RUNS[driver], examples: [[everyAnswer]] },
    );
    // Otherwise the scripts would never have met the interesting answers.
    if (driver === 'sqlite memory') {
      expect([...kinds]).toEqual(
        expect.arrayContaining(['claimed', 'busy', 'changed', 'expired', 'not-open']),
      );
    }
  }, 120_000);
});
