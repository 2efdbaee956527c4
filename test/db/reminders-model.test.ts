import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BotStore } from '../../src/db/index.js';
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
const LATE = 2 * MINUTE;

/** What one process believes to have in its hands. */
interface Belief {
  leadId: number;
  ids: number[];
  leaseUntil: number;
  asked: number;
}

/**
 * What the books and the outbox promise together, kept in plain lists: who tells what until when, and what is over. It
 * throws at the first telling that breaks the promise.
 */
class TellingModel {
  now = T0.getTime();
  latest = this.now;
  readonly finished = new Set<number>();
  readonly #held: Record<Owner, Belief[]> = { A: [], B: [] };
  readonly #names = { A: 'A', B: 'B' };

  constructor(private readonly bot: BotStore) {}

  pass(minutes: number): void {
    this.now += minutes * MINUTE;
    this.latest = Math.max(this.latest, this.now);
  }

  takeUp(limit: number): Promise<number> {
    return this.bot.reminders.takeUp(request({ now: new Date(this.now), limit, graceMs: GRACE }));
  }

  /** Messages of reminders that are due; notices of those given up are another matter. */
  async due(limit: number): Promise<string[]> {
    const due = await this.bot.outbox.due(new Date(this.now), 999);
    const topics = due.filter(({ kind }) => kind === 'reminder').map(({ topic }) => topic);
    return topics.slice(0, limit);
  }

  /** Takes what is due, marks it as leaving, and has it in its hands. */
  async begin(owner: Owner, limit: number): Promise<void> {
    const { outbox, reminders } = this.bot;
    const now = new Date(this.now);
    for (const topic of await this.due(limit)) {
      const hold = await outbox.hold(this.#holding(owner, topic));
      if (!hold?.due) continue;
      const leadId = Number(topic);
      for (const held of Object.values(this.#held)) {
        const theirs = held.find((belief) => belief.leadId === leadId);
        expect(theirs?.leaseUntil ?? 0, `${topic} was taken before its lease was over`).toBeLessThanOrEqual(
          this.now,
        );
        if (theirs) held.splice(held.indexOf(theirs), 1);
      }
      await reminders.expire(leadId, { before: new Date(this.now - GRACE), at: now });
      await reminders.gather(leadId, { before: new Date(this.now - LATE), now });
      const ids = (await reminders.owed(leadId)).map(({ occurrence }) => occurrence.id);
      for (const id of ids) expect(this.finished.has(id), `run ${id} was over`).toBe(false);
      if (ids.length > 0) expect(await reminders.dispatch(leadId, ids, now)).toBe(true);
      this.#held[owner].push({ leadId, ids, leaseUntil: this.now + MINUTE, asked: hold.asked });
    }
  }

  /** What it has is out and written down. */
  finish(owner: Owner, nth: number): Promise<void> {
    return this.#end(owner, nth, async ({ leadId, ids }) => {
      await this.bot.reminders.finish(leadId, { state: 'sent', at: new Date(this.now) });
      for (const id of ids) {
        expect(this.finished.has(id), `run ${id} ended twice`).toBe(false);
        this.finished.add(id);
      }
      return null;
    });
  }

  giveBack(owner: Owner, nth: number, minutes: number): Promise<void> {
    return this.#end(owner, nth, async ({ leadId }) => {
      await this.bot.reminders.putOff(leadId, { note: 'later', unsent: true });
      return new Date(this.now + minutes * MINUTE);
    });
  }

  async renew(owner: Owner): Promise<void> {
    for (const belief of this.#held[owner]) {
      const kept = await this.bot.outbox.renew(this.#holding(owner, String(belief.leadId)));
      if (belief.leaseUntil > this.latest) expect(kept, `${belief.leadId} was lost`).toBe(true);
      if (kept) belief.leaseUntil = this.now + MINUTE;
    }
  }

  /** It forgets everything, and whoever comes after it has another name. */
  crash(owner: Owner): void {
    this.#names[owner] += "'";
    this.#held[owner].length = 0;
  }

  get open(): number {
    return this.#held.A.length;
  }

  async #end(owner: Owner, nth: number, act: (belief: Belief) => Promise<Date | null>): Promise<void> {
    const belief = this.#held[owner][nth];
    if (!belief) return;
    this.#held[owner].splice(nth, 1);
    const holding = this.#holding(owner, String(belief.leadId));
    const [note] = await this.bot.outbox.notes(holding);
    // Asked first, as whoever posts asks: once its lease is over, another process may have it, or have let it join a message.
    if (!note || !(await this.bot.outbox.renew(holding))) {
      expect(belief.leaseUntil, `${belief.leadId} was lost`).toBeLessThanOrEqual(this.latest);
      return;
    }
    const nextAt = await act(belief);
    await this.bot.outbox.release(holding, [{ ...note, news: nextAt ? '' : 'said', nextAt }], belief.asked);
  }

  #holding(owner: Owner, topic: string) {
    const now = new Date(this.now);
    return { kind: 'reminder', topic, owner: this.#names[owner], now, until: new Date(this.now + MINUTE) };
  }
}

type Owner = 'A' | 'B';
type Step = { text: string; run(model: TellingModel): Promise<void> | void };
const step = (text: string, run: Step['run']): Step => ({ text, run });
const owner = fc.constantFrom('A' as const, 'B' as const);
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 4 }).map((limit) =>
      step(`${limit} are taken up`, async (m) => {
        await m.takeUp(limit);
      }),
    ),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(owner, fc.integer({ min: 1, max: 4 }))
      .map(([o, limit]) => step(`${o} begins ${limit}`, (m) => m.begin(o, limit))),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(owner, fc.nat(3))
      .map(([o, n]) => step(`${o} ends its ${n}th`, (m) => m.finish(o, n))),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(owner, fc.nat(3), fc.integer({ min: 0, max: 30 }))
      .map(([o, n, minutes]) => step(`${o} puts off its ${n}th`, (m) => m.giveBack(o, n, minutes))),
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
        const model = new TellingModel(bot);
        for (const one of sequence) await one.run(model);
        const { latest } = model;
        // Leases run out, what was put off comes back, and one process tells all there is.
        model.crash('A');
        model.crash('B');
        model.now = latest + 2 * HOUR;
        do {
          await model.takeUp(9);
          await model.begin('A', 99);
          for (let left = model.open; left > 0; left -= 1) await model.finish('A', 0);
        } while ((await model.due(9)).length > 0 || (await model.takeUp(9)) > 0);
        ended += model.finished.size;
        for (const id of ids) {
          const runs = await store.recent(id, 9_999);
          expect(runs.filter(({ state }) => state === 'waiting' || state === 'owed')).toEqual([]);
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
