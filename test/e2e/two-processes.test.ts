import type { Message } from '@profit-target/local-discord/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, type Databases, findBinaries, startCluster } from '../db/support/postgres.js';
import { sharedPostgres } from '../db/support/shared-postgres.js';
import { BotProcess } from './support/bot-process.js';
import { buttonsOf, Desk, textOf, until } from './support/desk.js';
import {
  arrivals,
  arrived,
  deskBehindProxy,
  expectIds,
  ids,
  PLACING,
  privately,
  resultFor,
  sellVerticals,
  tidy,
} from './support/scenes.js';

/** How many previews are pressed at once; three hundred take some minutes. */
const PRESSES = Number(process.env.PRESSES ?? 16);
const PATIENCE_MS = 120_000 + PRESSES * 3_000;
/** Well below the looks that one trader may have under way. */
const SIDE_BY_SIDE = 4;

describe.skipIf(findBinaries() === null)('two processes on one PostgreSQL database', () => {
  let cluster: Databases;
  beforeAll(async () => {
    cluster = await sharedPostgres();
  });

  test(
    'many previews pressed at once: each is placed once, and none ends with an error',
    async () => {
      const desk = await Desk.open({
        startBot: false,
        paper: { scenario: 'well-funded' },
        // Many bots' worth of presses reach one busy machine, and none must fail for that alone.
        discord: { rateLimits: false, firstAnswerMs: 60_000 },
        settings: {
          DATABASE_URL: await cluster.createDatabase(),
          DATABASE_POOL_SIZE: '2',
          PREVIEW_TTL_SECONDS: '840',
          LOG_LEVEL: 'info',
        },
      });
      const second = new BotProcess(desk.bot.settings);
      try {
        await sellVerticals(desk, 'NVDA', PRESSES);
        await desk.startBot();
        second.start();
        await until(async () => second.log.includes('connected to Discord'));
        const previews = await manyPreviews(desk, PRESSES);
        const news = await arrivals(desk);
        await Promise.all(previews.map((preview) => desk.trader.press(preview, 'Submit')));
        for (const preview of previews) {
          await desk.trader.waitForEdit(preview, ended, PATIENCE_MS);
        }
        // An edit that the bot gave up can take effect after the newer one, which is then repeated.
        await until(async () => previews.every((each) => ended(desk.trader.current(each))), PATIENCE_MS);
        const orders = await news();
        expect(previews.map((each) => desk.trader.current(each).content.split(':')[0])).toEqual(
          Array(PRESSES).fill('Submitted'),
        );
        expect(orders).toHaveLength(PRESSES);
        expect(new Set(ids(orders)).size).toBe(PRESSES);
        expect(new Set(orders.map(({ body }) => JSON.stringify(body.legs))).size).toBe(PRESSES);
        // By the ids each is told, in the line above the preview and by a message.
        const told = () => desk.trader.events.flatMap(({ message }) => (message ? [textOf(message)] : []));
        await until(async () =>
          ids(orders).every((id) => told().some((text) => text.includes(`Order ${id}`))),
        );
        expect(desk.trader.ephemeral()).toEqual([]);
        // Both had a share of it.
        const pressed = [desk.bot, second].map(
          ({ log }) => log.split('another process has this interaction').length,
        );
        expect(Math.min(...pressed)).toBeGreaterThan(1);
      } finally {
        await second.stop();
        await desk.close();
      }
    },
    PATIENCE_MS * 2,
  );
});

function ended({ content }: Message): boolean {
  return content.startsWith('Submitted') || content.startsWith('⚠️');
}

async function manyPreviews(desk: Desk, count: number): Promise<Message[]> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const previews: Message[] = [];
  const asker = async () => {
    for (let next = numbers.shift(); next !== undefined; next = numbers.shift()) {
      const asked = await desk.trader.command('targets', { position: String(next) });
      const preview = await desk.trader.answer(asked, PATIENCE_MS);
      if (!buttonsOf(preview).includes('Submit 1 GTC order')) throw new Error(textOf(preview));
      previews.push(preview);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, asker));
  return previews;
}

describe.skipIf(findBinaries() === null)('a process that dies with orders under way, and stays dead', () => {
  let cluster: Databases;
  beforeAll(async () => {
    cluster = await sharedPostgres();
  });

  test('another on the same PostgreSQL database tells of each and frees their contracts', async () => {
    const settings = { DATABASE_URL: await cluster.createDatabase(), SETTLE_SECONDS: '5' };
    const { desk, proxy } = await deskBehindProxy(settings);
    const other = new BotProcess(desk.bot.settings);
    try {
      const news = await arrivals(desk);
      const press = async (...words: string[]) => {
        const position = await desk.positionId(...words);
        const preview = await desk.preview(position);
        await desk.trader.press(preview, 'Submit');
        return { position, preview };
      };
      // The broker has these, and its answers are on their way; the other one never gets there.
      const answers = proxy.hold('answer', 'POST', PLACING);
      const taken = await press('QQQ', 'Senex Trident');
      await until(async () => answers.caught === 3);
      const requests = proxy.hold('request', 'POST', PLACING);
      const lost = await press('SPX', 'Bull put');
      await until(async () => requests.caught === 1);
      other.start();
      await until(async () => other.log.includes('account stream live'));
      await desk.bot.kill9();
      answers.drop();
      requests.drop();

      const orders = await arrived(news, 3);
      const found = await resultFor(desk, taken.position, taken.preview, 60_000);
      expect(found.content).toContain('3 GTC orders placed');
      expectIds(found, orders);
      // Until it is sure that nothing can leave any more, it is said to be unknown; then by a message of its own.
      const unknown = await resultFor(desk, lost.position, lost.preview, 120_000);
      const absent = await resultFor(desk, lost.position, unknown, 120_000);
      expect(absent.content).toContain('1 not placed');
      expect(desk.trader.current(unknown).content).toContain('1 not placed');
      await until(
        async () => !buttonsOf(desk.trader.current(lost.preview)).some((each) => /Submit/.test(each)),
      );

      const again = await desk.preview(lost.position);
      await desk.trader.press(again, 'Submit');
      expect((await resultFor(desk, lost.position, again, 120_000)).content).toContain(
        '**1 GTC order placed**',
      );
      expect(await news()).toHaveLength(4);
    } finally {
      await other.stop();
      await desk.close();
      proxy.close();
    }
  }, 300_000);
});

describe.skipIf(findBinaries() === null)('a PostgreSQL server that hangs', () => {
  let cluster: Cluster;
  let desk: Desk;
  beforeAll(async () => {
    cluster = await startCluster();
    desk = await Desk.open({ settings: { DATABASE_URL: await cluster.createDatabase() } });
  });
  afterEach(() => tidy(desk));
  afterAll(async () => {
    cluster?.resume();
    await desk?.close();
    await cluster?.stop();
  });

  test('is told by a press, a preview and /status, nothing is sent, and all works once it goes on', async () => {
    const news = await arrivals(desk);
    const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
    await cluster.suspend();
    await desk.trader.press(preview, 'Submit');
    const told = await privately(desk.trader, 'I can’t reach my database. Nothing was sent.', preview);
    expect(textOf(told)).toContain('My database doesn’t work right now');
    const answers = await Promise.all([
      desk.ask('status'),
      desk.ask('targets', { position: 'all' }),
      desk.ask('positions'),
    ]);
    expect(textOf(answers[0])).toContain('🔴 **Database**: I can’t reach my database.');
    for (const answer of answers.slice(1)) {
      expect(textOf(answer)).toContain('I can’t reach my database. Nothing was sent.');
    }
    expect(await news()).toHaveLength(0);
    cluster.resume();
    await until(async () => textOf(await desk.ask('status')).includes('🟢 **Database**'));
    expect(await news()).toHaveLength(0);
    // That press could not be begun, so the preview stands as it was.
    expect(buttonsOf(desk.trader.current(preview))).toContain('Submit 1 GTC order');
    await desk.trader.press(preview, 'Submit');
    await desk.trader.waitForEdit(preview, ({ content }) => content.startsWith('Submitted'), 30_000);
    expect(await news()).toHaveLength(1);
  });

  test('hangs as the orders leave: each id is shown and posted meanwhile', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Senex Trident');
    const preview = await desk.preview(position);
    await desk.admin.fault({ kind: 'slow-answer', method: 'POST', path: '/orders$', ms: 1_500, times: 3 });
    await desk.trader.press(preview, 'Submit');
    await until(async () => (await news()).length === 3);
    await cluster.suspend();
    const orders = await news();
    await desk.trader.waitForEdit(
      preview,
      ({ content }) => ids(orders).every((id) => content.includes(String(id))),
      30_000,
    );
    const result = await desk.result(preview);
    for (const id of ids(orders)) expect(textOf(result)).toContain(`Order ${id}`);
    cluster.resume();
    await until(async () => textOf(await desk.ask('status')).includes('🟢 **Database**'));
    const again = await desk.preview(position);
    expect(textOf(again)).toContain('covered by working orders already');
    expect(await news()).toHaveLength(3);
  });
});
