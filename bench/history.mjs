// What an account's age and size cost: the bot's own time of a read and of a preview, and its longest block meanwhile.
import { median, pause, tell, until, verdict } from './measure.mjs';
import { World } from './world.mjs';

const AGES = [50, 500, 5_000];
const SIZES = [20, 100, 500];
const HELD = 20;
const OLD = 6_000;
const ROUNDS = 5;
/** Nothing used for so long: what was asked is done. */
const QUIET_MS = 400;
const IDLE_SHARE = 0.05;
const MOST_READ_MS = 250;
const MOST_PREVIEW_MS = 150;
const MOST_BLOCK_MS = 50;

export async function benchHistory() {
  const ages = [];
  for (const orders of AGES) ages.push(await measured(orders, HELD));
  for (const legs of SIZES) await measured(AGES[0], legs);
  const [, some, many] = ages;
  const ratio = many.read.processor / some.read.processor;
  verdict('ten times the orders, at most ten times the cost', ratio <= 10, `${ratio.toFixed(2)}x`);
  const old = await measured(OLD, HELD);
  verdict(`a read of ${OLD} orders, own time`, old.read.processor <= MOST_READ_MS, shown(old.read.processor));
  verdict('longest block meanwhile', old.read.busiest <= MOST_BLOCK_MS, shown(old.read.busiest));
  const large = await measured(AGES[0], SIZES.at(-1));
  const { preview } = large;
  verdict(
    `a preview of ${SIZES.at(-1)} legs, own time`,
    preview.processor <= MOST_PREVIEW_MS,
    shown(preview.processor),
  );
}

const shown = (ms) => `${ms.toFixed(0)} ms`;

/** Own time and longest block of the first start, the second one, a read and a preview, each of them the median. */
async function measured(orders, legs) {
  const world = await World.open({ limited: false, scenario: `aged-${orders}-${legs}` });
  const what = `${orders} orders, ${legs} legs`;
  try {
    const first = await start(world);
    await world.stop(first.child);
    const { child, used } = await start(world);
    const read = await often(world, child, 'positions');
    const preview = await often(world, child, 'targets', [{ name: 'position', value: 'all' }]);
    await world.stop(child);
    for (const [name, spent] of Object.entries({ 'first start': first.used, start: used, read, preview })) {
      tell(`${what}: ${name}, own time`, spent.processor, 'ms');
      tell(
        `${what}: ${name}, longest block (of own time; by the clock ${shown(spent.blocked)})`,
        spent.busiest,
        'ms',
      );
    }
    return { read, preview };
  } finally {
    await world.close();
  }
}

async function start(world) {
  const child = await world.start(world.bots.ours);
  return { child, used: await quiet(child, { processor: 0 }) };
}

async function often(world, child, name, options = []) {
  const runs = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const before = await ask(child, 'begin');
    const last = BigInt((await world.messages()).at(-1)?.id ?? 0);
    await world.interaction({ kind: 'command', name, options });
    await until(async () =>
      (await world.messages()).find(({ id, loading }) => BigInt(id) > last && !loading),
    );
    const spent = await quiet(child, before);
    // The first one compiles what the others use.
    if (round > 0) runs.push(spent);
  }
  const of = (field) => median(runs.map((run) => run[field]));
  return {
    processor: of('processor'),
    blocked: of('blocked'),
    busiest: Math.max(...runs.map((run) => run.busiest)),
  };
}

/** What was used since, once nothing more is. */
async function quiet(child, before) {
  let last = await ask(child, 'now');
  for (;;) {
    await pause(QUIET_MS);
    const now = await ask(child, 'now');
    if (now.processor - last.processor < QUIET_MS * IDLE_SHARE) {
      return { ...last, processor: last.processor - before.processor };
    }
    last = now;
  }
}

function ask(child, word) {
  return new Promise((resolve) => {
    child.once('message', resolve);
    child.send(word);
  });
}
