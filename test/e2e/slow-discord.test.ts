import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Desk, textOf, until } from './support/desk.js';
import type { BrokerProxy } from './support/proxy.js';
import {
  arrivals,
  arrived,
  deskBehindProxy,
  expectIds,
  ids,
  PLACING,
  resultsFor,
  tidy,
} from './support/scenes.js';

let desk: Desk;
let proxy: BrokerProxy;
beforeAll(async () => {
  ({ desk, proxy } = await deskBehindProxy());
});
afterEach(() => tidy(desk));
afterAll(async () => {
  await desk?.close();
  proxy?.close();
});

test('Discord answers the result’s post with a 429 page for 25 s: the preview shows the ids, the trader is told directly, the channel gets them once', async () => {
  const channel = desk.discord.channelIds.trading;
  const news = await arrivals(desk);
  const position = await desk.positionId('QQQ', 'Senex Trident');
  const preview = await desk.preview(position);
  await desk.trader.faults.add({
    kind: '429-page',
    route: `POST /channels/${channel}/messages`,
    retry_after: 25,
  });
  await desk.trader.press(preview, 'Submit');
  const orders = await arrived(news, 3);
  await desk.trader.waitForEdit(preview, (each) =>
    ids(orders).every((id) => each.content.includes(String(id))),
  );
  const direct = await desk.trader.waitForMessage(
    (message) => message.channel_id !== channel && textOf(message).includes('Order '),
    { timeoutMs: 20_000, after: preview },
  );
  expectIds(direct, orders);
  expect(direct.content).toContain('these are the same orders');
  expect(await resultsFor(desk, position)).toHaveLength(0);
  const late = await desk.trader.waitForMessage(
    (message) => message.channel_id === channel && textOf(message).includes('Order '),
    { timeoutMs: 60_000, after: preview },
  );
  expectIds(late, orders);
  // Both are kept true from then on, and the channel has it once.
  await desk.trader.waitForEdit(direct, (each) => textOf(each).includes('Live'), 60_000);
  expect(await resultsFor(desk, position)).toHaveLength(1);
});

test('an edit of the preview that Discord lets wait doesn’t keep the ids from its line', async () => {
  const news = await arrivals(desk);
  const preview = await desk.preview(await desk.positionId('QQQ', 'Senex Trident'));
  const answers = proxy.hold('answer', 'POST', PLACING);
  await desk.trader.faults.add({ kind: 'slow', route: 'PATCH /webhooks/', ms: 30_000 });
  await desk.trader.press(preview, 'Submit');
  await until(async () => answers.caught === 3);
  await until(async () => (await desk.trader.faults.list())[0]?.fired === 1);
  answers.release();
  const orders = await arrived(news, 3);
  await desk.trader.waitForEdit(
    preview,
    (each) => ids(orders).every((id) => each.content.includes(String(id))),
    20_000,
  );
});
