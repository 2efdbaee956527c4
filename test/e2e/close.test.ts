import type { Message } from '@profit-target/local-discord/client';
import type { PaperReceived } from '@profit-target/paper-broker/client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buttonsOf, contentOf, Desk, textOf, until } from './support/desk.js';
import {
  arrivals,
  arrived,
  closingBody,
  expectCovered,
  ids,
  isCancel,
  isExit,
  isFill,
  openingOrder,
  privately,
  resultFor,
  tidy,
  working,
} from './support/scenes.js';

/* A position is closed now: what holds its contracts ends first, and what leaves closes no more than is held then. */

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterEach(() => tidy(desk));
afterAll(() => desk?.close());

const DELETE = { method: 'DELETE', path: '/orders/' };

/** A position's targets, working; their ids. */
async function covered(position: string): Promise<number[]> {
  const news = await arrivals(desk);
  const preview = await desk.preview(position);
  await desk.trader.press(preview, 'Submit');
  await resultFor(desk, position, preview);
  const orders = ids(await arrived(news, 1));
  await until(
    async () =>
      (await working(desk)).filter(({ id, status }) => orders.includes(id) && status === 'Live').length ===
      orders.length,
  );
  return orders;
}

/** Whether the broker was asked to cancel it. */
async function asked(order: number): Promise<boolean> {
  const routes = Object.keys(await desk.admin.counts());
  return routes.some((route) => route.startsWith('DELETE') && route.endsWith(`/${order}`));
}

async function statusOf(order: number): Promise<string | undefined> {
  return (await desk.admin.orders()).find(({ id }) => id === order)?.status;
}

async function held(symbol: string): Promise<number> {
  const { positions } = await desk.admin.snapshot();
  return Math.abs(Number(positions.find((each) => each.symbol === symbol)?.quantity ?? 0));
}

/** `Buy to Close 2` for each leg of an order that was sent. */
const legsOf = ({ body }: PaperReceived) =>
  (body.legs as { action: string; quantity: number }[]).map(
    ({ action, quantity }) => `${action} ${quantity}`,
  );

const symbolsOf = ({ body }: PaperReceived) =>
  (body.legs as { symbol: string }[]).map(({ symbol }) => symbol);

const told = (order: number, words: string, after: Message) =>
  desk.trader.waitForMessage(
    (each) => isCancel(each) && textOf(each).includes(`Order ${order}`) && textOf(each).includes(words),
    { after, timeoutMs: 60_000 },
  );

test('a whole Trident: its targets are named and end first, then one order closes it in the proportion held; a step brings that nearer', async () => {
  const position = await desk.positionId('QQQ', 'Senex Trident');
  const targets = await covered(position);
  expect(targets).toHaveLength(3);
  const news = await arrivals(desk);
  // The ids may be told before the database has let go of their contracts.
  const preview = await until(async () => {
    const shown = await desk.ask('close', { position });
    return buttonsOf(shown)[0]?.startsWith('Submit') && shown;
  });
  expect(contentOf(preview)).toMatch(/^\*\*Close #\d+ QQQ Senex Trident\*\*/);
  for (const order of targets) expect(contentOf(preview)).toContain(`**Order ${order}**`);
  expect(contentOf(preview)).toMatch(
    /Market now: you pay mid [\d.]+ · mark [\d.]+ · natural [\d.]+ · quoted <t:\d+:R>/,
  );
  expect(buttonsOf(preview)).toEqual([
    expect.stringMatching(/^Submit: cancel 3, then close at \d+\.\d\d$/),
    'Mid',
    'Mark',
    'Natural',
    'Price…',
    'Refresh',
    'Discard',
  ]);
  await desk.viewer.waitForEdit(preview, (each) => buttonsOf(each).length > 0);
  await desk.viewer.press(preview, 'Submit');
  await privately(desk.viewer, 'for this server’s traders', preview);

  await desk.trader.press(preview, 'Submit');
  const [sent] = (await arrived(news, 1)) as [PaperReceived];
  for (const order of targets) expect(await statusOf(order)).toBe('Cancelled');
  expect(legsOf(sent).sort()).toEqual([
    'Buy to Close 1',
    'Buy to Close 2',
    'Sell to Close 1',
    'Sell to Close 2',
  ]);
  expect(sent.body).toMatchObject({ 'order-type': 'Limit', 'time-in-force': 'GTC', 'price-effect': 'Debit' });
  const result = await resultFor(desk, position, preview);
  const rests = await desk.trader.waitForEdit(result, (each) => buttonsOf(each).includes('Step…'), 30_000);
  await expectCovered(desk);

  const nearer = await desk.trader.answer(await desk.trader.press(rests, 'Step…'), 30_000);
  const price = Number(sent.body.price) + 0.01;
  expect(contentOf(nearer)).toContain(`You pay **${price.toFixed(2)}**`);
  expect(contentOf(nearer)).toContain(`**Order ${sent.orderId}**`);
  await desk.trader.press(nearer, `Submit: cancel ${sent.orderId}, then close at`);
  const [, second] = await arrived(news, 2);
  expect(Number(second?.body.price)).toBeCloseTo(price, 6);
  expect(await statusOf(sent.orderId ?? 0)).toBe('Cancelled');
  await expectCovered(desk);
});

test('without targets: at the natural price it fills at once, and is told with what it made', async () => {
  const position = await desk.positionId('SPX', 'Bull put');
  const news = await arrivals(desk);
  const preview = await desk.ask('close', { position, at: 'mid' });
  expect(contentOf(preview)).toContain('away from the natural price');
  await desk.trader.press(preview, 'Natural');
  const natural = await desk.trader.waitForEdit(preview, (each) => contentOf(each).includes('Fills at once'));
  expect(contentOf(natural)).toMatch(/Fees \$\d+\.\d\d · buying power \+\$/);
  expect(buttonsOf(natural)[0]).toMatch(/^Submit: close at \d+\.\d\d$/);
  await desk.trader.press(natural, 'Submit');
  await arrived(news, 1);
  await resultFor(desk, position, preview);
  await desk.trader.waitForMessage((each) => isFill(each) && contentOf(each).includes(`#${position} SPX`), {
    after: preview,
    timeoutMs: 30_000,
  });
  const again = await desk.trader.command('close', { position });
  expect(textOf(await desk.trader.answer(again, 30_000))).toContain(`no open position #${position}`);
});

test('a fill that wins the race is told as one and stops the close, and nothing else is sent meanwhile; a halt keeps everything', async () => {
  const position = await desk.positionId('IWM', 'Iron condor');
  const [only = 0] = await covered(position);
  const halted = await desk.ask('close', { position });
  await desk.ask('halt');
  await desk.trader.press(halted, 'Submit');
  await privately(desk.trader, 'halted', halted);
  expect(await statusOf(only)).toBe('Live');
  const resume = await desk.ask('resume');
  await desk.trader.press(resume, 'Yes, resume');
  await desk.trader.waitForEdit(resume, ({ content }) => content.includes('Sending is resumed'));

  const news = await arrivals(desk);
  const preview = await desk.ask('close', { position });
  await desk.admin.fault({ kind: 'latency', ...DELETE, ms: 2_000 });
  await desk.trader.press(preview, 'Submit');
  await until(() => asked(only));
  // Meanwhile nothing else can be sent for these contracts.
  const other = await desk.ask('close', { position });
  expect(contentOf(other)).toContain('still being placed or looked for');
  await desk.admin.fill(only);
  await told(only, 'Filled before', preview);
  const ended = await desk.trader.waitForEdit(
    preview,
    (each) => buttonsOf(each).includes('Fresh preview'),
    30_000,
  );
  expect(contentOf(ended)).toContain(`the broker has it as Filled`);
  expect(await news()).toEqual([]);
});

test('a limit with its stop ends through the order they are both part of', async () => {
  const opening = await openingOrder(desk, 'QQQ', 2);
  const position = await desk.positionId('QQQ', 'Bull call');
  const limit = { ...closingBody(opening, 2, '9.90'), 'price-effect': 'Credit' };
  const stop = { ...limit, price: '0.05', 'order-type': 'Stop Limit', 'stop-trigger': '0.10' };
  const { id, orders } = await desk.admin.placeOco([limit, stop]);
  const news = await arrivals(desk);
  const preview = await desk.ask('close', { position, portion: '1/2' });
  for (const order of orders) expect(contentOf(preview)).toContain(`**Order ${order.id}**`);
  expect(contentOf(preview)).toContain('1 of 2 stands without a target afterwards');
  await desk.trader.press(preview, 'Submit');
  const [sent] = (await arrived(news, 1)) as [PaperReceived];
  expect(legsOf(sent).sort()).toEqual(['Buy to Close 1', 'Sell to Close 1']);
  expect([await asked(id), ...(await Promise.all(orders.map((order) => asked(order.id))))]).toEqual([
    true,
    false,
    false,
  ]);
  await expectCovered(desk);
});

test('what fills before the end of an order is taken off the close', async () => {
  const position = await desk.positionId('NVDA', 'Long call');
  const [only = 0] = await covered(position);
  const news = await arrivals(desk);
  const preview = await desk.ask('close', { position, at: 'natural' });
  await desk.admin.fault({ kind: 'latency', ...DELETE, ms: 2_000 });
  await desk.trader.press(preview, 'Submit');
  await until(() => asked(only));
  await desk.admin.fill(only, 1);
  const [sent] = (await arrived(news, 1)) as [PaperReceived];
  expect(legsOf(sent)).toEqual(['Sell to Close 1']);
  await told(only, '1 of 2 had filled before', preview);
  await until(async () => (await held(symbolsOf(sent)[0] ?? '')) === 0);
  expect(await news()).toHaveLength(1);
});

test('killed between the cancel and the close: nothing is placed, both are told, and a fresh preview goes on', async () => {
  const position = await desk.positionId('SPX', 'Senex Trident');
  const [only = 0] = await covered(position);
  const news = await arrivals(desk);
  const preview = await desk.ask('close', { position });
  await desk.admin.fault({ kind: 'latency', ...DELETE, ms: 2_000 });
  await desk.trader.press(preview, 'Submit');
  await desk.trader.waitForEdit(preview, (each) => contentOf(each).includes('is being cancelled'), 30_000);
  await until(() => asked(only));
  await desk.admin.fault({ kind: 'latency', method: 'GET', path: '/positions$', ms: 20_000, times: null });
  await until(async () => (await statusOf(only)) === 'Cancelled');
  await desk.bot.kill9();
  await desk.admin.clearFaults();
  await desk.trader.waitForBot(false, 30_000);
  await desk.startBot();
  const cancelled = await told(only, 'Cancelled.', preview);
  await desk.trader.waitForMessage((each) => textOf(each).includes('before it was sent'), {
    after: preview,
    timeoutMs: 30_000,
  });
  await desk.trader.waitForEdit(cancelled, (each) => buttonsOf(each).includes('Set target again'), 60_000);
  expect(await news()).toEqual([]);

  const fresh = await desk.trader.waitForEdit(
    preview,
    (each) => buttonsOf(each).includes('Fresh preview'),
    60_000,
  );
  await desk.trader.press(fresh, 'Fresh preview');
  await desk.trader.waitForEdit(
    preview,
    (each) => /^Submit: close at/.test(buttonsOf(each)[0] ?? ''),
    30_000,
  );
  await desk.trader.press(preview, 'Submit');
  await arrived(news, 1);
  await expectCovered(desk);
});

test('a rule: a position that has come to its days is shown once with its close, which one press sends; over restarts, and never by itself', async () => {
  const settings = async (options: Record<string, string | boolean>, user = desk.trader) =>
    textOf(await user.answer(await user.command('settings', options, { sub: 'exit' }), 30_000));
  const cards = async () =>
    (await desk.trader.messages(desk.discord.channelIds.trading, 1000)).filter(isExit);
  const cardOf = (id: string) =>
    desk.trader.waitForMessage(
      (each) =>
        isExit(each) && new RegExp(`Exit #${id} `).test(contentOf(each)) && buttonsOf(each).length === 2,
      { timeoutMs: 60_000 },
    );
  const news = await arrivals(desk);
  const one = await desk.positionId('MSFT', 'Bull put vertical');
  const other = await desk.positionId('TSLA', 'Bull put vertical');
  // Whatever day this runs on: there was a session on one of the last five.
  const shown = contentOf(await desk.ask('positions')).matchAll(/\((\d+) DTE\)/g);
  const days = [...shown].map(([, each]) => Number(each) + 5);
  expect(await settings({})).toContain('Exit before expiry: off');
  expect(await settings({ dte: '21' }, desk.viewer)).toContain('for this server’s traders');
  expect(await settings({ dte: 'soon' })).toContain('soon');
  expect(await cards()).toEqual([]);
  const limits = [...new Set(days)].slice(0, 5).join(', ');
  expect(await settings({ dte: limits })).toContain('DTE** in <#');

  const first = await cardOf(one);
  expect(contentOf(first)).toMatch(
    new RegExp(`^<@${desk.trader.id}> \\*\\*Exit #${one} MSFT Bull put vertical.*\\?\\*\\*`),
  );
  expect(contentOf(first)).toMatch(/\*\*[+−]\$[\d.,]+\*\* so far\n/);
  expect(contentOf(first)).toMatch(/So far at the marks, before fees · .* a day over \d+ days?/);
  expect(contentOf(first)).toMatch(
    /Your rule: \d+ days before expiration\. It came to \d+ DTE on \w{3} \d+ \w{3}\./,
  );
  expect(contentOf(first)).toContain('I haven’t noted');
  expect(contentOf(first)).toContain('I never send it by myself');
  expect(buttonsOf(first)).toEqual([expect.stringMatching(/^Submit: close at [\d.]+$/), 'Other price…']);
  expect(await news()).toEqual([]);
  await desk.trader.press(first, 'Submit: close at');
  const [order] = (await arrived(news, 1)) as [PaperReceived];
  expect(legsOf(order)).toHaveLength(2);
  expect(contentOf(await resultFor(desk, one, first))).toContain(`**Order ${order.orderId}**`);

  // What somebody is closing is offered no more.
  await desk.trader.waitForEdit(
    first,
    (each) => contentOf(each).includes('to close it') || contentOf(each).includes('closed by now'),
    60_000,
  );
  expect(buttonsOf(desk.trader.current(first)).filter((label) => label.startsWith('Submit'))).toEqual([]);

  // After a crash it stands where it stood; what it shows has aged by then, and the press shows it anew.
  const second = await cardOf(other);
  await desk.bot.kill9();
  await desk.trader.waitForBot(false, 30_000);
  await desk.startBot({ PREVIEW_TTL_SECONDS: '10' });
  await until(async () => {
    const { edited_timestamp: edited, timestamp } = desk.trader.current(second);
    return Date.now() - Date.parse(edited ?? timestamp) > 11_000;
  });
  await desk.trader.press(second, 'Submit');
  const preview = await desk.trader.waitForMessage(
    (each) => contentOf(each).includes('nothing was sent') && contentOf(each).includes(`Close #${other}`),
    { timeoutMs: 30_000 },
  );
  expect(buttonsOf(preview)[0]).toMatch(/^Submit: close at/);
  expect(await news()).toHaveLength(1);
  const marks = (await cards()).map(({ embeds }) => embeds[0]?.footer?.text);
  expect(new Set(marks).size).toBe(marks.length);
  expect(await settings({ off: true })).toContain('off');
});
