// What reminders cost: the clock with a hundred thousand of them against none, and a thousand due in the same second.
import {
  compare,
  pause,
  percentile,
  processorMs,
  residentMb,
  settled,
  tell,
  until,
  verdict,
} from './measure.mjs';
import { inDatabase, World } from './world.mjs';

const MANY = 100_000;
const SLICE_MS = 5_000;
const IDLE_SLICES = 10;
/** An idle bot may use this much per minute whatever it uses without reminders: a ratio of nothings says nothing. */
const IDLE_MOST_MS = 200;
const BURST = 1_000;
const CHANNELS = 50;
const LEAD_MS = 12_000;
/** Discord's limit on a bot's requests over all routes, per second. */
const GLOBAL_PER_SECOND = 50;
/** What the local Discord lets through per channel, messages per second. */
const CHANNEL_PER_SECOND = 1;

export async function benchReminders() {
  await idle();
  await burst();
}

/**
 * Memory and processor time of a bot that has nothing to do, with and without reminders. Before that, once: what it
 * costs to work out every next run anew, as after new zone data, all of them moving.
 */
async function idle() {
  const world = await World.open({ limited: false });
  try {
    const none = await idleCost(world);
    const start = await startupCost(world);
    await schedule(world, MANY, (index) => ({ dueAt: Date.now() + 86_400_000 + index * 1_000 }));
    await forgetReckoning(world);
    const once = await startupCost(world);
    const many = await idleCost(world);
    const moved = await movedCount(world);
    if (moved < MANY) throw new Error(`only ${moved} of ${MANY} reminders were worked out anew`);
    tell(
      `once, after new zone data: ${MANY} next runs moved`,
      once.processor - start.processor,
      'ms of processor',
    );
    const p99 = percentile(99, once.answers);
    verdict('acknowledgement meanwhile, p99 under 100 ms', p99 < 100, `${p99.toFixed(1)} ms`);
    compare('memory right after that vs none', once.memory, start.memory, 'MB');
    compare(`memory, ${MANY} reminders vs none`, many.memory, none.memory, 'MB', 1.25);
    const { processor } = many;
    compare('idle processor time per minute, the same', processor, none.processor, 'ms');
    const met = processor <= 2 * none.processor || processor < IDLE_MOST_MS;
    verdict(
      `idle: within 2x of none or under ${IDLE_MOST_MS} ms per minute`,
      met,
      `${processor.toFixed(0)} ms`,
    );
  } finally {
    await world.close();
  }
}

/** Of a bot from its start until it has nothing left to do, with interactions meanwhile. */
async function startupCost(world) {
  const child = await world.start(world.bots.ours);
  const answers = [];
  await settled(child, async () => answers.push(...(await world.acknowledgements(world.bots.ours, 1))));
  const cost = { processor: processorMs(child), memory: residentMb(child), answers };
  await world.stop(child);
  return cost;
}

/**
 * Of a bot whose start is over. Some time in its first minute, reminders or not, a process cleans up after its start
 * once more (about 150 ms): the dearest slice is therefore left out, with and without reminders alike.
 */
async function idleCost(world) {
  const child = await world.start(world.bots.ours);
  await settled(child);
  const slices = [];
  for (let n = 0; n < IDLE_SLICES; n += 1) {
    const before = processorMs(child);
    await pause(SLICE_MS);
    slices.push(processorMs(child) - before);
  }
  const counted = slices.sort((a, b) => a - b).slice(0, -1);
  const processor = counted.reduce((sum, each) => sum + each, 0) * (60_000 / (counted.length * SLICE_MS));
  const cost = { memory: residentMb(child), processor };
  await world.stop(child);
  return cost;
}

/** A thousand notes due in the same second over fifty channels, with interactions in between. */
async function burst() {
  const world = await World.open({ limited: true });
  try {
    const channels = await makeChannels(world);
    await world.stop(await world.start(world.bots.ours));
    const dueAt = Math.ceil((Date.now() + LEAD_MS) / 1000) * 1000;
    await schedule(world, BURST, (index) => ({
      dueAt,
      channel: channels[index % CHANNELS],
      text: `note ${index}`,
    }));
    const child = await world.start(world.bots.ours);
    await pause(Math.max(0, dueAt - Date.now()));
    const delivered = until(async () => (await sent(world)) >= BURST, 100, 300_000).then(
      () => Date.now() - dueAt,
    );
    const acknowledgements = [];
    let done = false;
    delivered.finally(() => {
      done = true;
    });
    while (!done) {
      acknowledgements.push(...(await world.acknowledgements(world.bots.ours, 1)));
      await pause(200);
    }
    const seconds = (await delivered) / 1000;
    const bound = Math.max(BURST / GLOBAL_PER_SECOND, BURST / CHANNELS / CHANNEL_PER_SECOND);
    compare(`${BURST} due at once: all delivered, vs the rate limit's own bound`, seconds, bound, 's', 1.5);
    const p99 = percentile(99, acknowledgements);
    verdict('acknowledgement meanwhile, p99 under 100 ms', p99 < 100, `${p99.toFixed(1)} ms`);
    await world.stop(child);
  } finally {
    await world.close();
  }
}

async function makeChannels(world) {
  const channels = Array.from({ length: CHANNELS }, (_, index) => ({ name: `notes-${index}` }));
  const made = await world.post('/local/world', { channels });
  return made.channels.map((channel) => channel.id ?? channel);
}

/** Messages the bot posted about reminders, as the local Discord's log has them. */
async function sent(world) {
  const { requests } = await (await fetch(`${world.discord.url}/local/log?since=0`)).json();
  return requests.filter(
    ({ method, route, status }) =>
      method === 'POST' && status === 200 && /^\/channels\/[^/]+\/messages$/.test(route ?? ''),
  ).length;
}

/** Straight into the database of a bot that is not running: a hundred thousand commands would take all day. */
async function schedule({ database, discord }, count, describe) {
  await inDatabase(database, async (run) => {
    await run('BEGIN');
    for (let index = 0; index < count; index += 1) {
      const { dueAt, channel = discord.channelId, text = 'a note' } = describe(index);
      await run(
        `INSERT INTO reminders (guild_id, channel_id, user_id, kind, when_text, zone, market_days_only, options, state, next_run_at, created_at)
         VALUES (?, ?, ?, 'note', 'daily 9:00', 'America/New_York', 0, ?, 'active', ?, ?)`,
        [discord.guildId, channel, discord.users.trader, JSON.stringify({ text }), dueAt, Date.now()],
      );
    }
    await run('COMMIT');
  });
}

/** As if the last start had been with other zone data. */
function forgetReckoning({ database }) {
  return inDatabase(database, (run) =>
    run(`UPDATE settings SET value = '' WHERE key = 'reminder-reckoning'`),
  );
}

/** How many run at 9:00 in New York, and thus not where they were put. */
async function movedCount({ database }) {
  const rows = await inDatabase(database, (run) =>
    run('SELECT MAX(n) AS n FROM (SELECT COUNT(*) AS n FROM reminders GROUP BY next_run_at)'),
  );
  return rows[0].n;
}
