import type { Message } from '@profit-target/local-discord/client';
import type { PaperOrder } from '@profit-target/paper-broker/client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buttonsOf, contentOf, Desk, until } from './support/desk.js';
import { arrivals, closingBody, isLost, openingOrder, resultFor, tidy, working } from './support/scenes.js';

/** A stop beside the target: one OCO, from the preview to what its fill did. */
let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ settings: { SETTLE_SECONDS: '5' } });
});
afterEach(async () => {
  await tidy(desk);
  await desk.admin.brackets({});
});
afterAll(() => desk?.close());

const LONG_WAIT = 60_000;

/** The orders that were placed since, with their ids. */
async function placedSince(before: readonly PaperOrder[]): Promise<PaperOrder[]> {
  const known = new Set(before.map(({ id }) => id));
  return (await desk.admin.orders()).filter(({ id }) => !known.has(id));
}

/** Waits until a message says it, also if it does already. */
async function says(message: Message, text: string): Promise<Message> {
  const said = (each: Message) => contentOf(each).includes(text);
  const now = (await desk.trader.messages(desk.discord.channelIds.trading, 1000)).find(
    ({ id }) => id === message.id,
  );
  return now && said(now) ? now : desk.trader.waitForEdit(message, said, LONG_WAIT);
}

async function fillOf(order: number): Promise<Message> {
  const named = ({ content }: Message) =>
    content.includes(`**Order ${order}**`) && content.includes('filled at');
  return desk.trader.waitForMessage(named, { timeoutMs: LONG_WAIT });
}

/** A preview with a stop, submitted: what was shown, the orders as target and stop, and the message with their ids. */
async function submitted(position: string, stop: string) {
  const before = await desk.admin.orders();
  const news = await arrivals(desk);
  const preview = await desk.preview(position, { stop });
  await desk.trader.press(preview, 'Submit');
  const result = await resultFor(desk, position, preview);
  const orders = await placedSince(before);
  const pairs = orders
    .filter((order) => order['order-type'] === 'Limit')
    .map((target) => {
      const other = orders.find(
        (order) => order !== target && order['complex-order-id'] === target['complex-order-id'],
      );
      return [target, other as PaperOrder] as const;
    });
  return { preview, pairs, orders, result, sent: await news() };
}

test('each target of a Trident leaves with its stop as one order; the fill of one is told with the end of the other', async () => {
  const position = await desk.positionId('QQQ', 'Senex Trident');
  const { preview, pairs, orders, result, sent } = await submitted(position, '75');
  const shown = contentOf(preview);
  expect(shown).toContain('3 orders with stops');
  expect(
    shown.match(/🧷 Stop 75 % of credit lost: wakes up at \*\*[\d.]+\*\*, then you pay at most/g),
  ).toHaveLength(3);
  expect(shown).toContain('the fill of one cancels the other');
  expect(buttonsOf(preview)).toContain('Submit 6 GTC orders');
  expect(sent).toHaveLength(3);
  expect([orders.length, pairs.length]).toEqual([6, 3]);
  for (const [target, stop] of pairs) {
    expect([target['time-in-force'], stop['order-type'], stop['time-in-force']]).toEqual([
      'GTC',
      'Stop Limit',
      'GTC',
    ]);
    expect(shown).toContain(`**${Number(stop['stop-trigger']).toFixed(2)}**`);
    expect(contentOf(result)).toContain(`**Order ${target.id}** · beside its stop, order ${stop.id}`);
    expect(contentOf(result)).toContain(`**Order ${stop.id}** · beside its target, order ${target.id}`);
  }
  expect(contentOf(result)).toContain('**6 GTC orders placed**');
  // Counted once: nothing is left to cover, and nothing is covered twice.
  expect(contentOf(await desk.preview(position))).toContain(
    'Everything is covered by working orders already',
  );

  const [target, stop] = pairs[0] as (typeof pairs)[number];
  await says(result, 'Live');
  await desk.admin.fill(target.id);
  const fill = await says(await fillOf(target.id), `Its stop, order ${stop.id}, ended with it.`);
  expect(contentOf(fill).split('\n')[0]).toMatch(/\+\$/);
  const told = await says(
    result,
    `Cancelled by the broker with the fill of order ${target.id}, as was meant.`,
  );
  expect(contentOf(told)).not.toContain('no longer working');
  expect(buttonsOf(told)).toEqual(['Cancel them…']);

  expect((await desk.trader.messages(desk.discord.channelIds.trading, 1000)).filter(isLost)).toEqual([]);

  // The rest ends through the complex orders alone.
  await desk.admin.resetCounts();
  const question = await desk.ask('cancel', { position });
  await desk.trader.press(question, 'Cancel these');
  await until(async () =>
    (await placedSince([])).every(
      ({ id, status }) => !orders.some((each) => each.id === id) || /Filled|Cancelled/.test(status),
    ),
  );
  const deletes = Object.keys(await desk.admin.counts()).filter((each) => each.startsWith('DELETE'));
  expect(deletes).toHaveLength(2);
  for (const each of deletes) expect(each).toContain('/complex-orders/');
});

test('where the broker refuses it for spreads, its reason is shown and the target alone is offered; a single leg keeps its stop', async () => {
  await desk.admin.brackets({ refuseSpreads: true });
  const condor = await desk.positionId('IWM', 'Iron condor');
  const { preview, orders, sent } = await submitted(condor, '50');
  expect(contentOf(preview)).toContain(
    '⚠️ **No stop, the target alone:** The broker would refuse the pair: OCO orders are not available for multi-leg options.',
  );
  expect(contentOf(preview)).not.toContain('🧷');
  expect(buttonsOf(preview)).toContain('Submit 1 GTC order');
  expect([sent.length, orders.length, orders[0]?.['complex-order-id']]).toEqual([1, 1, undefined]);

  const call = await desk.positionId('NVDA', 'Long call');
  const { pairs, result } = await submitted(call, '50%');
  const [target, stop] = pairs[0] as (typeof pairs)[number];
  expect([target['price-effect'], stop['price-effect']]).toEqual(['Credit', 'Credit']);
  expect(Number(stop.price)).toBeLessThan(Number(stop['stop-trigger']));

  // The stop is what fills: the loss is told with the end of the target.
  await says(result, 'Live');
  await desk.admin.fill(stop.id);
  const fill = await says(await fillOf(stop.id), `Its target, order ${target.id}, ended with it.`);
  expect(contentOf(fill)).toContain('stop filled at');
  expect(contentOf(fill)).toMatch(/−\$[\d,.]+\*\*/);
  const told = await says(result, `Cancelled by the broker with the fill of order ${stop.id}, as was meant.`);
  expect(buttonsOf(told)).toEqual([]);
});

test('a pair whose answer is lost is found, both orders of it, and was sent once', async () => {
  const position = await desk.positionId('SPX', 'Bull put');
  const news = await arrivals(desk);
  const before = await desk.admin.orders();
  const preview = await desk.preview(position, { stop: '50' });
  await desk.admin.fault({ kind: 'drop-after-commit', method: 'POST', path: '/complex-orders$' });
  await desk.trader.press(preview, 'Submit');
  const first = await resultFor(desk, position, preview);
  expect(contentOf(first)).toContain('unknown');
  const found = await resultFor(desk, position, first, LONG_WAIT);
  const orders = await placedSince(before);
  expect(orders).toHaveLength(2);
  for (const { id } of orders) expect(contentOf(found)).toContain(`**Order ${id}**`);
  expect(contentOf(found)).toContain('**2 GTC orders placed**');
  expect(await news()).toHaveLength(1);
});

/** Contracts that working orders may still close, by symbol: of a pair only one fills. */
async function claimed(): Promise<Map<string, number>> {
  const byPair = new Map<unknown, Map<string, number>>();
  for (const order of await working(desk)) {
    const most = byPair.get(order['complex-order-id'] ?? order.id) ?? new Map<string, number>();
    byPair.set(order['complex-order-id'] ?? order.id, most);
    for (const { symbol, action, 'remaining-quantity': left } of order.legs) {
      if (action.endsWith('to Close')) most.set(symbol, Math.max(most.get(symbol) ?? 0, left));
    }
  }
  const total = new Map<string, number>();
  for (const each of byPair.values())
    for (const [symbol, contracts] of each) total.set(symbol, (total.get(symbol) ?? 0) + contracts);
  return total;
}

/** How many of an order's contracts are held, each of its legs. */
async function heldOf({ legs }: PaperOrder): Promise<number[]> {
  const { positions } = await desk.admin.snapshot();
  return legs.map(({ symbol }) =>
    Math.abs(Number(positions.find((each) => each.symbol === symbol)?.quantity ?? 0)),
  );
}

/* Nobody has written down what a part that fills does to the other order of a pair: the broker may do either. */

test('a part of the target fills and ends the stop: both are told, what is left counts as covered, and closes once', async () => {
  const position = await desk.positionId('QQQ', 'Bull call');
  const { pairs, result } = await submitted(position, '50');
  const [target, stop] = pairs[0] as (typeof pairs)[number];
  await says(result, 'Live');
  await desk.admin.fill(target.id, 1);
  const fill = await says(
    await fillOf(target.id),
    `Its stop, order ${stop.id}, works no more: the rest has no stop.`,
  );
  expect(contentOf(fill)).toContain('1 of 2 still work until filled or cancelled.');
  await says(result, `what order ${target.id} has left to close has **no stop**`);
  await until(async () => (await heldOf(target)).every((contracts) => contracts === 1));
  for (const { symbol } of target.legs) expect((await claimed()).get(symbol)).toBe(1);
  expect(contentOf(await desk.preview(position))).toContain(
    'Everything is covered by working orders already',
  );
  await desk.admin.fill(target.id);
  await says(result, 'Filled at');
  await until(async () => (await heldOf(target)).every((contracts) => contracts === 0));
});

test('a pair placed by hand is adopted whole; a part of the target fills and the stop works on: told so, counted once, closed once', async () => {
  await desk.admin.brackets({ partsKeep: true });
  const opening = await openingOrder(desk, 'IWM', 4);
  const { orders } = await desk.admin.placeOco([
    closingBody(opening, 2, '0.30'),
    { ...closingBody(opening, 2, '4.60'), 'order-type': 'Stop Limit', 'stop-trigger': '4.50' },
  ]);
  const [target, stop] = orders as [PaperOrder, PaperOrder];
  const adopt = `Adopt ${target.id} IWM 0.30 with stop ${stop.id}`;
  const points = await until(async () => {
    const answer = await desk.ask('reconcile');
    return buttonsOf(answer).includes(adopt) ? answer : null;
  });
  await desk.trader.press(points, adopt);
  const result = await desk.trader.waitForMessage(
    (each) => contentOf(each).includes('**2 GTC orders adopted**'),
    { after: points, timeoutMs: LONG_WAIT },
  );
  expect(contentOf(result)).toContain(`**Order ${target.id}** · beside its stop, order ${stop.id}`);
  expect(contentOf(result)).toContain(`**Order ${stop.id}** · beside its target, order ${target.id}`);
  const position = await desk.positionId('IWM', 'Iron condor');
  expect(contentOf(await desk.preview(position))).toContain(
    'Everything is covered by working orders already',
  );

  await desk.admin.fill(target.id, 1);
  const fill = await says(await fillOf(target.id), `Its stop, order ${stop.id}, still works`);
  expect(contentOf(fill)).toContain('1 of 2 still work until filled or cancelled.');
  expect((await desk.admin.orders()).find(({ id }) => id === stop.id)?.status).toBe('Live');
  expect(contentOf(await desk.preview(position))).toContain(
    'Everything is covered by working orders already',
  );
  // It was made for two, and one is held: whoever looks is told, and nobody has to remember.
  const again = contentOf(await desk.ask('reconcile'));
  expect(again).toContain(
    `Order ${target.id} (or ${stop.id}, stop limit at 4.50, limit 4.60: one cancels the other) may close more`,
  );

  await desk.admin.fill(target.id);
  await says(fill, `Its stop, order ${stop.id}, ended with it.`);
  await says(result, `Cancelled by the broker with the fill of order ${target.id}, as was meant.`);
  await until(async () => (await heldOf(target)).every((contracts) => contracts === 0));
  expect(
    (await desk.trader.messages(desk.discord.channelIds.trading, 1000))
      .filter(isLost)
      .filter(({ content }) => content.includes(`**Order ${stop.id}**`)),
  ).toEqual([]);
});
