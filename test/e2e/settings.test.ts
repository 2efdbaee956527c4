import type { Message } from '@profit-target/local-discord/client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buttonsOf, Desk, textOf } from './support/desk.js';
import { arrivals, arrived, expectIds, privately, resultFor, tidy } from './support/scenes.js';

/*
 * What settings allow, over restarts of the bot on one database: a preview made under one setting meets another.
 */

const TRADER_ROLE = '1214219564351488002';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterEach(() => tidy(desk));
afterAll(() => desk?.close());

let settings: Record<string, string> = {};

async function restart(next: Record<string, string>): Promise<void> {
  await desk.bot.stop();
  await desk.trader.waitForBot(false, 30_000);
  await desk.startBot(next);
  settings = next;
}

/** The bot with these settings; started again only where it has others. */
async function under(wanted: Record<string, string>): Promise<void> {
  if (JSON.stringify(wanted) !== JSON.stringify(settings)) await restart(wanted);
}

function submits(message: Message): boolean {
  return buttonsOf(message).some((label) => label.startsWith('Submit'));
}

test('a preview made before a restart is sent as shown, once, after a fresh look at the account', async () => {
  const news = await arrivals(desk);
  await under({});
  const position = await desk.positionId('QQQ', 'Senex Trident');
  const preview = await desk.preview(position);
  await restart({});
  await desk.trader.press(preview, 'Submit');
  expectIds(await resultFor(desk, position, preview), await news());
  expect(await news()).toHaveLength(3);
  expect(desk.trader.current(preview).components).toHaveLength(0);
});

test('READ_ONLY: no preview offers Submit, and a Submit from before is refused in private', async () => {
  const news = await arrivals(desk);
  await under({});
  const old = await desk.preview(await desk.positionId('SPX', 'Bull put'));
  await restart({ READ_ONLY: 'true' });
  const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
  expect(textOf(preview)).toContain('Read-only mode: nothing can be sent.');
  expect(submits(preview)).toBe(false);
  await desk.trader.press(old, 'Submit');
  const no = await privately(desk.trader, 'read-only mode', preview);
  expect(textOf(no)).toContain('nothing was sent');
  expect(textOf(await desk.ask('status'))).toContain('off: read-only mode');
  expect(await news()).toHaveLength(0);
});

test('with no traders named nobody may trade, and the bot says so at once, at the press and in /status', async () => {
  const news = await arrivals(desk);
  await under({});
  const old = await desk.preview(await desk.positionId('SPX', 'Bull put'));
  expect(submits(old)).toBe(true);
  await restart({ TRADER_USER_IDS: '', TRADER_ROLE_IDS: '', VIEWER_USER_IDS: '*' });
  const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
  expect(textOf(preview)).toContain('Nobody may place orders yet');
  expect(submits(preview)).toBe(false);
  await desk.trader.press(old, 'Submit');
  await privately(desk.trader, 'Nobody may place orders with this bot yet, so nothing was sent', preview);
  expect(textOf(await desk.ask('status'))).toContain('off: nobody is named');
  expect(await news()).toHaveLength(0);
});

test('rights by role count at the press: taken away between, nothing is sent; given back, it is', async () => {
  const news = await arrivals(desk);
  await restart({ TRADER_USER_IDS: '', TRADER_ROLE_IDS: TRADER_ROLE });
  const position = await desk.positionId('SPX', 'Bull put');
  const preview = await desk.preview(position);
  await desk.trader.changeWorld({ members: [{ user: desk.trader.id, roles: [] }] });
  await desk.trader.press(preview, 'Submit');
  await privately(desk.trader, 'Traders only', preview);
  expect(await news()).toHaveLength(0);
  expect(submits(desk.trader.current(preview))).toBe(true);

  await desk.trader.changeWorld({ members: [{ user: desk.trader.id, roles: [TRADER_ROLE] }] });
  await desk.trader.press(preview, 'Submit');
  await resultFor(desk, position, preview);
  expect(await news()).toHaveLength(1);
});

test('MAX_ORDER_CONTRACTS refuses a larger order before anything is offered; a ladder fits under it', async () => {
  const news = await arrivals(desk);
  await under({ MAX_ORDER_CONTRACTS: '1', PREVIEW_TTL_SECONDS: '10' });
  const position = await desk.positionId('IWM', 'Iron condor');
  const refused = await desk.preview(position);
  expect(textOf(refused)).toContain('more than the limit of 1');
  expect(buttonsOf(refused)).toEqual([]);
  const ladder = await desk.preview(position, { ladder: '40,60' });
  await desk.trader.press(ladder, 'Submit');
  for (const { body } of await arrived(news, 2)) {
    for (const leg of body.legs as { quantity: number }[]) expect(leg.quantity).toBe(1);
  }
  await resultFor(desk, position, ladder);
  expect(await news()).toHaveLength(2);
});

test('when its time is up a preview loses its buttons and says so; a fresh one works', async () => {
  const news = await arrivals(desk);
  await under({ MAX_ORDER_CONTRACTS: '1', PREVIEW_TTL_SECONDS: '10' });
  const position = await desk.positionId('SPX', 'Bull put');
  const preview = await desk.preview(position);
  expect(textOf(preview)).toMatch(/expires <t:\d+:R>/);
  const ended = await desk.trader.waitForEdit(preview, (each) => each.content.includes('expired'), 40_000);
  expect(ended.content).toContain('No order was sent.');
  expect(buttonsOf(ended)).toEqual(['Fresh preview']);
  expect(await news()).toHaveLength(0);

  await desk.trader.press(preview, 'Fresh preview');
  await desk.trader.waitForEdit(preview, submits, 30_000);
  await desk.trader.press(preview, 'Submit');
  await resultFor(desk, position, preview);
  expect(await news()).toHaveLength(1);
});

test('a press after expiry sends nothing though its button is still there, and offers a fresh preview', async () => {
  const news = await arrivals(desk);
  await under({ MAX_ORDER_CONTRACTS: '1', PREVIEW_TTL_SECONDS: '10' });
  const position = await desk.positionId('QQQ', 'Senex Trident');
  const preview = await desk.preview(position);
  // Nobody is there to take the button away in time.
  await desk.bot.kill9();
  await desk.trader.waitForBot(false, 30_000);
  const expires = Number(/expires <t:(\d+):R>/.exec(textOf(preview))?.[1]) * 1000;
  expect(expires).toBeGreaterThan(0);
  await desk.startBot({ PREVIEW_TTL_SECONDS: '120' });
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, expires + 1_000 - Date.now())));
  expect(submits(desk.trader.current(preview))).toBe(true);

  await desk.trader.press(preview, 'Submit');
  const ended = await desk.trader.waitForEdit(preview, (each) => each.content.includes('expired'), 30_000);
  expect(ended.content).toContain('nothing was sent');
  expect(buttonsOf(ended)).toEqual(['Fresh preview']);
  expect(await news()).toHaveLength(0);

  await desk.trader.press(preview, 'Fresh preview');
  // In place or below: killed that early, the bot may not have noted where it showed the old one.
  const fresh = await desk.trader.waitForMessage(
    (each) => submits(each) && BigInt(each.id) >= BigInt(preview.id),
    { timeoutMs: 30_000 },
  );
  await desk.trader.press(fresh, 'Submit');
  await resultFor(desk, position, preview);
  expect(await news()).toHaveLength(3);
});
