import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Desk } from './support/desk.js';
import { violations } from './support/fault-claims.js';
import { FaultScript, randomOf } from './support/fault-script.js';
import { expectCovered } from './support/scenes.js';

/*
 * Random presses while broker, Discord, database and the bot itself fail at random. FAULT_RUNS=200 makes more of them,
 * FAULT_SEED=17 FAULT_RUNS=1 replays one.
 */

const RUNS = Number(process.env.FAULT_RUNS ?? 3);
const FIRST = Number(process.env.FAULT_SEED ?? 7);
const STEPS = 12;
const CALM_LOOKS = 4;
/** An order that a crash left may take a minute until nobody can doubt it, and its preview loses its buttons then. */
const SETTLES_WITHIN_MS = 240_000;

/** What is still wrong when its time is over; what comes right must stay so. */
async function inTheEnd(look: () => Promise<string[]>): Promise<string[]> {
  const deadline = Date.now() + SETTLES_WITHIN_MS;
  for (let calm = 0; ; ) {
    const wrong = await look();
    calm = wrong.length === 0 ? calm + 1 : 0;
    if (calm === CALM_LOOKS || Date.now() > deadline) return wrong;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

describe.concurrent('under random faults nothing is doubled, unasked, untold or untrue', () => {
  test.each(Array.from({ length: RUNS }, (_, run) => FIRST + run))(
    'seed %i',
    async (seed) => {
      const random = randomOf(seed * 7919);
      const desk = await Desk.open({
        settings: {
          SETTLE_SECONDS: '5',
          // Short ones expire amid it all; of long ones it shows that only what can be sent has buttons.
          PREVIEW_TTL_SECONDS: random() < 0.3 ? '10' : '600',
        },
      });
      try {
        const database = join(desk.folder, 'bot.sqlite');
        await desk.choices('');
        const told = await new FaultScript(desk, database, seed).run(STEPS);
        const wrong = await inTheEnd(() => violations(desk, database, told));
        if (wrong.length > 0)
          console.error(
            `FAULT_SEED=${seed}\n${wrong.join('\n')}\n${told.steps.join('\n')}\n${desk.bot.log.slice(-200_000)}`,
          );
        expect(wrong, `FAULT_SEED=${seed}: ${told.steps.join(' | ')}`).toEqual([]);
        await expectCovered(desk);
      } finally {
        await desk.close();
      }
    },
    SETTLES_WITHIN_MS + 180_000,
  );
});
