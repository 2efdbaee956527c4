// `npm run bench`: how fast the bot acknowledges, confirms and starts, side by side with the least a discord.js bot can
// be, on the same local Discord in the same run. Ratios are what counts; the milliseconds belong to this machine.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalDiscord } from '../dist/local-discord/server.js';
import { startPaperBroker } from '../dist/paper-broker/server.js';

const ROUNDS = 40;
const CROWDS = 8;
const CROWD = 100;
const STARTS = 5;
const SUBMITS = 5;
const BROKER_ROUND_TRIP_MS = 250;
const BARE = { id: '1460313742502789777', name: 'bare', token: 'bare.bench.bot-token' };

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const discord = await startLocalDiscord({ bots: [BARE], rateLimits: false });
const paper = await startPaperBroker({ rateCeilings: false });
await admin('POST', 'freeze', { frozen: true });
const shared = { PATH: process.env.PATH, DISCORD_API_URL: discord.apiUrl, DISCORD_GUILD_ID: discord.guildId };
const bots = {
  ours: {
    command: 'help',
    app: discord.applicationId,
    script: 'dist/main.js',
    env: {
      ...shared,
      DISCORD_TOKEN: discord.token,
      TRADER_USER_IDS: discord.users.trader,
      BROKER: 'paper',
      TASTYTRADE_API_URL: paper.url,
      TASTYTRADE_STREAMER_URL: paper.streamerUrl,
      TASTYTRADE_CLIENT_SECRET: paper.clientSecret,
      TASTYTRADE_REFRESH_TOKEN: paper.refreshToken,
      TASTYTRADE_ACCOUNT: paper.accountNumber,
      DATABASE_URL: `sqlite:${join(folder, 'bot.sqlite')}`,
      LOG_LEVEL: 'warn',
    },
  },
  bare: {
    command: 'ping',
    app: BARE.id,
    script: 'bench/bare-bot.mjs',
    env: { ...shared, DISCORD_TOKEN: BARE.token },
  },
};

try {
  await benchStarts();
  const running = await Promise.all(Object.values(bots).map(start));
  await benchAcknowledgements();
  await benchConfirm();
  await Promise.all(running.map(stop));
} finally {
  await Promise.all([discord.close(), paper.close()]);
  rmSync(folder, { recursive: true, force: true });
}

/** Start to online, and memory then; alternating, the first of each thrown away (cold caches, migrations). */
async function benchStarts() {
  const times = { ours: [], bare: [] };
  const memory = { ours: [], bare: [] };
  for (let round = 0; round <= STARTS; round += 1) {
    for (const name of ['ours', 'bare']) {
      const began = performance.now();
      const child = await start(bots[name]);
      if (round > 0) {
        times[name].push(performance.now() - began);
        memory[name].push(residentMb(child));
      }
      await stop(child);
    }
  }
  report('start to online, median', median(times.ours), median(times.bare), 'ms', 1.5);
  report('memory when online, median', median(memory.ours), median(memory.bare), 'MB');
}

async function benchAcknowledgements() {
  const alone = { ours: [], bare: [] };
  const crowded = { ours: [], bare: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of ['ours', 'bare']) alone[name].push(...(await acknowledgements(bots[name], 1)));
  }
  for (let round = 0; round < CROWDS; round += 1) {
    for (const name of ['ours', 'bare']) crowded[name].push(...(await acknowledgements(bots[name], CROWD)));
  }
  const skip = (values, count) => values.slice(count);
  report(
    'acknowledgement, 1 at once, p50',
    p(50, skip(alone.ours, 5)),
    p(50, skip(alone.bare, 5)),
    'ms',
    1.25,
  );
  report('acknowledgement, 1 at once, p99', p(99, skip(alone.ours, 5)), p(99, skip(alone.bare, 5)), 'ms');
  report(
    'acknowledgement, 100 at once, p50',
    p(50, skip(crowded.ours, CROWD)),
    p(50, skip(crowded.bare, CROWD)),
    'ms',
    1.25,
  );
  const p99 = p(99, skip(crowded.ours, CROWD));
  report('acknowledgement, 100 at once, p99', p99, p(99, skip(crowded.bare, CROWD)), 'ms');
  verdict('p99 at 100 at once under 100 ms', p99 < 100, `${p99.toFixed(1)} ms`);
}

/** As Discord saw it: from handing the interaction to the bot until its callback arrived. */
async function acknowledgements(bot, count) {
  const ids = await Promise.all(Array.from({ length: count }, () => command(bot)));
  return Promise.all(ids.map(async (id) => (await until(() => acknowledged(id))).acked_after_ms));
}

async function acknowledged(id) {
  const state = await (await fetch(`${discord.url}/local/interactions/${id}`)).json();
  return state.state === 'acked' ? state : null;
}

/** Three orders of a Trident: from the press to the message with their ids, over the broker's own round trip. */
async function benchConfirm() {
  const ratios = [];
  for (let round = 0; round < SUBMITS; round += 1) {
    const preview = await previewTrident();
    await admin('POST', 'faults', { kind: 'latency', ms: BROKER_ROUND_TRIP_MS, times: null });
    const brokerTrip = await timed(() => brokerLogin());
    const discordTrip = await timed(() => fetch(`${discord.url}/local/state`));
    const submit = preview.components
      .flatMap(({ components }) => components)
      .find(({ label }) => label?.startsWith('Submit'));
    const began = performance.now();
    await interaction({ kind: 'component', message_id: preview.id, custom_id: submit.custom_id });
    await until(
      async () =>
        (await messages()).find(({ id, mentions }) => BigInt(id) > BigInt(preview.id) && mentions.length > 0),
      1,
    );
    ratios.push({ took: performance.now() - began, brokerTrip, discordTrip });
    await admin('DELETE', 'faults');
    for (const { id, status } of await admin('GET', 'orders')) {
      if (['Received', 'Routed', 'In Flight', 'Live'].includes(status))
        await admin('POST', `orders/${id}/end`, { status: 'Cancelled' });
    }
  }
  const took = median(ratios.map((each) => each.took));
  const broker = median(ratios.map((each) => each.brokerTrip));
  const local = median(ratios.map((each) => each.discordTrip));
  report('press to three order ids, over one broker round trip', took, broker, 'ms');
  const allowed = 1.5 * broker + local;
  verdict(
    'three orders posted within 1.5 broker round trips + 1 Discord round trip',
    took <= allowed,
    `${took.toFixed(0)} of ${allowed.toFixed(0)} ms`,
  );
}

/** One round trip of the broker that carries no business. */
function brokerLogin() {
  const body = {
    grant_type: 'refresh_token',
    refresh_token: paper.refreshToken,
    client_secret: paper.clientSecret,
  };
  const headers = { 'content-type': 'application/json', 'user-agent': 'bench/1.0' };
  return fetch(`${paper.url}/oauth/token`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function previewTrident() {
  const { choices } = await post('/local/interactions', {
    ...asTrader(),
    kind: 'autocomplete',
    name: 'targets',
    options: [{ name: 'position', value: 'QQQ Trident', focused: true }],
  });
  const before = (await messages()).at(-1)?.id ?? '0';
  await interaction({
    kind: 'command',
    name: 'targets',
    options: [{ name: 'position', value: choices[0].value }],
  });
  return until(async () =>
    (await messages()).find(
      ({ id, loading, components }) => BigInt(id) > BigInt(before) && !loading && components.length > 0,
    ),
  );
}

function command({ command: name, app }) {
  return interaction({ kind: 'command', name, options: [], bot: app });
}

async function interaction(body) {
  return (await post('/local/interactions', { ...asTrader(), ...body })).interaction_id;
}

function asTrader() {
  return { user: discord.users.trader, channel_id: discord.channelIds.trading };
}

async function messages() {
  const { trading } = discord.channelIds;
  return (
    await fetch(`${discord.url}/local/channels/${trading}/messages?user=${discord.users.trader}&limit=20`)
  ).json();
}

async function post(path, body) {
  const response = await fetch(discord.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function admin(method, path, body) {
  const init = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {};
  return (await fetch(`${paper.adminUrl}api/${path}`, { method, ...init })).json();
}

async function start(bot) {
  const child = spawn(process.execPath, [bot.script], {
    env: bot.env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await until(async () => {
    const { bots: online, commands } = await (await fetch(`${discord.url}/local/state`)).json();
    return (
      online.find(({ id }) => id === bot.app)?.online && commands.some(({ name }) => name === bot.command)
    );
  }, 2);
  return child;
}

async function stop(child) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  await until(
    async () =>
      (await (await fetch(`${discord.url}/local/state`)).json()).bots.every(
        ({ id, online }) => !online || id === child.app,
      ) || true,
  );
}

async function until(look, pauseMs = 5) {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`waited a minute for ${look}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function timed(work) {
  const began = performance.now();
  await (await work()).text();
  return performance.now() - began;
}

function residentMb({ pid }) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

function p(percent, values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)];
}

function median(values) {
  return p(50, values);
}

function report(what, ours, theirs, unit, target) {
  const ratio = ours / theirs;
  const judged = target === undefined ? '' : `   target ${target}x: ${ratio <= target ? 'met' : 'MISSED'}`;
  console.log(
    `${what.padEnd(56)} ${ours.toFixed(1).padStart(8)} ${unit}   vs ${theirs.toFixed(1).padStart(8)} ${unit}   ${ratio.toFixed(2)}x${judged}`,
  );
}

function verdict(what, met, measured) {
  console.log(`${what.padEnd(56)} ${measured}   ${met ? 'met' : 'MISSED'}`);
}
