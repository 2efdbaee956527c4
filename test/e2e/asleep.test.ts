import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Desk, textOf, until } from './support/desk.js';
import { arrivals, cutStream, mendStream } from './support/scenes.js';

/** Longer than an order may wait for its request after the press. */
const ASLEEP_MS = 32_000;

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

test('a machine that falls asleep between the press and the request sends nothing on waking, and says so', async () => {
  const news = await arrivals(desk);
  const preview = await desk.preview(await desk.positionId('QQQ', 'Senex Trident'));
  // Without a live stream the account is read before anything leaves, and that read is when it falls asleep.
  await cutStream(desk);
  await desk.admin.fault({ kind: 'slow-answer', path: '/positions$', ms: 3_000, times: null });
  await desk.admin.resetCounts();
  await desk.trader.press(preview, 'Submit');
  await until(async () =>
    Object.keys(await desk.admin.counts()).some((route) => route.endsWith('/positions')),
  );
  desk.bot.suspend();
  await sleep(ASLEEP_MS);
  await desk.admin.clearFaults();
  desk.bot.resume();

  const told = textOf(await desk.result(preview, 60_000));
  expect(told).toContain('0 of 3 GTC orders placed');
  expect(told).toContain('Not sent: ');
  expect(await news()).toEqual([]);
  await mendStream(desk);
});
