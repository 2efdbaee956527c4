import type { APIMessage } from 'discord.js';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiscordChannel } from '../../src/bot/channel.js';
import { DiscordMessenger } from '../../src/bot/messenger.js';
import { ChannelRefused, ChannelUnavailable } from '../../src/ports/channel.js';
import type { ReminderContent } from '../../src/services/reminders/content.js';
import { createReminderEngine } from '../../src/services/reminders/engine/index.js';
import { findMissing } from '../../src/services/reminders/kinds/missing-targets.js';
import { at, MINUTE, newReminder, SECOND, T0 } from '../reminders/engine/support/reminders.js';
import { World } from '../reminders/engine/support/world.js';
import { bookOf } from '../reminders/kinds/book.js';
import { CHANNEL, lost, RestChannel, refusal } from './support/rest.js';

let world: World;
let channel: RestChannel;
beforeEach(async () => {
  world = await World.open();
  channel = new RestChannel(() => world.clock.now());
});
afterEach(() => world.close());

const messenger = () =>
  new DiscordMessenger(new DiscordChannel(channel.client, 'token'), 'PAPER', world.clock);

/** So many positions without targets; 100 of them take several pages. */
function told(leadId: number, count: number): ReminderContent {
  const holdings = Array.from({ length: count }, (_, index) => `-1 T${index} 2026-11-27 480 P @ 3.10`);
  const found = { kind: 'missing-targets', findings: findMissing(bookOf({ holdings }), {}) } as const;
  const reminder = {
    ...newReminder({ when: 'market open' }),
    id: 1,
    state: 'active',
    pausedReason: null,
  } as const;
  return {
    leadId,
    userId: '111',
    late: false,
    parts: [{ reminder, account: null, dueAt: T0, alsoMissed: [], found }],
  };
}

const engineOf = (count: number) =>
  createReminderEngine<ReminderContent>({
    store: world.store,
    clock: world.clock,
    market: world.market,
    version: '1',
    random: () => 0,
    messenger: messenger(),
    builder: { build: async (claims) => told(claims[0]?.occurrence.id ?? 0, count) },
    ticker: { start: () => {}, stop: () => {} },
    log: pino({ level: 'silent' }),
  });

const send = (count: number, begun: readonly string[] = []) =>
  messenger().send({ channelId: CHANNEL, nonce: 'remind-7', begun, ...told(7, count) });
const look = () => messenger().findSent(CHANNEL, '7', at(-MINUTE));
const ids = () => channel.messages.map(({ id }) => `${CHANNEL}/${id}`);

const isDone = ({ components = [] }: APIMessage) => JSON.stringify(components).includes('remind:done:');

/** The pages say together what one undisturbed message says, each thing once, and the last one has the buttons. */
function expectWhole(count: number): void {
  const text = channel.messages.map(({ content }) => content).join('\n');
  for (let id = 1; id <= count; id += 1) expect(text.split(`**#${id} T`), `position ${id}`).toHaveLength(2);
  expect(text).not.toContain(`#${count + 1} T`);
  expect(channel.messages.map(isDone)).toEqual(channel.messages.map((_, n, all) => n === all.length - 1));
}

describe('a reminder of several pages', () => {
  it('is found whole by its last page', async () => {
    const { ref } = await send(300);
    expect(channel.messages.length).toBeGreaterThan(2);
    expectWhole(300);
    expect(ref).toBe(ids().at(-1));
    expect(await look()).toEqual({ pages: ids(), whole: true });
    expect(await messenger().findSent(CHANNEL, '77', at(-MINUTE))).toBeNull();
  });

  it.each([
    ['refused', refusal(403, 50_013, 'Missing Permissions')],
    ['limited', refusal(429, 0, 'slow down')],
    ['not connected', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
  ])('counts as perhaps sent once one is out, though the next is %s', async (_how, error) => {
    channel.fault = (call) => (call === 2 ? { deed: false, error } : null);
    const failure = await send(300).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ChannelUnavailable);
    expect(failure).toMatchObject({ maybeSent: true });
    expect(await look()).toEqual({ pages: ids(), whole: false });
    expect(ids()).toHaveLength(1);
  });

  it('is refused like any other while none is out', async () => {
    const error = refusal(403, 50_013, 'Missing Permissions');
    channel.fault = () => ({ deed: false, error });
    await expect(send(300)).rejects.toBeInstanceOf(ChannelRefused);
  });

  it.each([
    ['more', 300],
    ['less', 100],
    ['so little that one page does', 1],
  ])('goes on after the pages that are out, though there is now %s to tell', async (_what, count) => {
    channel.nonceMs = 0;
    channel.fault = (call) => (call === 3 ? { deed: false, error: lost() } : null);
    await expect(send(250)).rejects.toThrow();
    const begun = (await look())?.pages ?? [];
    expect(begun).toHaveLength(2);
    const { ref } = await send(count, begun);
    expectWhole(count);
    expect(ref).toBe(ids().at(-1));
    expect(ids()[0]).toBe(begun[0]);
  });

  it('goes on though somebody removed a page that was out', async () => {
    channel.fault = (call) => (call === 3 ? { deed: false, error: lost() } : null);
    await expect(send(300)).rejects.toThrow();
    const { pages = [] } = (await look()) ?? {};
    channel.messages.shift();
    await send(300, pages);
    expect(isDone(channel.messages.at(-1) as APIMessage)).toBe(true);
  });
});

describe('a channel whose history may not be read', () => {
  it('is no proof that nothing was posted', async () => {
    await send(1);
    channel.readable = false;
    const failure = await look().catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ChannelRefused);
    expect(failure).toMatchObject({ reason: { code: 'CLOSED', why: 'no-history' } });
  });

  it('never gets a message twice: the reminder is paused, and its owner hears why', async () => {
    channel.nonceMs = 0;
    channel.readable = false;
    const [id = 0] = await world.add({ when: '2026-11-23 10:00' });
    channel.fault = (call) => (call === 1 ? { deed: true, error: lost() } : null);
    const bot = engineOf(1);
    for (let minutes = 0; minutes <= 10; minutes += 1) await world.run(bot, at(minutes * MINUTE));
    await bot.stop();
    const reminders = channel.messages.filter(isDone);
    expect(reminders).toHaveLength(1);
    expect(await world.states(id)).toEqual(['failed']);
    const [direct, ...more] = channel.messages.filter(({ content }) =>
      content?.includes('could not deliver'),
    );
    expect(direct?.content).toContain('history');
    expect(more).toEqual([]);
  });
});

describe('delivering several pages', () => {
  it('survives the loss of any call and of another shortly after: each page is there once', async () => {
    for (const deed of [false, true]) {
      for (let first = 1; ; first += 1) {
        await world.close();
        world = await World.open();
        channel = new RestChannel(() => world.clock.now());
        channel.nonceMs = 0;
        const [id = 0] = await world.add({ when: '2026-11-23 10:00' });
        // Twice cut short, so that what was continued has to be continued again.
        channel.fault = (call) => {
          if (call === first || call === first + 3) return { deed, error: lost() };
          return null;
        };
        for (let minutes = 0; minutes <= 60; minutes += 1) {
          world.clock.set(at(minutes * 61 * SECOND));
          const bot = engineOf(60);
          await bot.tick();
          await bot.idle();
          await bot.stop();
        }
        expect(channel.messages.length).toBeGreaterThan(1);
        expectWhole(60);
        expect(await world.states(id)).toContain('sent');
        if (channel.calls.length < first) break;
      }
    }
  }, 60_000);
});
