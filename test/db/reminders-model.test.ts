import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BotStore } from '../../src/db/index.js';
import type { ReminderStore } from '../../src/ports/reminder-store.js';
import {
  at,
  everyMinutes,
  HOUR,
  MINUTE,
  newReminder,
  request,
  T0,
} from '../reminders/engine/support/reminders.js';
import { onEach } from './support/drivers.js';

const GRACE = 6 * HOUR;

/** What one owner believes to hold. `shaky`: past lease and grace, so that whoever claims next may note it as missed. */
interface Belief {
  key: string;
  dueAt: number;
  leaseUntil: number;
  shaky: boolean;
}

/**
 * What the port promises about claims, kept in plain lists: who holds what until when, and what is over. It throws at
 * the first claim or ending that breaks the promise.
 */
class ClaimModel {
  now = T0.getTime();
  latest = this.now;
  readonly finished = new Set<string>();
  readonly #held: Record<Owner, Map<number, Belief>> = { A: new Map(), B: new Map() };
  readonly #names = { A: 'A', B: 'B' };

  constructor(private readonly store: ReminderStore) {}

  held(owner: Owner): number[] {
    return [...this.#held[owner].keys()];
  }

  pass(minutes: number): void {
    this.now += minutes * MINUTE;
    this.latest = Math.max(this.latest, this.now);
  }

  async claim(owner: Owner, limit: number): Promise<void> {
    this.#shake();
    const now = new Date(this.now);
    const name = this.#names[owner];
    const claims = await this.store.claimDue(request({ now, owner: name, limit, graceMs: GRACE }));
    for (const { occurrence, reminder } of claims) {
      const dueAt = occurrence.dueAt.getTime();
      const key = `${reminder.id} ${occurrence.dueAt.toISOString()}`;
      expect(this.finished.has(key), `${key} was over`).toBe(false);
      // Once taken up it stays due, also where the clock has been set back since and it was put off to now.
      expect(dueAt).toBeLessThanOrEqual(Math.max(this.latest, this.now));
      for (const beliefs of Object.values(this.#held)) {
        const lease = beliefs.get(occurrence.id)?.leaseUntil ?? 0;
        expect(lease, `${key} was taken before its lease was over`).toBeLessThanOrEqual(this.now);
        beliefs.delete(occurrence.id);
      }
      this.#held[owner].set(occurrence.id, { key, dueAt, leaseUntil: this.now + MINUTE, shaky: false });
    }
  }

  finish(owner: Owner, id: number): Promise<void> {
    return this.#end(owner, id, async (key) => {
      const name = this.#names[owner];
      const ended = await this.store.finish(id, name, { state: 'sent', at: new Date(this.now) });
      if (ended) expect(this.finished.has(key), `${key} ended twice`).toBe(false);
      if (ended) this.finished.add(key);
      return ended;
    });
  }

  giveBack(owner: Owner, id: number, minutes: number): Promise<void> {
    const until = new Date(this.now + minutes * MINUTE);
    return this.#end(owner, id, () => this.store.postpone(id, this.#names[owner], until, 'later'));
  }

  async renew(owner: Owner): Promise<void> {
    const leaseUntil = this.now + MINUTE;
    const kept = await this.store.renew(this.held(owner), this.#names[owner], new Date(leaseUntil));
    for (const [id, belief] of this.#held[owner]) {
      if (!belief.shaky) expect(kept, belief.key).toContain(id);
      belief.leaseUntil = leaseUntil;
    }
  }

  /** It forgets everything, and whoever comes after it has another name. */
  crash(owner: Owner): void {
    this.#names[owner] += "'";
    this.#held[owner].clear();
  }

  /** What others do with claims that aren't theirs has no effect. */
  async meddle(owner: Owner, id: number): Promise<void> {
    expect(await this.store.finish(id, 'stranger', { state: 'sent', at: new Date(this.now) })).toBe(false);
    expect(this.held(owner)).toContain(id);
  }

  async #end(owner: Owner, id: number, act: (key: string) => Promise<boolean>): Promise<void> {
    const belief = this.#held[owner].get(id);
    if (!belief) return;
    const done = await act(belief.key);
    if (!belief.shaky) expect(done, `${belief.key} was held`).toBe(true);
    this.#held[owner].delete(id);
  }

  #shake(): void {
    for (const beliefs of Object.values(this.#held)) {
      for (const belief of beliefs.values()) {
        belief.shaky ||= belief.leaseUntil <= this.now && belief.dueAt < this.now - GRACE;
      }
    }
  }
}

type Owner = 'A' | 'B';
type Step = { text: string; run(model: ClaimModel): Promise<void> | void };
const step = (text: string, run: Step['run']): Step => ({ text, run });
const owner = fc.constantFrom('A' as const, 'B' as const);
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(owner, fc.integer({ min: 1, max: 4 }))
      .map(([o, limit]) => step(`${o} claims ${limit}`, (m) => m.claim(o, limit))),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(owner, fc.nat(3)).map(([o, n]) =>
      step(`${o} ends its ${n}th`, async (m) => {
        const id = m.held(o)[n];
        if (id !== undefined) await m.meddle(o, id);
        if (id !== undefined) await m.finish(o, id);
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(owner, fc.nat(3), fc.integer({ min: 0, max: 30 })).map(([o, n, minutes]) =>
      step(`${o} puts off its ${n}th`, async (m) => {
        const id = m.held(o)[n];
        if (id !== undefined) await m.giveBack(o, id, minutes);
      }),
    ),
  },
  { weight: 1, arbitrary: owner.map((o) => step(`${o} renews`, (m) => m.renew(o))) },
  { weight: 1, arbitrary: owner.map((o) => step(`${o} crashes`, (m) => m.crash(o))) },
  {
    weight: 4,
    arbitrary: fc
      .oneof(fc.integer({ min: 0, max: 120 }), fc.integer({ min: -200, max: 600 }))
      .map((minutes) => step(`${minutes} minutes pass`, (m) => m.pass(minutes))),
  },
);

const RUNS = { 'sqlite file': 8, 'sqlite memory': 60, postgres: 8 };

onEach(['sqlite file', 'sqlite memory', 'postgres'], (bench, driver) => {
  it('ends each run of each reminder at most once, and in the end accounts for all of them', async () => {
    let ended = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 10, maxLength: 50 }), async (sequence) => {
        const bot = (await bench.open()) as BotStore;
        const store = bot.reminders;
        const ids: number[] = [];
        for (const minutes of [10, 30, 60, 60]) {
          ids.push((await store.add(newReminder({ when: `every ${minutes}` }))).id);
        }
        const model = new ClaimModel(store);
        for (const one of sequence) await one.run(model);
        const { latest } = model;
        // Leases run out, what was put off comes back, and one owner ends all there is.
        model.crash('A');
        model.crash('B');
        model.now = latest + 2 * HOUR;
        for (let before = -1; before !== model.finished.size; ) {
          before = model.finished.size;
          await model.claim('A', 9);
          for (const id of model.held('A')) await model.finish('A', id);
        }
        ended += model.finished.size;
        for (const id of ids) {
          const runs = await store.recent(id, 9_999);
          expect(runs.filter(({ state }) => state === 'waiting' || state === 'claimed')).toEqual([]);
          const known = new Set(runs.map(({ dueAt }) => dueAt.getTime()));
          expect(known.size).toBe(runs.length);
          // Nothing is skipped without a word: neither the first run nor one of the last hours.
          const reminder = await store.reminder(id);
          if (!reminder) throw new Error('it is gone');
          expect(known.has(T0.getTime()), 'the first run').toBe(true);
          const last = everyMinutes(reminder, at(latest - T0.getTime() + HOUR));
          expect(last && known.has(last.getTime()), String(last)).toBe(true);
        }
        await bot.close();
      }),
      { numRuns: RUNS[driver] },
    );
    expect(ended).toBeGreaterThan(RUNS[driver]);
  }, 120_000);
});
