import { afterEach, expect, test } from 'vitest';
import { buttonsOf, Desk, textOf, until } from './support/desk.js';
import type { BrokerProxy } from './support/proxy.js';
import { arrivals, arrived, cutStream, deskBehindProxy, HOLDINGS } from './support/scenes.js';

/*
 * `npm start` while Discord is away or says "not now": the process waits and comes up by itself. Only an answer that
 * can't get better ends it.
 */

let desk: Desk | null = null;
let proxy: BrokerProxy | null = null;
afterEach(async () => {
  await desk?.close();
  proxy?.close();
  desk = null;
  proxy = null;
});

async function deskWithout(settings: Record<string, string> = {}): Promise<Desk> {
  desk = await Desk.open({ startBot: false, settings });
  return desk;
}

async function expectUp(up: Desk): Promise<void> {
  await up.trader.waitForBot(true, 60_000);
  await up.trader.waitForCommand('targets', 60_000);
  expect(textOf(await up.ask('status'))).toContain('🟢 **Discord gateway**: ready');
  expect(up.bot.exitCode).toBeNull();
}

const GATEWAY = 'GET /gateway/bot';
const COMMANDS = 'PUT /applications/';

// The client asks four times at once before it gives up, so more than four.
test.each([
  ['cuts the connection at /gateway/bot', { route: GATEWAY, kind: 'reset', times: 9 }],
  ['answers 503 at /gateway/bot', { route: GATEWAY, kind: 'page', times: 9 }],
  ['answers a 429 page at /gateway/bot', { route: GATEWAY, kind: 'page', status: 429, times: 1 }],
  [
    'stands behind a proxy that answers 200 with a page',
    { route: GATEWAY, kind: 'page', status: 200, times: 2 },
  ],
  [
    'stands behind a proxy that answers 401 with a page',
    { route: GATEWAY, kind: 'page', status: 401, times: 2 },
  ],
  ['answers 500 as the commands are registered', { route: COMMANDS, kind: 'page', status: 500, times: 9 }],
  ['cuts the connection as the commands are registered', { route: COMMANDS, kind: 'reset', times: 9 }],
  [
    'stands behind a proxy that refuses the commands',
    { route: COMMANDS, kind: 'page', status: 403, times: 2 },
  ],
])('a Discord that %s is waited for', async (_name, fault) => {
  const waiting = await deskWithout();
  await waiting.trader.faults.add(fault);
  waiting.bot.start();
  await expectUp(waiting);
  expect((await waiting.trader.faults.list())[0]?.fired).toBe(fault.times);
});

test('a gateway that closes with 4000 at first is waited for; with 4014 the process ends and says why', async () => {
  const waiting = await deskWithout();
  await waiting.trader.gateway.refuse(4000);
  waiting.bot.start();
  await expectUp(waiting);
  await waiting.bot.stop();
  await waiting.trader.gateway.refuse(4014);
  waiting.bot.start();
  expect(await waiting.bot.ended()).toBe(1);
  expect(waiting.bot.log).toContain('intent');
});

test('orders that a crash left are settled while Discord is away, and told once it is there; a stop is clean', async () => {
  const away = await deskWithout({ SETTLE_SECONDS: '5' });
  await away.startBot();
  const news = await arrivals(away);
  const preview = await away.preview(await away.positionId('QQQ', 'Senex Trident'));
  await away.admin.fault({ kind: 'hang-after-commit', method: 'POST', path: '/orders$', times: null });
  await away.trader.press(preview, 'Submit');
  const orders = await arrived(news, 3);
  await away.bot.kill9();
  await away.admin.clearFaults();
  await away.trader.faults.add({ kind: 'reset', route: 'GET /gateway/bot', times: 100_000 });
  await away.trader.faults.add({ kind: 'reset', route: 'POST /channels/', times: 100_000 });
  away.bot.start();
  // Found at the broker, and tried to be told, with no Discord there.
  await until(async () => away.bot.log.includes('a message is tried again later'), 120_000);
  expect(away.bot.exitCode).toBeNull();
  await away.trader.faults.clear();
  const result = await away.result(preview, 120_000);
  for (const { orderId } of orders) expect(textOf(result)).toContain(`Order ${orderId}`);
  await expectUp(away);
  expect(await news()).toHaveLength(3);
});

test('a press given up by a kill, told by nobody before a second kill without Discord: the channel hears of it, and its buttons go', async () => {
  const behind = await deskBehindProxy({ SETTLE_SECONDS: '5' });
  const killed = behind.desk;
  desk = killed;
  proxy = behind.proxy;
  const news = await arrivals(killed);
  // Without a live stream the account is read before the order leaves, and there it dies.
  await cutStream(killed);
  const position = await killed.positionId('IWM', 'Iron condor');
  const preview = await killed.preview(position);
  const reads = proxy.hold('request', 'GET', HOLDINGS);
  await killed.trader.press(preview, 'Submit');
  await until(async () => reads.caught > 0);
  await killed.bot.kill9();
  reads.drop();
  await killed.trader.waitForBot(false, 30_000);
  for (const route of ['GET /gateway/bot', 'POST /channels/', 'PATCH /channels/']) {
    await killed.trader.faults.add({ kind: 'reset', route, times: 100_000 });
  }
  killed.bot.start();
  await until(async () => killed.bot.log.includes('a message is tried again later'), 120_000);
  await killed.bot.kill9();
  expect(buttonsOf(killed.trader.current(preview))).toContain('Submit 1 GTC order');
  await killed.trader.faults.clear();
  await killed.admin.stream('resume');
  await killed.startBot();
  const told = await killed.trader.waitForMessage(
    (message) =>
      message.content.includes(`<@${killed.trader.id}>`) && textOf(message).includes(`#${position} `),
    { after: preview, timeoutMs: 120_000 },
  );
  expect(told.channel_id).toBe(killed.discord.channelIds.trading);
  expect(told.content).toContain('0 of 1 GTC order placed');
  expect(textOf(told)).toContain('The bot stopped before it was sent');
  await until(async () => !buttonsOf(killed.trader.current(preview)).some((each) => /Submit/.test(each)));
  expect(await news()).toHaveLength(0);
});

test.each([
  ['whose name can’t be found', 'https://discord.invalid/api'],
  ['where nobody listens', 'http://127.0.0.1:9/api'],
])('a Discord %s is waited for; a stop meanwhile ends the process at once and with 0', async (_name, url) => {
  const waiting = await deskWithout({ DISCORD_API_URL: url });
  waiting.bot.start();
  await until(async () => waiting.bot.log.includes('connecting to Discord failed; trying again'));
  await waiting.bot.stop();
  expect(waiting.bot.exitCode).toBe(0);
});
