import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiscordAnnouncer } from '../../src/bot/announcer.js';
import { DiscordChannel } from '../../src/bot/channel.js';
import { type BotStore, openStore } from '../../src/db/index.js';
import { OrderFates } from '../../src/services/orders/fates.js';
import { SettleService } from '../../src/services/orders/settle.js';
import { FreshLooks } from '../../src/services/telling/fresh-looks.js';
import { ReportReader } from '../../src/services/telling/report-reader.js';
import { ResultTeller } from '../../src/services/telling/result-teller.js';
import { newIntent, newPlan, placed, rememberOne } from '../db/support/builders.js';
import { BriskClock } from '../services/support/brisk-clock.js';
import { brokerWith, CHANNEL, echo } from '../services/support/builders.js';
import { DIRECT, lost, RestChannel, refusal } from './support/rest.js';

const quiet = pino({ level: 'silent' });
const MINUTE = 60_000;

let clock: BriskClock;
let store: BotStore;
let discord: RestChannel;
beforeEach(async () => {
  clock = new BriskClock('2026-11-23T15:00:01Z');
  store = await openStore('sqlite::memory:', { logger: quiet });
  discord = new RestChannel(() => clock.now());
});
afterEach(() => store.close());

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
  const broker = brokerWith({
    order: async (_account, id) => {
      const intents = await store.intents('p1');
      const intent = intents.find(({ brokerOrderId }) => brokerOrderId === id);
      if (!intent) throw new Error('no such order');
      return echo(intent);
    },
    marketSession: async () => ({ open: true, opensAt: null, closesAt: null }),
  });
  const announcer = new DiscordAnnouncer(new DiscordChannel(discord.client, 'token'), 'PAPER', quiet);
  const reports = new ReportReader(broker, store, clock, quiet);
  const looks = new FreshLooks({ store, reports, clock, announcer, log: quiet });
  const fates = new OrderFates({ broker, store, clock, absentAfterMs: MINUTE });
  const teller = new ResultTeller({ store, clock, announcer, reports, looks });
  const settle = new SettleService({ store, clock, announcer, fates, teller, reports, looks, log: quiet });
  const end = async () => {
    await settle.stop();
    await looks.stop();
  };
  return { settle, end, announcer };
}

const text = () =>
  discord.messages.map(({ content, embeds }) => JSON.stringify([content, embeds])).join('\n');
const expectToldOnce = (count: number) => {
  for (let id = 1000; id < 1000 + count; id += 1) {
    expect(text().split(`**Order ${id}**`), `order ${id}`).toHaveLength(2);
  }
  expect(text().split('<@'), 'notifications').toHaveLength(2);
};

describe('a result, when its process is killed and another starts 20 minutes later', () => {
  const moments = [1, 2, 3].flatMap((call) => [
    { name: `before call ${call}`, call, deed: false },
    { name: `after call ${call} and before its answer`, call, deed: true },
  ]);
  it.each([1, 30, 60].flatMap((count) => moments.map((moment) => ({ ...moment, count }))))(
    '$name to Discord: $count orders are there once each',
    async ({ call, deed, count }) => {
      await owed(count);
      const first = process({ call, deed });
      await first.settle.settleLeftovers();
      await first.end();
      clock.advance(20 * MINUTE);
      const second = process(null);
      await second.settle.settleLeftovers();
      await second.settle.followed('p1');
      expectToldOnce(count);
      expect(await store.unreportedPlans()).toEqual([]);
      await second.end();
    },
  );
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
    clock.advance(20 * MINUTE);
    const second = process(null);
    let refusals = 3;
    discord.fault = (_call, name, path) => {
      if (name !== 'post' || !path.includes(CHANNEL) || refusals-- <= 0) return null;
      return { deed: false, error: closed };
    };
    await second.settle.settleLeftovers();
    expect(discord.messages.map(({ channel_id }) => channel_id)).toEqual([DIRECT]);
    await second.settle.followed('p1');
    expect(discord.messages.map(({ channel_id }) => channel_id)).toEqual([DIRECT, CHANNEL]);
    await second.end();
  });
});

describe('a result that has grown since it was posted', () => {
  it('is there in full, in its place, and once', async () => {
    await owed(60);
    const { announcer, end } = process(null);
    const plan = await store.plan('p1');
    if (!plan) throw new Error('no plan');
    const reader = new ReportReader(brokerWith({}), store, clock, quiet);
    const short = await reader.read(plan);
    const posted = await announcer.post(plan, { ...short, lines: short.lines.slice(0, 20) }, 'anywhere');
    const before = discord.messages.length;
    const moved = await announcer.update(plan, posted?.ref ?? '', short);
    expect(discord.messages.length).toBeGreaterThan(before);
    expectToldOnce(60);
    if (typeof moved !== 'object') throw new Error(moved);
    expect(moved.ref.split(',')).toHaveLength(discord.messages.length);
    // The process died before it could write that down, and the nonces are forgotten.
    clock.advance(20 * MINUTE);
    expect(await announcer.update(plan, posted?.ref ?? '', short)).toEqual(moved);
    expectToldOnce(60);
    await announcer.update(plan, moved.ref, { ...short, lines: short.lines.slice(0, 20) });
    expect(discord.messages).toHaveLength(before);
    await end();
  });
});
