import type { Message } from '@profit-target/local-discord/client';
import type { PaperReceived } from '@profit-target/paper-broker/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buttonsOf, type Desk, textOf, until } from './support/desk.js';
import type { BrokerProxy, Hold } from './support/proxy.js';
import {
  arrivals,
  arrived,
  cutStream,
  deskBehindProxy,
  expectCovered,
  expectIds,
  HOLDINGS,
  PLACING,
  POSTING,
  resultFor,
  resultsFor,
  tidy,
} from './support/scenes.js';

const PATIENCE_MS = 120_000;

let desk: Desk;
let proxy: BrokerProxy;
beforeAll(async () => {
  ({ desk, proxy } = await deskBehindProxy({ SETTLE_SECONDS: '30' }));
});
afterAll(async () => {
  await desk?.close();
  proxy?.close();
});

interface Case {
  position: string;
  preview: Message;
  orders: PaperReceived[];
}

/** Previews, presses Submit, and returns once `reached` says that the bot is where it shall die. */
async function submitUntil(words: string[], reached: () => Promise<boolean>, orders = 0): Promise<Case> {
  const news = await arrivals(desk);
  const position = await desk.positionId(...words);
  const preview = await desk.preview(position);
  await desk.trader.press(preview, 'Submit');
  await until(reached);
  return { position, preview, orders: await arrived(news, orders) };
}

/** What the broker ever received for a position's contracts, by the identifiers of these orders. */
async function sentAgain({ orders }: Case): Promise<PaperReceived[]> {
  const known = new Set(orders.map(({ sequence }) => sequence));
  const symbols = new Set(
    orders.flatMap(({ body }) => (body.legs as { symbol: string }[]).map((l) => l.symbol)),
  );
  return (await desk.admin.received()).filter(
    ({ sequence, body }) =>
      !known.has(sequence) && (body.legs as { symbol: string }[]).some(({ symbol }) => symbols.has(symbol)),
  );
}

let onTheWay: Case;

describe('killed in the middle of several submissions, and started again', () => {
  let posted: Case;
  let answered: Case;
  let inFlight: Case;
  let checking: Case;
  let beforeChecking: number;
  const holds: Hold[] = [];

  beforeAll(async () => {
    const { faults } = desk.trader;
    const struck = (kind: string) => async () =>
      (await faults.list()).some((fault) => fault.kind === kind && fault.fired > 0);
    // The message with the ids is in the channel, and the bot doesn’t know yet.
    await faults.add({ kind: 'slow-after-commit', route: POSTING, ms: PATIENCE_MS });
    posted = await submitUntil(['SPX', 'Senex Trident'], struck('slow-after-commit'), 3);

    // The broker answered, and the message with the ids never gets to Discord.
    await faults.add({ kind: 'slow', route: POSTING, ms: PATIENCE_MS });
    answered = await submitUntil(['NVDA', 'Long call'], struck('slow'), 1);

    // The broker has the orders, and its answers are on their way.
    const answers = proxy.hold('answer', 'POST', PLACING);
    inFlight = await submitUntil(['QQQ', 'Senex Trident'], async () => answers.caught === 3, 3);
    holds.push(answers);

    // The order left and never reaches the broker.
    const requests = proxy.hold('request', 'POST', PLACING);
    onTheWay = await submitUntil(['SPX', 'Bull put'], async () => requests.caught === 1);
    holds.push(requests);

    // Nothing left: the account is being read again.
    await cutStream(desk);
    beforeChecking = (await desk.admin.received()).length;
    const position = await desk.positionId('IWM', 'Iron condor');
    const preview = await desk.preview(position);
    const reads = proxy.hold('request', 'GET', HOLDINGS);
    await desk.trader.press(preview, 'Submit');
    await until(async () => reads.caught > 0);
    holds.push(reads);
    checking = { position, preview, orders: [] };

    await desk.bot.kill9();
    for (const hold of holds) hold.drop();
    await desk.trader.waitForBot(false, 30_000);
    await desk.admin.stream('resume');
    await desk.startBot();
  }, PATIENCE_MS);

  test('orders the broker had taken are found; their ids are posted, none is sent again', async () => {
    const result = await resultFor(desk, inFlight.position, inFlight.preview, PATIENCE_MS);
    expectIds(result, inFlight.orders);
    expect(result.content).toContain('3 GTC orders placed');
    expect(await sentAgain(inFlight)).toHaveLength(0);
  });

  test('ids that never got to Discord are posted once', async () => {
    const result = await resultFor(desk, answered.position, answered.preview, PATIENCE_MS);
    expectIds(result, answered.orders);
    expect(await resultsFor(desk, answered.position)).toHaveLength(1);
    expect(await sentAgain(answered)).toHaveLength(0);
  });

  test('ids that were posted without the bot knowing are not posted a second time', async () => {
    const result = await resultFor(desk, posted.position, posted.preview, PATIENCE_MS);
    const requests = async (method: string, end: string) =>
      (await desk.trader.log()).requests.filter(
        (each) =>
          each.method === method &&
          each.path.endsWith(end) &&
          (JSON.stringify(each.body) ?? '').includes(`#${posted.position} `),
      );
    // Found again by its footer, it is brought up to date and stands for the result.
    await until(async () => (await requests('PATCH', `/messages/${result.id}`)).length > 0, PATIENCE_MS);
    expect(await requests('POST', '/messages')).toHaveLength(1);
    expectIds(result, posted.orders);
    expect(await resultsFor(desk, posted.position)).toHaveLength(1);
    expect(await sentAgain(posted)).toHaveLength(0);
  });

  test('a submission that was still reading the account is given up: nothing was sent, and that is said', async () => {
    const result = await desk.trader.waitForMessage(
      (message) =>
        message.content.includes(`<@${desk.trader.id}>`) &&
        textOf(message).includes(`#${checking.position} `) &&
        textOf(message).includes('The bot stopped before it was sent'),
      { after: checking.preview, timeoutMs: PATIENCE_MS },
    );
    expect(result.content).toContain('0 of 1 GTC order placed');
    expect(result.content).toContain('1 not placed');
    expect(await desk.admin.received()).toHaveLength(beforeChecking);
  });

  test('what is told about it on the way there never claims that an order may exist', async () => {
    const told = desk.trader.events
      .flatMap(({ type, message }) => (type.startsWith('message_') && message ? [message as Message] : []))
      .filter(({ content }) => content.includes(`<@${desk.trader.id}>`))
      .filter((message) => textOf(message).includes(`#${checking.position} `));
    expect(told.length).toBeGreaterThan(0);
    for (const message of told) {
      expect(textOf(message)).not.toContain('An order may exist');
      expect(textOf(message)).not.toContain('unknown');
    }
  });

  test('an order that left and never arrived is said to be unknown', async () => {
    const result = await resultFor(desk, onTheWay.position, onTheWay.preview, PATIENCE_MS);
    const created = desk.trader.events.find(
      ({ type, message }) => type === 'message_create' && message.id === result.id,
    );
    expect(created.message.content).toContain('1 unknown');
    expect(textOf(created.message)).toContain('Don’t place the unknown ones again.');
  });

  test('a preview that was submitted before the crash can’t be submitted after it', async () => {
    const before = (await desk.admin.received()).length;
    const shown = desk.trader.current(inFlight.preview);
    expect(buttonsOf(shown)).toEqual([]);
    const preview = await desk.preview(inFlight.position);
    expect(textOf(preview)).toContain('covered by working orders already');
    expect((await desk.admin.received()).length).toBe(before);
    await expectCovered(desk);
  });
});

test('asked to stop during a submission, the bot finishes it, posts the ids and ends well', async () => {
  await tidy(desk);
  const answers = proxy.hold('answer', 'POST', PLACING);
  const { position, preview, orders } = await submitUntil(
    ['QQQ', 'Senex Trident'],
    async () => answers.caught === 3,
    3,
  );
  const stopped = desk.bot.stop();
  await until(async () => desk.bot.log.includes('stopping: terminated'));
  answers.release();
  await stopped;
  expect(desk.bot.exitCode).toBe(0);
  const result = await resultFor(desk, position, preview);
  expectIds(result, orders);
  await desk.startBot();
  // It ended before it could look what became of them; the next one does.
  const checked = await desk.trader.waitForEdit(
    result,
    (each) => (textOf(each).match(/Live: working/g) ?? []).length === orders.length,
    PATIENCE_MS,
  );
  expectIds(checked, orders);
  expect((await resultsFor(desk, position)).filter(({ id }) => BigInt(id) > BigInt(preview.id))).toHaveLength(
    1,
  );
  await expectCovered(desk);
});

test(
  'over two restarts the order that never arrived stays looked for, until it counts as not placed',
  async () => {
    // A message of its own; the one that said "unknown" is edited before.
    const unknown = await resultFor(desk, onTheWay.position, onTheWay.preview);
    const result = await resultFor(desk, onTheWay.position, unknown, PATIENCE_MS);
    expect(result.content).toContain('1 not placed');
    expect(desk.trader.current(unknown).content).toContain('1 not placed');
    expect(textOf(result)).toMatch(/show it \d+ s after it was sent/);
    const before = (await desk.admin.received()).length;
    const again = await desk.preview(onTheWay.position);
    await desk.trader.press(again, 'Submit');
    expect((await resultFor(desk, onTheWay.position, again)).content).toContain('**1 GTC order placed**');
    expect((await desk.admin.received()).length).toBe(before + 1);
  },
  PATIENCE_MS,
);

test(
  'while the broker doesn’t answer about what a crash left, commands are acknowledged in time',
  async () => {
    const requests = proxy.hold('request', 'POST', PLACING);
    await submitUntil(['SPY', 'Short strangle'], async () => requests.caught === 1);
    await desk.bot.kill9();
    requests.drop();
    await desk.trader.waitForBot(false, 30_000);
    const reads = proxy.hold('request', 'GET', /./);
    desk.bot.start();
    await desk.trader.waitForBot(true, 30_000);
    const answer = await desk.trader.answer(await desk.trader.command('help'), 10_000);
    expect(textOf(answer)).toContain('/targets');
    reads.release();
  },
  PATIENCE_MS,
);
