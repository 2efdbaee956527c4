// How fast the bot starts, acknowledges and confirms, beside the least a discord.js bot can be.
import { compare, median, percentile, residentMb, timed, until, verdict } from './measure.mjs';
import { World } from './world.mjs';

const ROUNDS = 40;
const CROWDS = 8;
const CROWD = 100;
const STARTS = 5;
const SUBMITS = 5;
const BROKER_ROUND_TRIP_MS = 250;

export async function benchCommands() {
  const world = await World.open({ limited: false });
  try {
    await starts(world);
    const running = [await world.start(world.bots.ours), await world.start(world.bots.bare)];
    await acknowledgements(world);
    await confirmations(world);
    await Promise.all(running.map((child) => world.stop(child)));
  } finally {
    await world.close();
  }
}

/** Start to the first acknowledged command, and memory then; alternating, the first of each thrown away (cold caches, migrations). */
async function starts(world) {
  const times = { ours: [], bare: [] };
  const memory = { ours: [], bare: [] };
  for (let round = 0; round <= STARTS; round += 1) {
    for (const name of ['ours', 'bare']) {
      const began = performance.now();
      const child = await world.start(world.bots[name]);
      if (round > 0) {
        times[name].push(performance.now() - began);
        memory[name].push(residentMb(child));
      }
      await world.stop(child);
    }
  }
  compare('start to first answer, median', median(times.ours), median(times.bare), 'ms', 1.5);
  compare('memory then, median', median(memory.ours), median(memory.bare), 'MB');
}

async function acknowledgements(world) {
  const alone = { ours: [], bare: [] };
  const crowded = { ours: [], bare: [] };
  for (const name of ['ours', 'bare']) await world.acknowledgements(world.bots[name], CROWD);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of ['ours', 'bare'])
      alone[name].push(...(await world.acknowledgements(world.bots[name], 1)));
  }
  for (let round = 0; round < CROWDS; round += 1) {
    for (const name of ['ours', 'bare']) {
      crowded[name].push(...(await world.acknowledgements(world.bots[name], CROWD)));
    }
  }
  const p = (percent, { ours, bare }) => [percentile(percent, ours), percentile(percent, bare)];
  compare('acknowledgement, 1 at once, p50', ...p(50, alone), 'ms', 1.25);
  compare('acknowledgement, 1 at once, p99', ...p(99, alone), 'ms');
  compare('acknowledgement, 100 at once, p50', ...p(50, crowded), 'ms', 1.25);
  compare('acknowledgement, 100 at once, p99', ...p(99, crowded), 'ms');
  const [p99] = p(99, crowded);
  verdict('acknowledgement, 100 at once, p99 under 100 ms', p99 < 100, `${p99.toFixed(1)} ms`);
}

/** Three orders of a Trident: from the press to the message with their ids, over the broker's own round trip. */
async function confirmations(world) {
  const runs = [];
  for (let round = 0; round < SUBMITS; round += 1) {
    const preview = await previewTrident(world);
    await world.admin('POST', 'faults', { kind: 'latency', ms: BROKER_ROUND_TRIP_MS, times: null });
    const broker = await timed(() => brokerLogin(world.paper));
    const discord = await timed(() => fetch(`${world.discord.url}/local/state`));
    const buttons = preview.components.flatMap(({ components }) => components);
    const began = performance.now();
    await world.interaction({
      kind: 'component',
      message_id: preview.id,
      custom_id: buttons.find(({ label }) => label?.startsWith('Submit')).custom_id,
    });
    const isResult = ({ id, mentions }) => BigInt(id) > BigInt(preview.id) && mentions.length > 0;
    await until(async () => (await world.messages()).find(isResult), 1);
    runs.push({ took: performance.now() - began, broker, discord });
    await world.admin('DELETE', 'faults');
    await cancelEverything(world);
  }
  const [took, broker, discord] = ['took', 'broker', 'discord'].map((what) =>
    median(runs.map((run) => run[what])),
  );
  const allowed = 1.5 * broker + discord;
  compare('press to three order ids, over one broker round trip', took, broker, 'ms');
  verdict(
    'three order ids within 1.5 broker round trips + 1 of Discord’s',
    took <= allowed,
    `${took.toFixed(0)} of ${allowed.toFixed(0)} ms`,
  );
}

async function previewTrident(world) {
  const { choices } = await world.post('/local/interactions', {
    user: world.discord.users.trader,
    channel_id: world.discord.channelIds.trading,
    kind: 'autocomplete',
    name: 'targets',
    options: [{ name: 'position', value: 'QQQ Trident', focused: true }],
  });
  const before = BigInt((await world.messages()).at(-1)?.id ?? 0);
  const options = [{ name: 'position', value: choices[0].value }];
  await world.interaction({ kind: 'command', name: 'targets', options });
  const isPreview = ({ id, loading, components }) => BigInt(id) > before && !loading && components.length > 0;
  return until(async () => (await world.messages()).find(isPreview));
}

/** One round trip of the broker that carries no business. */
function brokerLogin({ url, refreshToken, clientSecret }) {
  const body = { grant_type: 'refresh_token', refresh_token: refreshToken, client_secret: clientSecret };
  const headers = { 'content-type': 'application/json', 'user-agent': 'bench/1.0' };
  return fetch(`${url}/oauth/token`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function cancelEverything(world) {
  const working = ['Received', 'Routed', 'In Flight', 'Live'];
  for (const { id, status } of await world.admin('GET', 'orders')) {
    if (working.includes(status)) await world.admin('POST', `orders/${id}/end`, { status: 'Cancelled' });
  }
}
