// A thousand order updates a second for half a minute: nothing lost, everybody answered, memory flat. And what it costs to
// catch up on five thousand orders.
import { WebSocket, WebSocketServer } from 'ws';
import { pause, percentile, processorMs, residentMb, settled, tell, until, verdict } from './measure.mjs';
import { inDatabase, World } from './world.mjs';

const SECONDS = 30;
const PER_SECOND = 1_000;
const SLICE_MS = 20;
const LEGS = 160;
const SETTLES_MS = 180_000;
const MOST_MEMORY = 1.25;
const FEW = 'aged-50-20';
const MANY = 'aged-5000-20';
const MOST_CATCH_UP_MS = 2_000;
/** The steps of an order that somebody placed in the platform, and took back. */
const STEPS = ['Received', 'Routed', 'In Flight', 'Live', 'Cancelled'];

export async function benchStream() {
  await flood();
  await catchUp();
}

async function flood() {
  const world = await World.open({ limited: false, scenario: `aged-50-${LEGS}` });
  const line = await Line.open(world.paper.streamerUrl);
  try {
    const bot = world.bots.ours;
    Object.assign(bot.env, { TASTYTRADE_STREAMER_URL: line.url, PICTURES: 'off' });
    const child = await world.start(bot);
    await submitAll(world);
    const ours = await until(async () => {
      const orders = await world.admin('GET', 'orders');
      const live = orders.filter(({ status }) => status === 'Live');
      return live.length === LEGS / 4 && line.template && live;
    }, 200);
    await settled(child);
    const before = { memory: residentMb(child), processor: processorMs(child) };
    const flooding = line.flood(SECONDS * PER_SECOND);
    const filling = fill(world, ours);
    const answers = [];
    const memory = [];
    for (let done = false; !done; ) {
      done = await Promise.race([flooding.then(() => true), pause(200).then(() => false)]);
      answers.push(...(await world.acknowledgements(bot, 1)));
      memory.push(residentMb(child));
    }
    await filling;
    const began = performance.now();
    const units = ours.flatMap(({ legs }) => legs).length;
    await until(async () => (await recordedFills(world)) >= units, 100, SETTLES_MS).catch(() => {});
    tell('all recorded after the last update', performance.now() - began, 'ms');
    tell('own time per update', (processorMs(child) - before.processor) / line.sent, 'ms');
    const known = await recordedFills(world);
    verdict(
      `${line.sent} updates in ${SECONDS} s, fills lost`,
      known === units,
      `${units - known} of ${units}`,
    );
    const p99 = percentile(99, answers);
    verdict('acknowledgement meanwhile, p99 under 100 ms', p99 < 100, `${p99.toFixed(1)} ms`);
    const third = Math.floor(memory.length / 3);
    const [early, late] = [memory.slice(0, third), memory.slice(-third)].map((part) => Math.max(...part));
    verdict(
      'memory flat: last third vs first',
      late / early <= MOST_MEMORY,
      `${(late / early).toFixed(2)}x of ${early.toFixed(0)} MB`,
    );
    await world.stop(child);
  } finally {
    line.close();
    await world.close();
  }
}

/** Every position's target, placed by one press. */
async function submitAll(world) {
  await world.interaction({
    kind: 'command',
    name: 'targets',
    options: [{ name: 'position', value: 'all' }],
  });
  const buttonOf = ({ components }) =>
    components.flatMap((row) => row.components ?? []).find(({ label }) => label?.startsWith('Submit'));
  const preview = await until(async () =>
    (await world.messages()).find((message) => !message.loading && buttonOf(message)),
  );
  await world.interaction({
    kind: 'component',
    message_id: preview.id,
    custom_id: buttonOf(preview).custom_id,
  });
}

/** Each of them filled in a moment of its own, so that its real updates come amid the others. */
async function fill(world, orders) {
  for (const { id } of orders) {
    await world.admin('POST', `orders/${id}/fill`, {});
    await pause((SECONDS * 1_000 * 0.9) / orders.length);
  }
}

async function recordedFills({ database }) {
  const [{ count }] = await inDatabase(database, (run) => run('SELECT COUNT(*) AS count FROM fills'));
  return count;
}

/** The account stream between broker and bot, which adds updates of orders that the broker doesn't have. */
class Line {
  sent = 0;
  template = null;
  #bot = null;

  static async open(upstream) {
    const line = new Line();
    line.server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    line.server.on('connection', (bot) => line.#join(bot, new WebSocket(upstream)));
    await new Promise((resolve) => line.server.once('listening', resolve));
    line.url = `ws://127.0.0.1:${line.server.address().port}/streamer`;
    return line;
  }

  #join(bot, broker) {
    this.#bot = bot;
    const early = [];
    bot.on('message', (data) =>
      early === null || broker.readyState !== WebSocket.OPEN ? early.push(data) : broker.send(String(data)),
    );
    broker.on('open', () => {
      for (const data of early.splice(0)) broker.send(String(data));
    });
    broker.on('message', (data) => {
      const text = String(data);
      const frame = JSON.parse(text);
      if (frame.type === 'Order') this.template ??= frame;
      bot.send(text);
    });
    for (const [one, other] of [
      [bot, broker],
      [broker, bot],
    ]) {
      one.on('close', () => other.terminate());
      one.on('error', () => other.terminate());
    }
  }

  async flood(updates) {
    const began = performance.now();
    while (this.sent < updates) {
      const due = Math.min(updates, Math.floor(((performance.now() - began) / 1_000) * PER_SECOND));
      for (; this.sent < due; this.sent += 1) this.#bot.send(JSON.stringify(this.#update(this.sent)));
      await pause(SLICE_MS);
    }
  }

  #update(index) {
    const status = STEPS[index % STEPS.length];
    const now = new Date().toISOString();
    const data = {
      ...this.template.data,
      id: 900_000_000 + Math.floor(index / STEPS.length),
      'external-identifier': null,
      status,
      'updated-at': Date.now(),
      ...(status === 'Cancelled' && { 'terminal-at': now, 'cancelled-at': now }),
    };
    return { ...this.template, data, timestamp: Date.now() };
  }

  close() {
    this.server.close();
    for (const client of this.server.clients) client.terminate();
  }
}

/** What a start costs that has five thousand orders to take in, over one that has few. */
async function catchUp() {
  const [few, many] = [await startOf(FEW), await startOf(MANY)];
  const cost = many - few;
  verdict(
    'catching up on 5000 orders, own time under 2 s',
    cost <= MOST_CATCH_UP_MS,
    `${cost.toFixed(0)} ms`,
  );
}

async function startOf(scenario) {
  const world = await World.open({ limited: false, scenario });
  try {
    const child = await world.start(world.bots.ours);
    await settled(child);
    const cost = processorMs(child);
    await world.stop(child);
    return cost;
  } finally {
    await world.close();
  }
}
