import { type Desk, until } from '../desk.js';
import { ACTIONS, preview } from './actions.js';
import { FAULTS, mend } from './faults.js';
import { randomOf, Stage, type Told, wait } from './stage.js';

/* A seeded random run over a desk: what traders do, what breaks meanwhile, and when the bot is killed. The seed decides what is
 * tried, and when; how far the bot has come by then differs a little each time. */

const STEPS = 16;
/** How many steps do, compared with those that break something. */
const ACTING = 0.65;
/** One kill, and in so many runs a second one. */
const TWICE = 0.3;
/** A kill comes at some time within so many milliseconds of a step's beginning. */
const KILL_WITHIN_MS = 1_200;

/** Takes its steps, and then makes all that broke whole again. Resolves once the bot answers. */
export async function runScript(desk: Desk, database: string, seed: number): Promise<Told> {
  const random = randomOf(seed);
  const stage = new Stage(desk, database, random);
  const { told } = stage;
  for (const { symbol, quantity, 'quantity-direction': side } of (await desk.admin.snapshot()).positions) {
    told.heldBefore.set(symbol, (side === 'Short' ? -1 : 1) * Number(quantity));
  }
  const kills = killsOf(stage);
  told.steps.push(await preview(stage));
  for (let index = 0; index < STEPS; index += 1) {
    stage.random = randomOf(random() * 2 ** 32);
    const acts = stage.chance(ACTING);
    if (!acts) told.faults += 1;
    const killing = kills.filter(({ at }) => at === index).map((how) => kill(stage, how));
    told.steps.push(await stage.ofWeight(acts ? ACTIONS : FAULTS).take(stage));
    told.steps.push(...(await Promise.all(killing)));
    if (stage.chance(0.5)) await wait(stage.random() * 800);
  }
  await stage.rest();
  await mend(stage);
  await until(async () => (await desk.trader.state()).bots[0].online || desk.bot.exitCode !== null, 60_000);
  return told;
}

interface Kill {
  /** In which step, and how long after it began. */
  at: number;
  afterMs: number;
  downMs: number;
  /** Discord is away when the bot comes back. */
  discordAway: boolean;
  /** The next step waits until it is back. */
  waits: boolean;
}

function killsOf(stage: Stage): Kill[] {
  const steps = [stage.below(STEPS), stage.below(STEPS)];
  const distinct = new Set(stage.chance(TWICE) ? steps : steps.slice(0, 1));
  return [...distinct].map((at) => ({
    at,
    afterMs: stage.random() * KILL_WITHIN_MS,
    downMs: stage.random() * 1_500,
    discordAway: stage.chance(0.3),
    waits: stage.chance(0.6),
  }));
}

async function kill({ desk, told }: Stage, { afterMs, downMs, discordAway, waits }: Kill): Promise<string> {
  await wait(afterMs);
  await desk.bot.kill9();
  told.kills += 1;
  for (const press of [...told.submitted, ...told.confirmed]) press.killedAfter = true;
  if (discordAway) await desk.trader.faults.add({ kind: 'reset', route: 'GET /gateway/bot', times: 6 });
  await wait(downMs);
  desk.bot.start();
  if (waits) {
    await desk.trader.waitForBot(false, 10_000).catch(() => {});
    await desk.trader.waitForBot(true, 20_000).catch(() => {});
  }
  return `kill after ${Math.round(afterMs)} ms${discordAway ? ', Discord away' : ''}`;
}
