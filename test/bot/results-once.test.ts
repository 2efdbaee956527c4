import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { composeTelling } from '../../src/app/compose-telling.js';
import { DiscordChannel } from '../../src/bot/channel.js';
import type { BotStore } from '../../src/db/index.js';
import { resultWords } from '../../src/screens/result-words.js';
import type { View } from '../../src/screens/view.js';
import { OrderFates } from '../../src/services/orders/fates.js';
import { SettleService } from '../../src/services/orders/settle.js';
import { ReportReader } from '../../src/services/telling/report-reader.js';
import { newIntent, newPlan, placed, rememberOne } from '../db/support/builders.js';
import { onEach } from '../db/support/drivers.js';
import { BriskClock } from '../services/support/brisk-clock.js';
import { brokerWith, CHANNEL, echo, NAME } from '../services/support/builders.js';
import { DIRECT, lost, RestChannel, refusal } from './support/rest.js';

const quiet = pino({ level: 'silent' });
const MINUTE = 60_000;

let clock: BriskClock;
let store: BotStore;
let discord: RestChannel;
beforeEach(() => {
  clock = new BriskClock('2026-11-23T15:00:01Z');
  discord = new RestChannel(() => clock.now());
});

/** A plan of so many orders, all placed, of which nobody has heard yet. */
async function owed(count: number): Promise<void> {
  const positionId = await rememberOne(store);
  await store.createPlan(newPlan('p1', { channelId: CHANNEL }));
  const intents = Array.from({ length: count }, (_, index) =>
    newIntent('p1', positionId, { targetKey: `t${index}`, externalIdentifier: `p1/${index}` }),
  );
  const result = await store.claimPlan({ planId: 'p1', now: clock.now(), intents, state: 'submitting' });
  if (result.kind !== 'claimed') throw new Error(result.kind);
  for (const [index, { id }] of result.intents.entries()) {
    await store.settleIntent(id, placed(String(1000 + index)), clock.now());
  }
}

/** A process on the same database and the same Discord; from call `diesAt` on it gets nothing through any more. */
function process(diesAt: { call: number; deed: boolean } | null) {
  const before = discord.calls.length;
  discord.fault = (call) => {
    if (!diesAt || call - before < diesAt.call) return null;
    return { deed: diesAt.deed && call - before === diesAt.call, error: lost() };
  };
  let placedBefore: ReturnType<typeof store.intents> | null = null;
  const broker = brokerWith({
    order: async (_account, id) => {
      // Read once: sixty orders that each read all sixty are a third of what this file costs.
      placedBefore ??= store.intents('p1');
      const intent = (await placedBefore).find(({ brokerOrderId }) => brokerOrderId === id);
      if (!intent) throw new Error('no such order');
      return echo(intent);
    },
    marketSession: async () => ({ open: true, opensAt: null, closesAt: null }),
  });
  const channel = new DiscordChannel(discord.client, 'token');
  const surface = { place: () => 'here' as const, elsewhere: (page: View) => page };
  const telling = composeTelling(
    { channel, surface, words: resultWords('PAPER', { of: () => NAME }) },
    {
      store,
      broker,
      clock,
      log: quiet,
      closingReader: { read: async () => ({ kind: 'nothing' }), readAll: async () => new Map() },
      cancelReader: { read: async () => null },
      exitReader: { read: async () => null },
      foundReader: { read: async () => null },
      fillReader: { read: async () => null },
      lostReader: { read: async () => null },
      openedReader: { read: async () => null },
      reminderContent: { build: async () => null },
      boardReader: { read: async () => null },
      assignedReader: { read: async () => null },
    },
  );
  const { looks, results, reaches, deliverer } = telling;
  const fates = new OrderFates({ broker, store, clock, absentAfterMs: MINUTE });
  const settle = new SettleService({
    store,
    processes: store.processes,
    clock,
    fates,
    results,
    looks,
    reaches,
    log: quiet,
  });
  const end = async () => {
    await settle.stop();
    await looks.stop();
    await deliverer.stop();
  };
  /** Lets time pass until nothing that is to be told waits any more. */
  const delivered = async () => {
    while ((await store.outbox.owed('result')).length > 0) {
      await deliverer.beat();
      await deliverer.idle();
      clock.advance(5_000);
    }
  };
  return { settle, end, results, deliverer, delivered };
}

const text = () =>
  discord.messages.map(({ content, embeds }) => JSON.stringify([content, embeds])).join('\n');
const expectToldOnce = (count: number) => {
  for (let id = 1000; id < 1000 + count; id += 1) {
    expect(text().split(`**Order ${id}**`), `order ${id}`).toHaveLength(2);
  }
  expect(text().split('<@'), 'notifications').toHaveLength(2);
};

onEach(['sqlite memory', 'postgres'], (bench, driver) => {
  let url = '';
  beforeEach(async () => {
    url = await bench.newUrl();
    store = await bench.open(url);
  });

  /** 20 minutes later; where several processes can share a database, who looks then is another one. */
  async function later(): Promise<void> {
    clock.advance(20 * MINUTE);
    if (driver === 'postgres') store = await bench.open(url);
  }

  describe('a result, when its process is killed and another starts 20 minutes later', () => {
    const moments = [1, 2, 3].flatMap((call) => [
      { name: `before call ${call}`, call, deed: false },
      { name: `after call ${call} and before its answer`, call, deed: true },
    ]);
    it.each(
      (driver === 'postgres' ? [30] : [1, 30, 60]).flatMap((count) =>
        moments.map((moment) => ({ ...moment, count })),
      ),
    )('$name to Discord: $count orders are there once each', async ({ call, deed, count }) => {
      await owed(count);
      const first = process({ call, deed });
      await first.settle.settleLeftovers();
      await first.end();
      await later();
      const second = process(null);
      await second.settle.settleLeftovers();
      await second.settle.followed('p1');
      await second.delivered();
      expectToldOnce(count);
      expect(await store.owedResults()).toEqual([]);
      await second.end();
    });
  });

  describe('a result that the channel refuses, told directly', () => {
    it('is not told directly again when its process was killed as that got there, and comes to the channel once it opens', async () => {
      await owed(1);
      const closed = refusal(403, 50_013, 'Missing Permissions');
      const first = process(null);
      let dead = false;
      discord.fault = (_call, name, path) => {
        if (dead) return { deed: false, error: lost() };
        if (name !== 'post' || path === '/users/@me/channels') return null;
        if (path.includes(CHANNEL)) return { deed: false, error: closed };
        dead = true;
        return { deed: true, error: lost() };
      };
      await first.settle.settleLeftovers();
      await first.end();
      expect(discord.messages.map(({ channel_id }) => channel_id)).toEqual([DIRECT]);
      await later();
      const second = process(null);
      let refusals = 3;
      discord.fault = (_call, name, path) => {
        if (name !== 'post' || !path.includes(CHANNEL) || refusals-- <= 0) return null;
        return { deed: false, error: closed };
      };
      await second.settle.settleLeftovers();
      await second.deliverer.beat();
      await second.deliverer.idle();
      expect(discord.messages.map(({ channel_id }) => channel_id)).toEqual([DIRECT]);
      await second.settle.followed('p1');
      await second.delivered();
      expect(discord.messages.map(({ channel_id }) => channel_id)).toEqual([DIRECT, CHANNEL]);
      await second.end();
    });
  });

  describe('a result that has grown since it was posted', () => {
    it.each([0, 1, 2, 3, 4, 5])(
      'is there in full, in its place, and once, though its process was killed at call %i over that',
      async (call) => {
        await owed(60);
        const first = process(null);
        const plan = await store.plan('p1');
        if (!plan) throw new Error('no plan');
        const short = await new ReportReader(brokerWith({}), store, clock, quiet).read(plan);
        const mismatches = [
          { what: 'unreadable' as const, why: 'the price isn’t what was shown '.repeat(9) },
        ];
        const report = { ...short, lines: short.lines.map((line) => ({ ...line, mismatches })) };
        await first.results.first(plan, short, first.results.expect('p1'));
        const before = discord.messages.length;
        await first.end();
        const dying = process({ call, deed: true });
        await dying.results.update(plan, report, true);
        await dying.end();
        // The nonces are forgotten.
        await later();
        const second = process(null);
        await second.delivered();
        await second.results.update(plan, report, true);
        expect(discord.messages.length).toBeGreaterThan(before);
        expectToldOnce(60);
        const [note] = await store.outbox.notes({ kind: 'result', topic: 'p1' });
        expect(note?.pages).toHaveLength(discord.messages.length);
        await second.results.update(plan, short, true);
        expect(discord.messages).toHaveLength(before);
        await second.end();
      },
    );
  });
});
