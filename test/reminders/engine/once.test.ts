import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reasonText } from '../../../src/screens/reasons.js';
import { outage } from './support/discord.js';
import { type Death, Mortal } from './support/mortal.js';
import { at, HOUR, MINUTE, SECOND, T0 } from './support/reminders.js';
import { World } from './support/world.js';

/**
 * Each run is told of at most once, and what was told is written down as sent; or, where Discord's answers stayed away
 * until the grace was over, as perhaps posted.
 */
async function expectOnce(world: World, reminders: number[]): Promise<void> {
  const told = world.discord.posted.flatMap(({ occurrences }) => occurrences);
  expect(new Set(told).size, 'told twice').toBe(told.length);
  for (const id of reminders) {
    const runs = await world.store.recent(id, 999);
    expect(new Set(runs.map(({ dueAt }) => dueAt.getTime())).size).toBe(runs.length);
    for (const run of runs) {
      if (run.state === 'failed' && reasonText(run.note ?? '').includes('may have been posted')) continue;
      expect(told.includes(run.id), `run ${run.id} is ${run.state}`).toBe(run.state === 'sent');
    }
  }
}

describe('whatever call a process dies at', () => {
  const sweep = async (lookAt: Date, late: boolean) => {
    let reached = 0;
    for (const deed of [false, true]) {
      for (let atCall = 1; ; atCall++) {
        const world = await World.open();
        // Discord at its worst: it knows no nonce for long.
        world.discord.nonceMs = 0;
        const ids = await world.add({}, {}, { channelId: '801' });
        world.clock.set(lookAt);
        const first = new Mortal(world, { atCall, deed }, { concurrency: 1 });
        await first.look();
        const isOver = async () =>
          (await Promise.all(ids.map((id) => world.states(id)))).every((states) => states.at(-1) === 'sent');
        // Once all is over, one more look finds nothing to do.
        let more = 1;
        for (let minutes = 1; minutes <= 10 && more >= 0; minutes++) {
          if (await isOver()) more -= 1;
          await world.run(world.bot(), new Date(lookAt.getTime() + minutes * 61 * SECOND));
        }
        await expectOnce(world, ids);
        for (const id of ids) expect((await world.states(id)).at(-1)).toBe('sent');
        expect(world.discord.posted[0]?.late).toBe(late);
        await world.close();
        if (!first.dead) break;
        reached += 1;
      }
    }
    return reached;
  };

  it('each run on time is posted once', async () => {
    // Every message takes a call to mark, one to send and one to write down.
    expect(await sweep(T0, false)).toBeGreaterThan(2 * 9);
  }, 60_000);

  it('each late run is told of once, those of one channel together', async () => {
    expect(await sweep(at(30 * MINUTE), true)).toBeGreaterThan(2 * 6);
  }, 60_000);
});

type Step =
  | { kind: 'look'; process: 0 | 1 }
  | { kind: 'crash'; process: 0 | 1; death: Death }
  | { kind: 'jump'; seconds: number }
  | { kind: 'discord'; mood: 'well' | 'away' | 'deaf' };

const process = fc.constantFrom(0 as const, 1 as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: process.map((process) => ({ kind: 'look' as const, process })) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      process,
      death: fc.record({ atCall: fc.integer({ min: 1, max: 15 }), deed: fc.boolean() }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc
      .oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: -7_200, max: 14_400 }))
      .map((seconds) => ({ kind: 'jump' as const, seconds })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('well' as const, 'away' as const, 'deaf' as const)
      .map((mood) => ({ kind: 'discord' as const, mood })),
  },
);

/** `away`: nothing gets through. `deaf`: what we say gets through, the answer doesn't. */
function setMood(world: World, mood: 'well' | 'away' | 'deaf'): void {
  world.discord.before = () => (mood === 'away' ? outage() : null);
  world.discord.after = async () => {
    if (mood === 'deaf') throw outage(true);
  };
}

it('each run is told at most once under any mix of looks, crashes, outages and clock jumps of two processes', async () => {
  let [posted, deaths] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const world = await World.open();
      world.discord.nonceMs = 0;
      const ids = await world.add({}, { nextRunAt: at(1) }, { channelId: '801' }, { userId: '2' });
      const processes = [new Mortal(world, null), new Mortal(world, null)];
      for (const one of steps) {
        if (one.kind === 'jump')
          world.clock.set(new Date(world.clock.now().getTime() + one.seconds * SECOND));
        else if (one.kind === 'discord') setMood(world, one.mood);
        else {
          // A crash happens during a look, if that makes so many calls; a dead process is replaced by a new one.
          const death = one.kind === 'crash' ? one.death : null;
          const old = processes[one.process];
          if (death) await old?.engine.stop();
          const now = death || old?.dead !== false ? new Mortal(world, death) : old;
          processes[one.process] = now;
          await now.look();
          if (now.dead) deaths += 1;
        }
      }
      setMood(world, 'well');
      const end = Math.max(world.clock.now().getTime(), at(4 * HOUR).getTime()) + 12 * HOUR;
      for (const bot of [world.bot(), world.bot()]) await world.run(bot, new Date(end));
      await world.run(world.bot(), new Date(end + 30 * MINUTE));
      await expectOnce(world, ids);
      posted += world.discord.posted.length;
      for (const id of ids) {
        const open = (await world.states(id)).filter((state) => state === 'waiting' || state === 'owed');
        expect(open, 'left open').toEqual([]);
      }
      await world.close();
    }),
    { numRuns: 40 },
  );
  // Otherwise the mixes would not have met what they are about.
  expect(Math.min(posted, deaths)).toBeGreaterThan(30);
}, 120_000);
