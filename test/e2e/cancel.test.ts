import type { Message } from '@profit-target/local-discord/client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buttonsOf, contentOf, Desk, textOf, until } from './support/desk.js';
import {
  arrivals,
  arrived,
  closingBody,
  ids,
  isCancel,
  isFill,
  openingOrder,
  passListLag,
  privately,
  resultFor,
  tidy,
  working,
} from './support/scenes.js';

/* Working orders are ended by a press that is asked about first, once, and told as ended when the broker says so. */

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ settings: { SETTLE_SECONDS: '5' } });
});
afterEach(() => tidy(desk));
afterAll(() => desk?.close());

const DELETE = { method: 'DELETE', path: '/orders/' };

interface Placed {
  position: string;
  result: Message;
  orders: number[];
}

/** A position's targets, working. */
async function placed(underlying: string, strategy = 'Senex Trident'): Promise<Placed> {
  const news = await arrivals(desk);
  const position = await desk.positionId(underlying, strategy);
  const preview = await desk.preview(position);
  await desk.trader.press(preview, 'Submit');
  const result = await resultFor(desk, position, preview);
  const orders = ids(await arrived(news, 1));
  await until(
    async () =>
      (await working(desk)).filter(({ id, status }) => orders.includes(id) && status === 'Live').length ===
      orders.length,
  );
  return { position, result, orders };
}

/** Asks about one order, by the menu under the list of those that work. */
async function askAbout(order: number): Promise<Message> {
  const list = await desk.ask('orders');
  return desk.trader.answer(await desk.trader.select(list, String(order)), 30_000);
}

/** How often the broker was asked to cancel an order. */
async function deletes(order: number): Promise<number> {
  const counts = Object.entries(await desk.admin.counts());
  return (
    counts.flatMap(([route, count]) =>
      route.startsWith('DELETE') && route.endsWith(`/${order}`) ? [count] : [],
    )[0] ?? 0
  );
}

async function statusOf(order: number): Promise<string | undefined> {
  return (await desk.admin.orders()).find(({ id }) => id === order)?.status;
}

/** The message that tells what became of an order's cancel, once it says so. */
function told(order: number, words: string, after: Message): Promise<Message> {
  return desk.trader.waitForMessage(
    (message) =>
      isCancel(message) && textOf(message).includes(`Order ${order}`) && textOf(message).includes(words),
    { after, timeoutMs: 60_000 },
  );
}

test('one order: asked, kept; asked, confirmed once, told when the broker has ended it, with what stands uncovered', async () => {
  const { position, result, orders } = await placed('QQQ');
  const [first = 0, second = 0] = orders;
  const kept = await askAbout(first);
  expect(contentOf(kept)).toMatch(/^\*\*Cancel 1 order\?\*\* · #\d+ QQQ Senex Trident/);
  await desk.trader.press(kept, 'Keep it');
  await desk.trader.waitForEdit(kept, ({ content }) =>
    content.startsWith('Kept. Nothing was cancelled by this question.'),
  );

  const question = await askAbout(first);
  expect(contentOf(question)).toContain(`**Order ${first}**`);
  expect(contentOf(question)).toMatch(
    /\*\*Afterwards\*\*\n⚠️ #\d+ QQQ Senex Trident · working: \d+, \d+ · not everything is covered/,
  );
  await desk.viewer.waitForEdit(question, (each) => buttonsOf(each).length > 0);
  await desk.viewer.press(question, 'Cancel this order');
  await privately(desk.viewer, 'for this server’s traders', question);
  expect(await deletes(first)).toBe(0);

  await desk.trader.press(question, 'Cancel this order');
  const asked = await desk.trader.waitForEdit(question, (each) =>
    contentOf(each).startsWith('**Confirmed: cancel 1 order**'),
  );
  expect(buttonsOf(asked)).toEqual([]);
  const over = await told(first, 'Cancelled.', question);
  expect(contentOf(over)).toMatch(/^<@\d+> \*\*1 order cancelled\*\*/);
  const now = await desk.trader.waitForEdit(over, ({ content }) => content.includes('**As of'), 30_000);
  expect(contentOf(now)).toMatch(
    new RegExp(`⚠️ #${position} QQQ Senex Trident · working: .*not everything is covered`),
  );
  expect(await statusOf(first)).toBe('Cancelled');
  expect(await statusOf(second)).toBe('Live');
  expect(await deletes(first)).toBe(1);
  // One press leads on from there.
  const anew = await desk.trader.answer(await desk.trader.press(now, 'Set target again'), 30_000);
  expect(buttonsOf(anew)[0]).toBe('Submit 1 GTC order');
  // The journal has what the broker has; what has no target any more is named, with a way on.
  const points = await desk.ask('reconcile');
  expect(contentOf(points)).toMatch(/points to look at/);
  expect(contentOf(points)).toMatch(/✅ \d+ orders? of mine works? at the broker as written down/);
  // The message with the ids tells it too.
  await desk.trader.waitForEdit(result, (each) => buttonsOf(each).includes('Set target again'), 30_000);
});

test('all targets of a position, while sending is halted; the question is answered once, in its time, by whom it was asked', async () => {
  const { position, result, orders } = await placed('SPX', 'Bull put');
  const halted = await desk.ask('halt');
  expect(halted.content).toContain('Sending is halted');
  const question = await desk.ask('cancel', { position });
  for (const order of orders) expect(contentOf(question)).toContain(`**Order ${order}**`);
  expect(contentOf(question)).toMatch(/\*\*Afterwards\*\*\n⚠️ #\d+ SPX .* · no targets/);
  const yes = buttonsOf(question)[0] ?? '';
  await Promise.all([desk.trader.press(question, yes), desk.trader.press(question, yes)]);
  await privately(desk.trader, 'This press sent nothing more.', question);
  const over = await told(orders[0] ?? 0, 'Cancelled.', question);
  await desk.trader.waitForEdit(over, (each) => contentOf(each).includes(' · no targets'), 30_000);
  for (const order of orders) {
    expect(await statusOf(order)).toBe('Cancelled');
    expect(await deletes(order)).toBe(1);
  }
  await desk.trader.waitForEdit(result, (each) => buttonsOf(each).join() === 'Set target again', 30_000);
  const none = await desk.trader.command('cancel', { position });
  expect(textOf(await desk.trader.answer(none, 30_000))).toContain(`No target of #${position} works`);

  const resume = await desk.ask('resume');
  await desk.trader.press(resume, 'Yes, resume');
  await desk.trader.waitForEdit(resume, ({ content }) => content.includes('Sending is resumed'));
});

test('a fill that wins the race is told as a fill', async () => {
  const { result, orders } = await placed('IWM', 'Iron condor');
  const [only = 0] = orders;
  const other = await askAbout(only);
  const question = await desk.trader.answer(await desk.trader.press(result, 'Cancel it…'), 30_000);
  await desk.admin.fault({ kind: 'latency', ...DELETE, ms: 2_000 });
  await desk.trader.press(question, 'Cancel this order');
  await until(async () => (await deletes(only)) === 1);
  await desk.admin.fill(only);
  const first = await told(only, 'Filled before a cancel could reach it.', question);
  expect(contentOf(first)).toMatch(/^<@\d+> \*\*1 order filled first\*\*/);
  await desk.trader.waitForMessage(
    (message) => isFill(message) && textOf(message).includes(`Order ${only}`),
    {
      after: question,
      timeoutMs: 30_000,
    },
  );
  // Whoever is asked about it still, is asked no more.
  const over = (each: Message) => contentOf(each).startsWith('**Nothing left to cancel:**');
  expect(buttonsOf(await desk.trader.waitForEdit(other, over, 30_000))).toEqual([]);
  await desk.trader.waitForEdit(question, (each) => textOf(each).includes('filled first'), 30_000);
});

test('lost answers: what arrived is told as cancelled; what never did as still working, and can be asked anew', async () => {
  const { orders } = await placed('QQQ');
  const [first = 0, second = 0] = orders.slice(-2);
  const one = await askAbout(first);
  await desk.admin.fault({ kind: 'drop-after-commit', ...DELETE });
  await desk.trader.press(one, 'Cancel this order');
  await told(first, 'Cancelled.', one);
  expect(await deletes(first)).toBe(1);

  const two = await askAbout(second);
  await desk.admin.fault({ kind: 'drop-before-commit', ...DELETE });
  await desk.trader.press(two, 'Cancel this order');
  const unknown = await told(second, 'Unknown whether the cancel arrived', two);
  const no = await desk.trader.waitForEdit(unknown, (each) => textOf(each).includes('Not cancelled'), 60_000);
  expect(textOf(no)).toContain('It still works (Live).');
  expect(await deletes(second)).toBe(1);
  const again = await desk.trader.answer(await desk.trader.press(no, `Cancel ${second} again`), 30_000);
  await desk.trader.press(again, 'Cancel this order');
  await told(second, 'Cancelled.', again);
});

test('killed while the request is under way: a new run reads how the order stands and says so, and sends nothing', async () => {
  const { orders } = await placed('SPX', 'Bull put');
  const [only = 0] = orders;
  const question = await askAbout(only);
  await desk.admin.fault({ kind: 'hang-before-commit', ...DELETE });
  await desk.trader.press(question, 'Cancel this order');
  await until(async () => (await deletes(only)) === 1);
  await desk.bot.kill9();
  await desk.trader.waitForBot(false, 30_000);
  await desk.startBot();
  const no = await told(only, 'Not cancelled', question);
  expect(textOf(no)).toContain('none arrived');
  expect(await deletes(only)).toBe(1);
  // The question of the former run was answered, and says how that ended.
  const answered = await desk.trader.waitForEdit(question, (each) => textOf(each).includes('not cancelled'));
  expect(buttonsOf(answered)).toEqual([]);

  const again = await desk.trader.answer(await desk.trader.press(no, `Cancel ${only} again`), 30_000);
  await desk.admin.fault({ kind: 'hang-after-commit', ...DELETE });
  await desk.trader.press(again, 'Cancel this order');
  await until(async () => (await statusOf(only)) === 'Cancelled');
  await desk.bot.kill9();
  await desk.trader.waitForBot(false, 30_000);
  await desk.startBot();
  await told(only, 'Cancelled.', again);
  expect(await deletes(only)).toBe(2);
});

/** Asks for another price of a working order; the preview of it. */
async function changed(order: number, price: string): Promise<Message> {
  const question = await askAbout(order);
  const modal = await desk.trader.waitForModal(await desk.trader.press(question, 'Change price…'), 30_000);
  return desk.trader.answer(await desk.trader.submitModal(modal, { percent: '', price }), 30_000);
}

async function orderOf(id: number) {
  return (await desk.admin.orders()).find((order) => order.id === id);
}

/** The broker's orders that were sent since, with their price. */
const pricesSince = async (news: () => Promise<{ body: Record<string, unknown> }[]>) =>
  (await news()).map(({ body }) => body.price);

test('killed as a question came to be seen: it still says that it is over once its order has ended', async () => {
  const { position, orders } = await placed('SPX', 'Bull put');
  await desk.trader.faults.add({
    kind: 'slow-after-commit',
    route: 'PATCH /webhooks/',
    times: 1,
    ms: 10_000,
  });
  const question = await desk.trader.answer(await desk.trader.command('cancel', { position }), 30_000);
  expect(buttonsOf(question)).toContain('Cancel this order');
  await desk.bot.kill9();
  await desk.trader.faults.clear();
  await desk.trader.waitForBot(false, 30_000);
  await desk.startBot();
  await desk.admin.end(Number(orders[0]));
  const over = await desk.trader.waitForEdit(
    question,
    ({ content }) => content.includes('Nothing left to cancel'),
    60_000,
  );
  expect(buttonsOf(over)).toEqual([]);
});

test('another price: the old order is cancelled, and once the broker has ended it the new one is placed, once', async () => {
  const { position, result, orders } = await placed('QQQ');
  const [first = 0] = orders;
  const news = await arrivals(desk);
  const preview = await changed(first, '0.33');
  expect(contentOf(preview)).toContain(`In place of order ${first}`);
  expect(buttonsOf(preview)[0]).toBe(`Submit: replace ${first}`);
  expect(await statusOf(first)).toBe('Live');

  await desk.trader.press(preview, 'Submit');
  const [sent] = await arrived(news, 1);
  expect(await statusOf(first)).toBe('Cancelled');
  expect(await pricesSince(news)).toEqual(['0.33']);
  const legs = (order: typeof sent) => JSON.stringify(order?.body.legs);
  expect(legs(sent)).toContain('Buy to Close');
  const old = await orderOf(first);
  expect((await orderOf(sent?.orderId ?? 0))?.legs.map(({ symbol, quantity }) => [symbol, quantity])).toEqual(
    old?.legs.map(({ symbol, quantity }) => [symbol, quantity]),
  );
  const over = await told(first, 'Cancelled.', preview);
  expect(await deletes(first)).toBe(1);
  // Both results say which order goes on for which.
  const anew = await resultFor(desk, position, preview);
  const inPlace = `**Order ${sent?.orderId}** in place of ${first}`;
  await desk.trader.waitForEdit(anew, (each) => contentOf(each).includes(inPlace), 30_000);
  const gone = `order ${sent?.orderId} took its place`;
  const before = await desk.trader.waitForEdit(result, (each) => contentOf(each).includes(gone), 60_000);
  expect(buttonsOf(before)).toEqual(['Cancel them…']);
  // Whatever was read meanwhile, it ends with what works now.
  const covered = await desk.trader.waitForEdit(
    over,
    (each) => contentOf(each).includes(`working: `) && contentOf(each).includes(String(sent?.orderId)),
    30_000,
  );
  expect(buttonsOf(covered)).toEqual([]);
});

test('another price: a fill that is faster, or a broker that refuses the new one, leaves no doubt and a way back', async () => {
  const { orders } = await placed('QQQ');
  const [first = 0, second = 0] = orders;
  const news = await arrivals(desk);
  const late = await changed(first, '0.31');
  await desk.admin.fault({ kind: 'latency', ...DELETE, ms: 2_000 });
  await desk.trader.press(late, 'Submit');
  await until(async () => (await deletes(first)) === 1);
  await desk.admin.fill(first);
  const ended = await desk.trader.waitForEdit(
    late,
    ({ content }) => content.includes('Nothing placed'),
    30_000,
  );
  expect(contentOf(ended)).toContain(
    `Order ${first} was to be cancelled first, and the broker has it as Filled.`,
  );
  expect(buttonsOf(ended)).toEqual(['Fresh preview']);
  expect(await news()).toEqual([]);

  const refused = await changed(second, '0.32');
  await desk.admin.fault({
    kind: 'status',
    status: 422,
    code: 'margin_check_failed',
    method: 'POST',
    path: '/orders$',
  });
  await desk.trader.press(refused, 'Submit');
  await desk.trader.waitForMessage(({ content }) => content.includes('1 refused'), {
    after: refused,
    timeoutMs: 30_000,
  });
  const over = await told(second, 'Cancelled.', refused);
  const price = (await orderOf(second))?.price ?? '';
  const label = `Set ${Number(price).toFixed(2)} again`;
  const now = await desk.trader.waitForEdit(over, (each) => buttonsOf(each).includes(label), 30_000);
  const again = await desk.trader.answer(await desk.trader.press(now, label), 30_000);
  await desk.trader.press(again, 'Submit 1 GTC order');
  await until(async () => (await pricesSince(news)).at(-1) === price);
});

test('another price: killed between the cancel and the new order, nothing is placed, and that is said', async () => {
  const { orders } = await placed('QQQ');
  const third = orders.at(-1) ?? 0;
  const news = await arrivals(desk);
  const preview = await changed(third, '0.29');
  await desk.admin.fault({ kind: 'latency', ...DELETE, ms: 2_000 });
  await desk.trader.press(preview, 'Submit');
  await until(async () => (await deletes(third)) === 1);
  await desk.admin.fault({ kind: 'latency', method: 'GET', path: '/positions$', ms: 20_000, times: null });
  await until(async () => (await statusOf(third)) === 'Cancelled');
  await desk.bot.kill9();
  await desk.admin.clearFaults();
  await desk.trader.waitForBot(false, 30_000);
  await desk.startBot();
  await told(third, 'Cancelled.', preview);
  const unsent = await desk.trader.waitForMessage((each) => textOf(each).includes('before it was sent'), {
    after: preview,
    timeoutMs: 30_000,
  });
  expect(contentOf(unsent)).toContain('1 not placed');
  expect(await news()).toEqual([]);
  const fresh = await desk.trader.waitForEdit(
    preview,
    (each) => buttonsOf(each).includes('Fresh preview'),
    60_000,
  );
  await desk.trader.press(fresh, 'Fresh preview');
  await desk.trader.waitForEdit(preview, (each) => buttonsOf(each).includes('Submit 1 GTC order'), 30_000);
  await desk.trader.press(preview, 'Submit 1 GTC order');
  await arrived(news, 1);
  expect(await pricesSince(news)).toEqual(['0.29']);
  expect(await deletes(third)).toBe(1);
});

test('a limit with its stop ends through the order they are both part of; a press made up by hand does nothing', async () => {
  const opening = await openingOrder(desk, 'SPX', 2);
  const limit = closingBody(opening, 1, '0.05');
  const stop = { ...closingBody(opening, 1, '4.90'), 'order-type': 'Stop Limit', 'stop-trigger': '4.80' };
  const { id, orders } = await desk.admin.placeOco([limit, stop]);
  const [lead = 0, other = 0] = orders.map((order) => order.id);
  const question = await askAbout(lead);
  expect(contentOf(question)).toContain(`${other}, `);
  await desk.trader.press(question, 'Cancel this order');
  const over = await told(lead, 'Cancelled.', question);
  expect(textOf(over)).toContain(`Order ${other}`);
  expect(await statusOf(other)).toBe('Cancelled');
  expect([await deletes(id), await deletes(lead), await deletes(other)]).toEqual([1, 0, 0]);

  const forged = { kind: 'component', message_id: question.id, custom_id: 'cancel:yes:../orders/1' };
  await expect(desk.trader.interact(forged)).rejects.toThrow();
});

test('a target that was placed elsewhere is adopted by a trader’s press, once, and told as the bot’s own from there on', async () => {
  const opening = await openingOrder(desk, 'AMZN', 2);
  const position = await desk.positionId('AMZN', 'Bull put');
  const { id } = await desk.admin.placeOrder(closingBody(opening, 1, '0.10'));
  const news = await arrivals(desk);
  const points = await until(async () => {
    const answer = await desk.ask('reconcile');
    return contentOf(answer).includes(`**Order ${id}** was placed elsewhere`) ? answer : null;
  });
  const adopt = `Adopt ${id} AMZN 0.10`;
  // It stands under the message that names it.
  expect(buttonsOf(points)).toContain(adopt);
  await desk.viewer.waitForEdit(points, (each) => each.components.length > 0);
  await desk.viewer.press(points, adopt);
  await privately(desk.viewer, 'for this server’s traders', points);
  const answer = await desk.trader.answer(await desk.trader.press(points, adopt), 30_000);
  expect(contentOf(answer)).toContain(`**Order ${id} is mine from here on.**`);
  const result = await desk.trader.waitForMessage(
    (each) => contentOf(each).includes('**1 GTC order adopted**'),
    {
      timeoutMs: 30_000,
    },
  );
  expect(contentOf(result)).toContain(`**Order ${id}** · placed elsewhere, adopted by <@${desk.trader.id}>`);
  const again = await desk.trader.answer(await desk.trader.press(points, adopt), 30_000);
  expect(contentOf(again)).toContain('is mine already');
  expect(contentOf(await desk.ask('reconcile'))).not.toContain(`Order ${id}** was placed elsewhere`);
  expect(await news()).toEqual([]);

  await desk.admin.fill(id);
  await desk.trader.waitForMessage((each) => isFill(each) && contentOf(each).includes(`Order ${id}`), {
    timeoutMs: 30_000,
  });
  await desk.trader.waitForEdit(
    result,
    (each) => /Filled at \*\*0\.\d+\*\*, \+\$/.test(contentOf(each)),
    30_000,
  );
  const audit = contentOf(await desk.ask('audit', { position }));
  expect(audit).toContain(`<@${desk.trader.id}> adopted it`);
});

test('an order that the broker doesn’t know any more is forgotten by a trader’s press; its message and the audit trail say so', async () => {
  const { position, result, orders } = await placed('NVDA', 'Long call');
  const [id = 0] = orders;
  await desk.admin.erase(id);
  await passListLag(desk);
  const points = await desk.ask('reconcile');
  expect(contentOf(points)).toContain(`**Order ${id}** works no more: the broker doesn’t know it (any more)`);
  const forget = buttonsOf(points).find((label) => label.startsWith(`Forget ${id} #${position} `)) ?? '';
  await desk.viewer.waitForEdit(points, (each) => each.components.length > 0);
  await desk.viewer.press(points, forget);
  await privately(desk.viewer, 'for this server’s traders', points);
  const answer = await desk.trader.answer(await desk.trader.press(points, forget), 30_000);
  expect(contentOf(answer)).toContain(`**Order ${id} of #${position} is forgotten.**`);
  await desk.trader.waitForEdit(
    result,
    (each) => contentOf(each).includes(`<@${desk.trader.id}> had it forgotten`),
    30_000,
  );
  const again = await desk.trader.answer(await desk.trader.press(points, forget), 30_000);
  expect(contentOf(again)).toContain(`Order ${id} has ended`);
  expect(contentOf(await desk.ask('reconcile'))).not.toContain(`Order ${id}`);
  expect(contentOf(await desk.ask('audit', { position }))).toMatch(
    new RegExp(`<@${desk.trader.id}> had it forgotten\\. · <t:\\d+:f>`),
  );
});
