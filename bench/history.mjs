// What an account's age and size cost: the bot's own time of a read and of a preview, and its longest block meanwhile.
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { median, pause, tell, until, verdict } from './measure.mjs';
import { PROBE, World } from './world.mjs';

const AGES = [50, 500, 5_000];
const SIZES = [20, 100, 500];
const HELD = 20;
const OLD = 6_000;
/** What is compared with another state of the bot may take ten seconds a read: fewer rounds do there. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const WATCHED = Math.min(3, ROUNDS);
/** Whatever was asked is done once nothing more was used for so long. */
const QUIET_MS = 400;
const IDLE_SHARE = 0.05;
const PATIENCE_MS = 20_000;
const MOST_READ_MS = 250;
const MOST_PREVIEW_MS = 150;
const MOST_BLOCK_MS = 50;
/** A position of `aged-…` has four legs and one target, and the broker takes so many trials in such a time. */
const LEGS_OF_ONE = 4;
/** About as long as the broker takes for the trials of 500 legs. */
const IDLE_MS = 8_000;
const TRIALS = { atOnce: 20, everyMs: 1_050 };

/** @param only a number of legs (`npm run bench history 500`): nothing but an account of that size */
export async function benchHistory(only) {
  if (only !== undefined) return benchLegs(Number(only));
  const ages = [];
  for (const orders of AGES) ages.push(await measured(orders, HELD));
  const [, some, many] = ages;
  const ratio = many.read.processor / some.read.processor;
  verdict('ten times the orders, at most ten times the cost', ratio <= 10, `${ratio.toFixed(2)}x`);
  const old = await measured(OLD, HELD);
  verdict(`a read of ${OLD} orders, own time`, old.read.processor <= MOST_READ_MS, shown(old.read.processor));
  verdict('longest block meanwhile', old.read.busiest <= MOST_BLOCK_MS, shown(old.read.busiest));
  for (const legs of SIZES.slice(1)) await benchLegs(legs);
}

async function benchLegs(legs) {
  const { preview, alone, idle, trial } = await measured(AGES[0], legs);
  const count = Math.ceil(legs / LEGS_OF_ONE);
  const trials = await bareTrials(count, trial);
  tell(`${count} trials by a bare client (the bot's requests, the broker's answers), own time`, trials, 'ms');
  tell(`the same bot, asked nothing for ${IDLE_MS / 1000} s, own time (it is in the preview's)`, idle, 'ms');
  const own = preview.processor - trials;
  const what = `a preview of ${legs} legs beyond its trials' HTTP, own time`;
  verdict(what, own <= MOST_PREVIEW_MS, shown(own));
  const cold = preview.first - trials;
  tell(`${legs} legs: the first preview after a start (its code not compiled yet), likewise`, cold, 'ms');
  tell(`${legs} legs: a preview without Discord and its trials’ HTTP, own time`, alone, 'ms');
}

const shown = (ms) => `${ms.toFixed(0)} ms`;

/** Own time and longest block of the first start, the second one, a read and a preview, each of them the median. */
async function measured(orders, legs) {
  const world = await World.open({ limited: false, scenario: `aged-${orders}-${legs}` });
  // What is drawn comes after the words, from a process of its own; `pictures` measures it.
  world.bots.ours.env.PICTURES = 'off';
  const what = `${orders} orders, ${legs} legs`;
  try {
    const first = await start(world);
    await world.stop(first.child);
    const { child, used } = await start(world);
    const read = await often(world, child, 'positions');
    // Here the start is over, and there are no previews yet whose buttons have to go.
    const before = await ask(child, 'measure');
    await pause(IDLE_MS);
    const idle = (await ask(child, 'now')).processor - before.processor;
    const preview = await often(world, child, 'targets', [{ name: 'position', value: 'all' }]);
    await world.stop(child);
    const trial = await world.trial();
    const alone = await previewsAlone(world);
    for (const [name, spent] of Object.entries({ 'first start': first.used, start: used, read, preview })) {
      tell(`${what}: ${name}, own time`, spent.processor, 'ms');
      tell(
        `${what}: ${name}, longest block (of own time; by the clock ${shown(spent.blocked)})`,
        spent.busiest,
        'ms',
      );
    }
    return { read, preview, alone, idle, trial };
  } finally {
    await world.close();
  }
}

async function start(world) {
  const child = await world.start(world.bots.ours);
  return { child, used: await quiet(child, { processor: 0 }) };
}

async function often(world, child, name, options = []) {
  const round = async (how) => {
    const before = await ask(child, how);
    const asked = await world.interaction({ kind: 'command', name, options });
    // Of its own answer the last page: buttons and menus stand there.
    const isThere = async () =>
      (await world.messages()).find(
        ({ interaction_metadata: of, components }) => of?.id === asked && components.length > 0,
      );
    // Whoever is blocked for longer than Discord waits never answers; what it used counts all the same.
    await until(isThere, 5, PATIENCE_MS).catch(() => {});
    return quiet(child, before);
  };
  // The first ones compile what the others use.
  const { processor: first } = await round('measure');
  const watched = [];
  for (let index = 0; index <= WATCHED; index += 1) watched.push(await round('watch'));
  const measured = [];
  for (let index = 0; index < ROUNDS; index += 1) measured.push(await round('measure'));
  const warm = watched.slice(1);
  return {
    first,
    processor: median(measured.map(({ processor }) => processor)),
    blocked: median(warm.map(({ blocked }) => blocked)),
    busiest: Math.max(...warm.map(({ busiest }) => busiest)),
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

/** The same previews where every trial is answered at once, and nothing is posted. */
async function previewsAlone(world) {
  const child = fork(new URL('preview-alone.mjs', import.meta.url), [], {
    env: world.bots.ours.env,
    execArgv: ['--import', PROBE],
  });
  const done = (word) => word === 'done';
  await begun(child);
  const runs = [];
  for (let round = 0; round <= WATCHED + ROUNDS; round += 1) {
    const before = await ask(child, 'measure');
    await answerTo(child, 'preview', done);
    const { processor } = await quiet(child, before);
    if (round > WATCHED) runs.push(processor);
  }
  child.disconnect();
  await world.stop(child);
  return median(runs);
}

/**
 * What so many trials cost a process that does nothing else, as fast as the broker takes them.
 * @param trial what the bot sends and what the broker answers, as text
 */
async function bareTrials(count, { body, answer }) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(answer));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const child = fork(new URL('bare-trials.mjs', import.meta.url), [], { execArgv: ['--import', PROBE] });
  await begun(child);
  const runs = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const before = await ask(child, 'measure');
    const url = `http://127.0.0.1:${server.address().port}/`;
    await answerTo(child, { url, body, count, ...TRIALS }, (word) => word === 'done');
    if (round > 0) runs.push((await ask(child, 'now')).processor - before.processor);
  }
  child.disconnect();
  server.close();
  return median(runs);
}

/** The probe listens before a process's own code does, and would answer to what that never hears. */
const begun = (child) => new Promise((resolve) => child.once('message', resolve));

const ask = (child, word) => answerTo(child, word, (answer) => answer !== 'done');

function answerTo(child, word, isAnswer) {
  return new Promise((resolve, reject) => {
    const hear = (answer) => {
      if (!isAnswer(answer)) return;
      child.off('message', hear);
      child.off('exit', failed);
      resolve(answer);
    };
    const failed = (code) => reject(new Error(`${child.spawnfile} ended with ${code} instead of an answer`));
    child.on('message', hear);
    child.once('exit', failed);
    child.send(word);
  });
}
