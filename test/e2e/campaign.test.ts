import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { violations } from './support/campaign/claims.js';
import { runScript } from './support/campaign/script.js';
import { randomOf } from './support/campaign/stage.js';
import { Desk, until } from './support/desk.js';

/*
 * What traders do, at random, while broker, Discord, database and the bot itself fail at random. `npm run campaign` makes
 * many runs of it; CAMPAIGN_SEED=17 CAMPAIGN_RUNS=1 replays one.
 */

const RUNS = Number(process.env.CAMPAIGN_RUNS ?? 3);
const FIRST = Number(process.env.CAMPAIGN_SEED ?? 1022);
const CALM_LOOKS = 4;
/** An order that a crash left may take a minute until nobody can doubt it, and its preview loses its buttons then. */
const SETTLES_WITHIN_MS = 240_000;

const total = { runs: 0, submitted: 0, pairs: 0, cancels: 0, kills: 0, faults: 0, violations: 0 };

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

/** All that the trader saw, in its order. */
function seen({ trader }: Desk): string[] {
  return trader.events.flatMap(({ type, message, ...more }) => {
    if (type.startsWith('message_') && message)
      return `${type} ${message.channel_id}/${message.id} ${JSON.stringify(message.content)} ${message.embeds[0]?.footer?.text ?? ''}`;
    return type === 'interaction' ? `${type} ${JSON.stringify(more)}` : [];
  });
}

afterAll(() => {
  const counts = Object.entries(total).map(([what, count]) => `${count} ${what}`);
  console.log(`campaign from seed ${FIRST}: ${counts.join(', ')}`);
});

describe.concurrent('under random faults nothing is doubled, unasked, over-closed, untold or untrue', () => {
  test.each(Array.from({ length: RUNS }, (_, run) => FIRST + run))(
    'seed %i',
    async (seed) => {
      // Short ones expire amid it all; of long ones it shows that only what can be sent has buttons.
      const ttl = randomOf(seed)() < 0.3 ? '10' : '600';
      const desk = await Desk.open({ settings: { SETTLE_SECONDS: '5', PREVIEW_TTL_SECONDS: ttl } });
      try {
        const database = join(desk.folder, 'bot.sqlite');
        // A busy machine may be late with one answer.
        await until(() => desk.choices('').catch(() => null));
        const told = await runScript(desk, database, seed * 7919);
        const wrong = await inTheEnd(() => violations(desk, database, told));
        total.runs += 1;
        total.submitted += told.submitted.length;
        total.pairs += (await desk.admin.received()).filter(({ body }) => body.type === 'OCO').length;
        total.cancels += told.confirmed.length;
        total.kills += told.kills;
        total.faults += told.faults;
        total.violations += wrong.length;
        if (wrong.length > 0) {
          const file = join(tmpdir(), `campaign-${seed}.txt`);
          writeFileSync(file, [...wrong, '', ...told.steps, '', ...seen(desk), '', desk.bot.log].join('\n'));
          console.error(`CAMPAIGN_SEED=${seed} CAMPAIGN_RUNS=1: ${file}`);
        }
        expect(wrong, told.steps.join(' | ')).toEqual([]);
      } finally {
        await desk.close();
      }
    },
    SETTLES_WITHIN_MS + 180_000,
  );
});
