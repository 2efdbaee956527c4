// What pictures cost: memory once five hundred are drawn, and what others wait while fifty are asked for at once. The same
// commands are given to a bot that draws none.
import { compare, familyMb, pause, percentile, tell, until, verdict } from './measure.mjs';
import { World } from './world.mjs';

const PEOPLE = 7;
const AT_ONCE = 50;
const WAVES = 10;
const ACKNOWLEDGED = 20;
/** The drawing process ends after half a minute without anything to do. */
const REST_MS = 35_000;
/** No picture comes for so long: no more will. */
const QUIET_MS = 3_000;
const MOST_MB = 60;

export async function benchPictures() {
  const without = await measured('off');
  const drawn = await measured('on');
  compare('acknowledgement while 50 are asked for at once, p50', ...p(50, drawn, without), 'ms');
  compare('acknowledgement while 50 are asked for at once, p99', ...p(99, drawn, without), 'ms');
  const [p99, usual] = p(99, drawn, without);
  verdict(
    'p99 unharmed: at most 100 ms, or half more than without',
    p99 <= Math.max(100, 1.5 * usual),
    `${p99.toFixed(1)} ms`,
  );
  tell('pictures drawn', drawn.drawn, `of ${WAVES * AT_ONCE}`);
  tell('memory just after them', drawn.busyMb, 'MB');
  compare('memory at rest after them', drawn.restMb, without.restMb, 'MB');
  const more = drawn.restMb - without.restMb;
  verdict(`at most ${MOST_MB} MB more than without`, more <= MOST_MB, `${more.toFixed(1)} MB`);
}

const p = (percent, ...of) => of.map(({ acknowledged }) => percentile(percent, acknowledged));

async function measured(pictures) {
  const world = await World.open({ limited: false });
  let child = null;
  try {
    const people = await traders(world);
    world.bots.ours.env = { ...world.bots.ours.env, TRADER_USER_IDS: people.join(','), PICTURES: pictures };
    child = await world.start(world.bots.ours);
    const acknowledged = [];
    let drawn = 0;
    for (let wave = 0; wave < WAVES; wave += 1) {
      const one = await ask(world, people);
      acknowledged.push(...one.acknowledged);
      drawn += one.drawn;
    }
    const busyMb = familyMb(child);
    await pause(REST_MS);
    return { acknowledged, drawn, busyMb, restMb: familyMb(child) };
  } finally {
    if (child) await world.stop(child);
    await world.close();
  }
}

/** One person has only so many looks under way. */
async function traders(world) {
  const users = Array.from({ length: PEOPLE }, (_, index) => ({ username: `trader-${index}` }));
  const made = await world.post('/local/world', { users });
  return made.users.map(({ id }) => id);
}

/** Fifty lists of one position at once; milliseconds until commands given meanwhile were acknowledged, and pictures had. */
async function ask(world, people) {
  const before = await newest(world);
  const options = [{ name: 'underlying', value: 'NVDA' }];
  const asked = Array.from({ length: AT_ONCE }, (_, index) =>
    world.interaction({ kind: 'command', name: 'positions', options, user: people[index % PEOPLE] }),
  );
  await Promise.all(asked);
  const acknowledged = await world.acknowledgements(world.bots.ours, ACKNOWLEDGED);
  const lists = async () =>
    (await latest(world)).filter(
      ({ id, loading, interaction_metadata: by }) =>
        BigInt(id) > before && !loading && people.includes(by?.user.id),
    );
  await until(async () => (await lists()).length >= AT_ONCE, 50);
  return { acknowledged, drawn: await settled(async () => (await lists()).filter(hasPicture).length) };
}

const hasPicture = ({ attachments }) => attachments.length > 0;

/** A number once it changes no more: a busy machine can draw some too late, and these never come. */
async function settled(count) {
  let last = await count();
  for (;;) {
    await pause(QUIET_MS);
    const now = await count();
    if (now === last || now === AT_ONCE) return now;
    last = now;
  }
}

async function newest(world) {
  return BigInt((await latest(world)).at(-1)?.id ?? 0);
}

async function latest({ discord: { url, channelIds, users } }) {
  const path = `/local/channels/${channelIds.trading}/messages?user=${users.trader}&limit=100`;
  return (await fetch(url + path)).json();
}
