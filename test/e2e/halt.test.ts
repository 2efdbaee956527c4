import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buttonsOf, contentOf, Desk, textOf, until } from './support/desk.js';
import {
  arrivals,
  arrived,
  cutStream,
  expectIds,
  mendStream,
  privately,
  resultFor,
  tidy,
} from './support/scenes.js';

/* `/halt` stops all sending at once, whatever is open on a screen, until a trader resumes it. */

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterEach(() => tidy(desk));
afterAll(() => desk?.close());

const submits = (labels: string[]) => labels.filter((label) => label.startsWith('Submit'));

/** Resumes as a person does, by two presses. */
async function resume(): Promise<void> {
  const question = await desk.ask('resume');
  expect(question.content).toContain('Resume sending?');
  await desk.trader.press(question, 'Yes, resume');
  await desk.trader.waitForEdit(question, ({ content }) => content.includes('Sending is resumed'));
}

test('halted: a preview from before is refused, new ones offer no Submit, over a restart too; resumed, it is sent once', async () => {
  const news = await arrivals(desk);
  const position = await desk.positionId('QQQ', 'Senex Trident');
  const before = await desk.preview(position);

  const halted = await desk.ask('halt', { reason: 'Fed speaks at 2' });
  expect(contentOf(halted)).toMatch(
    /^🛑 \*\*Sending is halted: no order leaves\.\*\*\nIt was halted by <@\d+> <t:\d+:R>: Fed speaks at 2\./,
  );
  await desk.trader.press(before, 'Submit');
  const no = await privately(desk.trader, 'Sending was halted by', before);
  expect(textOf(no)).toContain('Fed speaks at 2');
  expect(textOf(no)).toContain('This press sent nothing.');

  const during = await desk.preview(position);
  expect(contentOf(during)).toMatch(
    /🛑 \*\*Nothing can be sent: halted by <@\d+> <t:\d+:R>: Fed speaks at 2\.\*\*/,
  );
  expect(submits(buttonsOf(during))).toEqual([]);
  expect(textOf(await desk.ask('status'))).toMatch(/🔴 \*\*Placing orders\*\*: halted by <@\d+>/);

  await desk.bot.kill9();
  await desk.trader.waitForBot(false, 30_000);
  await desk.startBot();
  await desk.trader.press(before, 'Submit');
  await privately(desk.trader, 'Sending was halted by', during);
  expect(await news()).toEqual([]);

  await resume();
  await desk.trader.press(before, 'Submit');
  expectIds(await resultFor(desk, position, during), await arrived(news, 3));
  expect(await news()).toHaveLength(3);
});

test('gaining the right to send takes two presses, and a button of an earlier halt lifts no later one', async () => {
  const first = await desk.ask('halt');
  await desk.trader.press(first, 'Resume…');
  const question = await desk.trader.waitForEdit(first, ({ content }) => content.includes('Resume sending?'));
  expect(buttonsOf(question)).toEqual(['Yes, resume', 'Keep it halted']);
  await resume();
  await desk.ask('halt', { reason: 'Another time' });
  await desk.trader.press(question, 'Yes, resume');
  const still = await desk.trader.waitForEdit(first, ({ content }) => content.includes('Another time'));
  expect(still.content).toContain('Sending is halted: no order leaves.');
  await resume();
  expect((await desk.ask('resume')).content).toContain('Nothing is halted: orders can be sent.');
});

test('who isn’t a trader can neither halt nor resume', async () => {
  const halted = await desk.ask('halt');
  const asked = await desk.viewer.command('resume');
  expect(textOf(await desk.viewer.answer(asked, 30_000))).toContain('for this server’s traders');
  await desk.viewer.press(halted, 'Resume…');
  await privately(desk.viewer, 'for this server’s traders', halted);
  expect(textOf(await desk.ask('status'))).toContain('halted by');
  await resume();
});

test('a press that is still looking at the account when the word comes sends nothing', async () => {
  const news = await arrivals(desk);
  const position = await desk.positionId('SPX', 'Bull put');
  const preview = await desk.preview(position);
  await cutStream(desk);
  await desk.admin.fault({ kind: 'slow-answer', path: '/positions$', ms: 3_000, times: null });
  await desk.admin.resetCounts();
  await desk.trader.press(preview, 'Submit');
  await until(async () =>
    Object.keys(await desk.admin.counts()).some((route) => route.endsWith('/positions')),
  );
  await desk.ask('halt');
  const over = await desk.trader.waitForEdit(preview, (each) => !buttonsOf(each).includes('Discard'));
  expect(textOf(over)).toMatch(/sending was halted by .*Nothing was sent, and this preview is over/);
  expect(buttonsOf(over)).toEqual(['Fresh preview']);
  expect(await news()).toEqual([]);
  await desk.admin.clearFaults();
  await mendStream(desk);
  await resume();
});

test('targets with their stops: halted, none leaves; what works can still be cancelled, through the orders they are parts of', async () => {
  const news = await arrivals(desk);
  const position = await desk.positionId('QQQ', 'Senex Trident');
  const before = await desk.preview(position, { stop: '75' });
  await desk.ask('halt');
  await desk.trader.press(before, 'Submit');
  await privately(desk.trader, 'Sending was halted by', before);
  const during = await desk.preview(position, { stop: '75' });
  expect(contentOf(during)).toContain('🧷 Stop');
  expect(submits(buttonsOf(during))).toEqual([]);
  expect(await news()).toEqual([]);

  await resume();
  await desk.trader.press(before, 'Submit');
  const pairs = (await arrived(news, 3)).map(({ orderId }) => orderId);
  await resultFor(desk, position, during);
  const parts = async () =>
    (await desk.admin.orders()).filter((each) => pairs.includes(each['complex-order-id'] ?? null));
  const isOver = ({ status }: { status: string }) => status === 'Cancelled';
  expect(await parts()).toHaveLength(6);

  // A cancel that is on its way as the word comes goes on, and more can be asked for: they only take orders back.
  await desk.admin.resetCounts();
  await desk.admin.fault({ kind: 'latency', method: 'DELETE', path: '/complex-orders/', ms: 1_500 });
  const one = (await parts()).find((each) => each['order-type'] === 'Limit');
  const list = await desk.ask('orders');
  const first = await desk.trader.answer(await desk.trader.select(list, String(one?.id)), 30_000);
  await desk.trader.press(first, 'Cancel this order');
  await until(async () => Object.keys(await desk.admin.counts()).some((each) => each.startsWith('DELETE')));
  await desk.ask('halt');
  await until(async () => (await parts()).filter(isOver).length === 2);
  const rest = await desk.ask('cancel', { position });
  await desk.trader.press(rest, 'Cancel these 2 orders');
  await until(async () => (await parts()).every(isOver));
  const deletes = Object.keys(await desk.admin.counts()).filter((each) => each.startsWith('DELETE'));
  expect(deletes.map((each) => Number(/complex-orders\/(\d+)$/.exec(each)?.[1])).sort()).toEqual(
    pairs.sort(),
  );
  expect(await news()).toHaveLength(3);
  await resume();
});
