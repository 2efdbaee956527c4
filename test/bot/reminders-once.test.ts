import type { APIMessage } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiscordChannel } from '../../src/bot/channel.js';
import { reminderWords, setbackWords } from '../../src/screens/reminders/words.js';
import type { View } from '../../src/screens/view.js';
import type { ReminderContent } from '../../src/services/reminders/content.js';
import { ReminderSaying, SetbackSaying } from '../../src/services/reminders/engine/index.js';
import { findMissing } from '../../src/services/reminders/kinds/missing-targets.js';
import { at, MINUTE, newReminder, SECOND, T0 } from '../reminders/engine/support/reminders.js';
import { World } from '../reminders/engine/support/world.js';
import { bookOf } from '../reminders/kinds/book.js';
import { CHANNEL, DIRECT, lost, RestChannel, refusal } from './support/rest.js';

let world: World;
let discord: RestChannel;
beforeEach(async () => {
  world = await World.open();
  discord = new RestChannel(() => world.clock.now());
});
afterEach(() => world.close());

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

/** A process whose reminders find so many positions without targets. */
function bot(count: number) {
  const { store, outbox, clock } = world;
  const builder = {
    build: async (owed: readonly { occurrence: { leadId: number | null } }[]) =>
      told(owed[0]?.occurrence.leadId ?? 0, count),
  };
  const channel = new DiscordChannel(discord.client, 'token');
  const words = reminderWords('PAPER');
  return world.botWith<View>(
    {},
    { store, outbox, channel },
    {
      reminder: new ReminderSaying({ store, builder, words, clock, random: () => 0 }),
      notice: new SetbackSaying({ store, words: setbackWords }),
    },
  );
}

/** Another process, one look after the other, until the message is out or given up. */
async function looks(count: number, minutes: readonly number[]): Promise<void> {
  for (const minute of minutes) {
    world.clock.set(at(minute * 61 * SECOND));
    const process = bot(count);
    await process.tick();
    await process.idle();
    await process.stop();
  }
}

const once = () => world.add({ when: '2026-11-23 10:00' });
const inChannel = () => discord.messages.filter(({ channel_id }) => channel_id === CHANNEL);
const isDone = ({ components = [] }: APIMessage) => JSON.stringify(components).includes('remind:done:');
const refOf = async (id: number) => (await world.store.recent(id, 1))[0]?.messageRef;

/** The pages say together what one undisturbed message says, each thing once, and the last one has the buttons. */
function expectWhole(count: number): void {
  const text = inChannel()
    .map(({ content }) => content)
    .join('\n');
  for (let id = 1; id <= count; id += 1) expect(text.split(`**#${id} T`), `position ${id}`).toHaveLength(2);
  expect(text).not.toContain(`#${count + 1} T`);
  expect(inChannel().map(isDone)).toEqual(inChannel().map((_, n, all) => n === all.length - 1));
}

describe('a reminder of several pages', () => {
  it('is out whole, and its place is that of its last page', async () => {
    const [id = 0] = await once();
    await looks(300, [0]);
    expect(inChannel().length).toBeGreaterThan(2);
    expectWhole(300);
    expect(await refOf(id)).toBe(`${CHANNEL}/${inChannel().at(-1)?.id}`);
  });

  it.each([
    ['refused', refusal(403, 50_013, 'Missing Permissions')],
    ['limited', refusal(429, 0, 'slow down')],
    ['not connected', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
  ])('goes on after the page that is out, though the next was %s at first', async (_how, error) => {
    const [id = 0] = await once();
    discord.nonceMs = 0;
    discord.fault = (call) => (call === 2 ? { deed: false, error } : null);
    await looks(300, [0]);
    expect(inChannel()).toHaveLength(1);
    expect(await world.states(id)).toEqual(['owed']);
    await looks(300, [1]);
    expectWhole(300);
    expect(await world.states(id)).toEqual(['sent']);
  });

  it('is refused like any other while none is out, and its owner told', async () => {
    const [id = 0] = await once();
    const error = refusal(403, 50_013, 'Missing Permissions');
    discord.fault = (_call, _name, path) => (path.includes(CHANNEL) ? { deed: false, error } : null);
    await looks(300, [0, 1]);
    expect(await world.states(id)).toEqual(['failed']);
    expect(discord.messages.map(({ channel_id }) => channel_id)).toEqual([DIRECT]);
  });

  it.each([
    ['more', 300],
    ['less', 100],
    ['so little that one page does', 1],
  ])('goes on after the pages that are out, though there is now %s to tell', async (_what, count) => {
    const [id = 0] = await once();
    discord.nonceMs = 0;
    discord.fault = (call) => (call === 3 ? { deed: false, error: lost() } : null);
    await looks(250, [0]);
    const [first, ...more] = inChannel();
    expect(more).toHaveLength(1);
    await looks(count, [1]);
    expectWhole(count);
    expect(inChannel()[0]?.id).toBe(first?.id);
    expect(await refOf(id)).toBe(`${CHANNEL}/${inChannel().at(-1)?.id}`);
  });

  it('goes on though somebody removed a page that was out', async () => {
    const [id = 0] = await once();
    discord.nonceMs = 0;
    discord.fault = (call) => (call === 3 ? { deed: false, error: lost() } : null);
    await looks(300, [0]);
    discord.messages.shift();
    await looks(300, [1]);
    expect(isDone(inChannel().at(-1) as APIMessage)).toBe(true);
    expect(await world.states(id)).toEqual(['sent']);
  });
});

describe('a channel whose history may not be read', () => {
  it('never gets a message twice: the reminder is paused, and its owner hears why', async () => {
    discord.nonceMs = 0;
    discord.readable = false;
    const [id = 0] = await once();
    discord.fault = (call) => (call === 1 ? { deed: true, error: lost() } : null);
    await looks(1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(inChannel().filter(isDone)).toHaveLength(1);
    expect(await world.states(id)).toEqual(['failed']);
    const notices = discord.messages.filter(({ content }) => content.includes('could not deliver'));
    expect(notices.map(({ content }) => content.includes('history'))).toEqual([true]);
  });
});

describe('killed at any call, and started again', () => {
  it.each([
    ['a minute', 1],
    ['20 minutes', 20],
  ])(
    '%s later, and killed again: each page is there once',
    async (_when, minutes) => {
      for (const deed of [false, true]) {
        for (let first = 1; ; first += 1) {
          await world.close();
          world = await World.open();
          discord = new RestChannel(() => world.clock.now());
          discord.nonceMs = minutes === 1 ? 0 : 5 * MINUTE;
          const [id = 0] = await once();
          // Twice cut short, so that what was continued has to be continued again.
          discord.fault = (call) => (call === first || call === first + 3 ? { deed, error: lost() } : null);
          for (let start = 0; start <= 60 && !(await world.states(id)).includes('sent'); start += minutes) {
            await looks(60, [start]);
          }
          expect(inChannel().length).toBeGreaterThan(1);
          expectWhole(60);
          expect(await world.states(id)).toContain('sent');
          if (discord.calls.length < first) break;
        }
      }
    },
    60_000,
  );

  it('a notice that its process got out as it died is told no second time, 20 minutes later', async () => {
    const [id = 0] = await once();
    const closed = refusal(403, 50_013, 'Missing Permissions');
    let dead = false;
    discord.fault = (_call, name, path) => {
      if (path.includes(CHANNEL)) return { deed: false, error: closed };
      if (dead) return { deed: false, error: lost() };
      if (name !== 'post' || !path.includes(DIRECT)) return null;
      dead = true;
      return { deed: true, error: lost() };
    };
    await looks(1, [0, 1]);
    expect(discord.messages).toHaveLength(1);
    discord.fault = (_call, _name, path) => (path.includes(CHANNEL) ? { deed: false, error: closed } : null);
    await looks(1, [21, 22, 60]);
    expect(discord.messages).toHaveLength(1);
    expect(await world.states(id)).toEqual(['failed']);
    expect(await world.store.setbacks(1)).toEqual([]);
  });
});
