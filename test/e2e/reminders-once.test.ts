import { afterEach, expect, test } from 'vitest';
import { BotProcess } from './support/bot-process.js';
import { Desk, until } from './support/desk.js';
import { allPostedBy, postedBy, scheduled, settled, soon } from './support/reminders.js';

let desk: Desk;
let second: BotProcess | null = null;
afterEach(async () => {
  await second?.stop();
  second = null;
  await desk?.close();
});

test('two processes on one database post each reminder once', async () => {
  desk = await Desk.open();
  second = new BotProcess(desk.bot.settings);
  second.start();
  await until(async () => second?.log.includes('connected to Discord'));
  const when = soon(6_000);
  const ids: string[] = [];
  for (let count = 0; count < 8; count += 1)
    ids.push(await scheduled(desk, { kind: 'note', when, text: `note ${count}` }));
  for (const id of ids) await postedBy(desk.trader, id);
  await settled(desk);
  for (const id of ids) expect(await allPostedBy(desk, id)).toHaveLength(1);
});

test('killed while Discord has the message and the answer is on its way, the next start posts nothing twice', async () => {
  desk = await Desk.open();
  // A claim outlives its process by a minute at most, and is settled by looking then.
  await desk.trader.faults.add({ kind: 'slow-after-commit', route: 'POST /channels/', ms: 20_000 });
  const id = await scheduled(desk, { kind: 'note', when: soon(), text: 'Once' });
  await postedBy(desk.trader, id);
  await desk.bot.kill9();
  await desk.trader.faults.clear();
  await desk.startBot();
  await settled(desk, 100_000);
  expect(await allPostedBy(desk, id)).toHaveLength(1);
}, 150_000);

test('killed while the message is on its way and never gets to Discord, the next start posts it, once', async () => {
  desk = await Desk.open();
  await desk.trader.faults.add({ kind: 'slow', route: 'POST /channels/', ms: 600_000 });
  const id = await scheduled(desk, { kind: 'note', when: soon(), text: 'On my way' });
  await until(async () => (await desk.trader.faults.list()).some(({ fired }) => fired > 0));
  await desk.bot.kill9();
  await desk.trader.faults.clear();
  await desk.startBot();
  await settled(desk, 100_000);
  expect(await allPostedBy(desk, id)).toHaveLength(1);
}, 150_000);
