import { join } from 'node:path';
import type { Message } from '@profit-target/local-discord/client';
import type { PaperReceived } from '@profit-target/paper-broker/client';
import sqlite3 from 'sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readBooks } from './support/campaign/books.js';
import { buttonsOf, type Desk, textOf, until } from './support/desk.js';
import type { BrokerProxy } from './support/proxy.js';
import {
  arrivals,
  arrived,
  cutStream,
  deskBehindProxy,
  expectIds,
  HOLDINGS,
  ids,
  resultFor,
  resultsFor,
  tidy,
} from './support/scenes.js';

/* What becomes known late: by a person's word, after a crash, or against all appearance. No message stays false. */

const PATIENCE_MS = 150_000;

let desk: Desk;
let proxy: BrokerProxy;
beforeAll(async () => {
  ({ desk, proxy } = await deskBehindProxy({ SETTLE_SECONDS: '5' }));
});
afterEach(async () => {
  proxy.clear();
  await tidy(desk);
});
afterAll(async () => {
  await desk?.close();
  proxy?.close();
});

interface Case {
  position: string;
  preview: Message;
  order: PaperReceived;
}

/** Presses Submit of one order while something happens to it on its way. */
async function submitInto(
  kind: 'drop-before-commit' | 'drop-after-commit',
  ...words: string[]
): Promise<Case> {
  const news = await arrivals(desk);
  const position = await desk.positionId(...words);
  const preview = await desk.preview(position);
  await desk.admin.fault({ kind, method: 'POST', path: '/orders$' });
  await desk.trader.press(preview, 'Submit');
  const [order] = await arrived(news, 1);
  if (!order) throw new Error('no order arrived');
  return { position, preview, order };
}

/** The broker's lists don't show what we sent, as if they lagged behind. */
function hideOurs(): void {
  proxy.rewrite('GET', /\/orders(\/live)?$/, (answer) => {
    const items = answer.data?.items?.filter((row: Record<string, unknown>) => !row['external-identifier']);
    if (!items) return answer;
    const pagination = answer.pagination && { ...answer.pagination, 'total-items': items.length };
    return { ...answer, data: { ...answer.data, items }, ...(pagination && { pagination }) };
  });
}

/** Everything in the channel that tells of a position says the same, and nothing of what was true before. */
async function expectAllCorrected({ position, preview, order }: Case, messages: number): Promise<void> {
  const told = await until(async () => {
    const results = await resultsFor(desk, position);
    const current = results.map((each) => desk.trader.current(each));
    return (
      current.length >= messages &&
      current.every((each) => textOf(each).includes(`Order ${order.orderId}`)) &&
      current
    );
  }, PATIENCE_MS);
  expect(told).toHaveLength(messages);
  for (const message of told) {
    expectIds(message, [order]);
    expect(textOf(message)).not.toMatch(/unknown|not placed|make a fresh preview/i);
  }
  // And so does the line above the preview.
  await desk.trader.waitForEdit(
    preview,
    ({ content }) => content === `Submitted: **1 GTC order placed** · ${order.orderId}`,
    60_000,
  );
}

describe('an order at the broker looks like the one whose answer was lost', () => {
  /** Places by hand what the bot meant to place, and waits until a trader is asked whose it is. */
  async function asked(...words: string[]): Promise<Case & { byHand: number; question: Message }> {
    const lost = await submitInto('drop-before-commit', ...words);
    const { 'external-identifier': _ours, ...body } = lost.order.body;
    const { id: byHand } = await desk.admin.placeOrder(body);
    const question = await desk.trader.waitForMessage(
      (each) => textOf(each).includes(`Order ${byHand} at the broker looks just like it`),
      { after: lost.preview, timeoutMs: PATIENCE_MS },
    );
    return { ...lost, byHand, question };
  }

  async function submits(position: string): Promise<string[]> {
    return buttonsOf(await desk.preview(position)).filter((label) => label.startsWith('Submit'));
  }

  async function decisions(): Promise<{ actor: string; details: Record<string, unknown> }[]> {
    const database = new sqlite3.Database(join(desk.folder, 'bot.sqlite'), sqlite3.OPEN_READONLY);
    try {
      return await new Promise((resolve, reject) =>
        database.all(
          `SELECT * FROM audit_events WHERE kind = 'lookalike-decided' ORDER BY id`,
          (error, rows) =>
            error
              ? reject(error)
              : resolve(
                  (rows as { actor: string; details: string }[]).map(({ actor, details }) => ({
                    actor,
                    details: JSON.parse(details),
                  })),
                ),
        ),
      );
    } finally {
      database.close();
    }
  }

  test(
    '“placed by hand”: counted as not placed, written down who said so, and its contracts are free again',
    async () => {
      const { position, preview, byHand, question } = await asked('SPX', 'Bull put');
      expect(await submits(position)).toEqual([]);
      await desk.trader.press(question, `#${position}: placed by hand`);
      const settled = await desk.trader.waitForEdit(
        question,
        ({ content }) => content.includes('1 not placed'),
        PATIENCE_MS,
      );
      expect(textOf(settled)).toContain(`<@${desk.trader.id}> says that ${byHand} was placed by hand.`);
      await until(async () =>
        (await resultsFor(desk, position))
          .filter(({ id }) => BigInt(id) > BigInt(preview.id))
          .every((each) => buttonsOf(desk.trader.current(each)).length === 0),
      );
      expect((await decisions()).at(-1)).toMatchObject({
        actor: desk.trader.id,
        details: { whose: 'by-hand', orderIds: [String(byHand)], state: 'absent' },
      });
      await desk.admin.end(byHand);
      const again = await until(async () => {
        const shown = await desk.preview(position);
        return buttonsOf(shown).includes('Submit 1 GTC order') && shown;
      });
      const news = await arrivals(desk);
      await desk.trader.press(again, 'Submit');
      const [placed] = await arrived(news, 1);
      // The news of what was said by hand may come in between.
      const result = await desk.trader.waitForMessage(
        (each) => textOf(each).includes(`**Order ${placed?.orderId}**`),
        { after: again, timeoutMs: 60_000 },
      );
      expect(result.content).toContain('1 GTC order placed');
      expect(await news()).toHaveLength(1);
    },
    PATIENCE_MS * 2,
  );

  test(
    '“the bot’s”: it is that order, and its id is told',
    async () => {
      const { position, byHand, question } = await asked('NVDA', 'Long call');
      const news = await arrivals(desk);
      const points = await desk.ask('reconcile');
      const answer = `Order ${byHand} is the bot’s`;
      expect(buttonsOf(points)).toContain(answer);
      await desk.trader.press(points, answer);
      const said = await desk.trader.waitForMessage(
        (each) => textOf(each).includes(`Written down: order ${byHand} is the bot’s.`),
        { after: points },
      );
      expect(textOf(said)).toContain('Nothing was sent.');
      await desk.trader.waitForEdit(points, (each) => !buttonsOf(each).includes(answer));
      const settled = await desk.trader.waitForEdit(
        question,
        (each) => textOf(each).includes(`**Order ${byHand}**`),
        PATIENCE_MS,
      );
      expect(settled.content).toContain('1 GTC order placed');
      expect(buttonsOf(settled)).toEqual(['Cancel it…']);
      expect((await decisions()).at(-1)).toMatchObject({
        actor: desk.trader.id,
        details: { whose: 'ours', orderIds: [String(byHand)], state: 'placed' },
      });
      expect(textOf(await desk.preview(position))).toContain('covered by working orders already');
      expect(await news()).toHaveLength(0);
      await desk.admin.end(byHand);
    },
    PATIENCE_MS * 2,
  );
});

test(
  'a message that said “unknown” before a crash is edited after the start that finds the order',
  async () => {
    hideOurs();
    const lost = await submitInto('drop-after-commit', 'SPY', 'Short strangle');
    const first = await resultFor(desk, lost.position, lost.preview);
    expect(first.content).toContain('1 unknown');
    await desk.bot.kill9();
    proxy.clear();
    await desk.trader.waitForBot(false, 30_000);
    await desk.startBot();
    await expectAllCorrected(lost, 2);
  },
  PATIENCE_MS * 2,
);

test(
  'an order counted as not placed turns up: each message that said so is corrected, and its id is told',
  async () => {
    hideOurs();
    await desk.admin.stream('silence');
    const lost = await submitInto('drop-after-commit', 'IWM', 'Iron condor');
    const first = await resultFor(desk, lost.position, lost.preview);
    await desk.trader.waitForEdit(first, ({ content }) => content.includes('1 not placed'), PATIENCE_MS);
    const second = await resultFor(desk, lost.position, first, PATIENCE_MS);
    expect(second.content).toContain('1 not placed');
    proxy.clear();
    await desk.admin.stream('drop');
    await desk.admin.stream('resume');
    await desk.ask('orders');
    await expectAllCorrected(lost, 3);
  },
  PATIENCE_MS * 2,
);

test(
  'given up before anything left, and killed again before that could be told: the channel hears it, the buttons go',
  async () => {
    const news = await arrivals(desk);
    await cutStream(desk);
    const position = await desk.positionId('MSFT', 'Bull put');
    const preview = await desk.preview(position);
    const reads = proxy.hold('request', 'GET', HOLDINGS);
    await desk.trader.press(preview, 'Submit');
    await until(async () => reads.caught > 0);
    // What is told of earlier orders reads the account, too: the press has begun once its orders are written down.
    await until(async () => {
      const { intents } = await readBooks(join(desk.folder, 'bot.sqlite'));
      return intents.some(({ state }) => state === 'reserved');
    });
    await desk.bot.kill9();
    reads.drop();
    await desk.trader.waitForBot(false, 30_000);
    await desk.trader.faults.add({ kind: 'reset', route: 'GET /gateway/bot', times: 100_000 });
    await desk.trader.faults.add({ kind: 'reset', route: '(POST|PATCH|GET) /channels/', times: 100_000 });
    const before = desk.bot.log.length;
    desk.bot.start();
    await until(
      async () => desk.bot.log.slice(before).includes('a message is tried again later'),
      PATIENCE_MS,
    );
    await desk.bot.kill9();
    await desk.trader.faults.clear();
    await desk.admin.stream('resume');
    await desk.startBot();
    const result = await resultFor(desk, position, preview, PATIENCE_MS);
    expect(textOf(result)).toContain('The bot stopped before it was sent');
    expect(result.content).toContain('1 not placed');
    const gone = await until(async () => {
      const now = desk.trader.current(preview);
      return buttonsOf(now).every((label) => label === 'Fresh preview') && now;
    }, PATIENCE_MS);
    expect(gone.content).toMatch(/No order was sent/);
    expect(
      (await resultsFor(desk, position)).filter(({ id }) => BigInt(id) > BigInt(preview.id)),
    ).toHaveLength(1);
    expect(await news()).toHaveLength(0);
  },
  PATIENCE_MS * 2,
);

test('four 500s in a row: the ids come by direct message, and the channel is told once it opens', async () => {
  const channel = desk.discord.channelIds.trading;
  const news = await arrivals(desk);
  const position = await desk.positionId('QQQ', 'Bull call');
  const preview = await desk.preview(position);
  await desk.trader.faults.add({
    kind: 'page',
    status: 500,
    route: `POST /channels/${channel}/messages`,
    times: 4,
  });
  await desk.trader.press(preview, 'Submit');
  const orders = await arrived(news, 1);
  const direct = await desk.trader.waitForMessage(
    (each) => each.channel_id !== channel && textOf(each).includes(`Order ${ids(orders)[0]}`),
    { after: preview, timeoutMs: 60_000 },
  );
  expect(direct.content).toContain('took no message from me');
  const told = await desk.trader.waitForMessage(
    (each) =>
      each.content.includes(`<@${desk.trader.id}>`) && textOf(each).includes(`Order ${ids(orders)[0]}`),
    { channel, after: preview, timeoutMs: 60_000 },
  );
  expectIds(told, orders);
  expect(await news()).toHaveLength(1);
});
