import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChannelRefused, ChannelUnavailable } from '../../../src/ports/channel.js';
import { outage } from './support/discord.js';
import { at, HOUR, MINUTE, SECOND, T0 } from './support/reminders.js';
import { signal, until, World } from './support/world.js';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

const AFTER_LEASE = at(21 * SECOND);

describe('a process that dies', () => {
  /** A bot that got as far as `call` and never hears of it again. */
  const dyingAt = async (moment: 'before' | 'after') => {
    const bot = world.bot();
    const never = new Promise<never>(() => undefined);
    const reached = signal();
    if (moment === 'after') {
      world.discord.after = () => {
        reached.fire();
        return never;
      };
    } else {
      const { build } = world.builder;
      world.builder.build = () => {
        reached.fire();
        return never;
      };
      void reached.fired.then(() => {
        world.builder.build = build;
      });
    }
    await bot.tick();
    await reached.fired;
    world.discord.after = async () => {};
    // It never stops either: that would give its claims back.
    bot.stop = async () => {};
  };

  it('before sending is stood in for once its lease is over, without a look at the channel', async () => {
    const [id = 0] = await world.add({});
    await dyingAt('before');
    await world.run(world.bot(), at(19 * SECOND));
    expect(world.discord.posted).toEqual([]);
    await world.run(world.bot(), AFTER_LEASE);
    expect(world.discord.calls).toEqual(['send']);
    expect(await world.states(id)).toEqual(['sent']);
  });

  it('after posting has its message found, and nothing is sent', async () => {
    const [id = 0] = await world.add({});
    world.discord.nonceMs = 0;
    await dyingAt('after');
    await world.run(world.bot(), AFTER_LEASE);
    expect(world.discord.calls).toEqual(['send', 'find']);
    expect(await world.store.recent(id, 9)).toMatchObject([{ state: 'sent', messageRef: '800/1' }]);
  });

  it('after posting has its message found even past the grace', async () => {
    const [id = 0] = await world.add({ when: '2026-11-23 10:00' });
    world.discord.nonceMs = 0;
    await dyingAt('after');
    await world.run(world.bot(), at(48 * HOUR));
    expect(await world.states(id)).toEqual(['sent']);
    expect(world.discord.direct).toEqual([]);
  });

  it('in doubt is settled by the nonce where the message is not to be seen yet', async () => {
    await world.add({});
    world.discord.seesPosts = false;
    await dyingAt('after');
    await world.run(world.bot(), AFTER_LEASE);
    expect(world.discord.calls).toEqual(['send', 'find', 'send']);
    expect(world.discord.posted).toHaveLength(1);
  });

  it('between marking and posting has its message sent late with the others, once the look is sure', async () => {
    const ids = await world.add({}, { nextRunAt: at(MINUTE), when: '1 * * * *' });
    const bot = world.bot({ concurrency: 1 });
    const marked = signal();
    const never = new Promise<never>(() => undefined);
    world.discord.post = () => {
      marked.fire();
      return never;
    };
    await bot.tick();
    await marked.fired;
    bot.stop = async () => {};
    Reflect.deleteProperty(world.discord, 'post');
    await world.run(world.bot(), at(5 * MINUTE));
    expect(world.discord.posted.map(({ late, occurrences }) => [late, occurrences.length])).toEqual([
      [true, 2],
    ]);
    for (const id of ids) expect(await world.states(id)).toEqual(['sent']);
  });

  it('with a message of several has it found as one', async () => {
    const ids = await world.add({}, {}, {});
    world.discord.nonceMs = 0;
    world.clock.set(at(10 * MINUTE));
    await dyingAt('after');
    expect(world.discord.posted).toMatchObject([{ late: true }]);
    const bots = [world.bot(), world.bot()];
    world.clock.set(at(20 * MINUTE));
    await Promise.all(bots.map((bot) => bot.tick()));
    await Promise.all(bots.map((bot) => bot.idle()));
    expect(world.discord.posted).toHaveLength(1);
    for (const id of ids) {
      expect(await world.store.recent(id, 1)).toMatchObject([{ state: 'sent', messageRef: '800/1' }]);
    }
  });
});

describe('a database that fails', () => {
  /** Books whose next call of a method fails, before or after it was done. */
  const failing = <Store extends object>(books: Store, method: string, when: 'before' | 'after'): Store => {
    let armed = true;
    return new Proxy(books, {
      get(store, name) {
        const real = (Reflect.get(store, name) as (...args: unknown[]) => Promise<unknown>).bind(store);
        return async (...args: unknown[]) => {
          const fails = armed && name === method;
          if (fails) armed = false;
          if (fails && when === 'before') throw new Error('the database is away');
          const result = await real(...args);
          if (fails) throw new Error('the answer got lost');
          return result;
        };
      },
    });
  };

  it.each([
    ['takeUp', 'after'],
    ['owed', 'before'],
    ['dispatch', 'before'],
    ['dispatch', 'after'],
    ['finish', 'before'],
    ['finish', 'after'],
    ['hold', 'after'],
    ['renew', 'before'],
    ['release', 'before'],
    ['release', 'after'],
    ['due', 'before'],
  ] as const)(
    'at %s (%s it was done) costs time, and neither a message nor a second one',
    async (method, when) => {
      const [id = 0] = await world.add({});
      world.discord.nonceMs = 0;
      const bot = world.bot(
        {},
        {
          store: failing(world.store, method, when),
          outbox: failing(world.outbox, method, when),
        },
      );
      for (let minutes = 0; minutes < 6; minutes++) await world.run(bot, at(minutes * MINUTE));
      expect(world.discord.posted).toHaveLength(1);
      expect(await world.states(id)).toEqual(['sent']);
    },
  );
});

describe('Discord being away', () => {
  it('is met with pauses that double, and at most half of each left to chance', async () => {
    const [id = 0] = await world.add({});
    const bot = world.bot();
    world.discord.before = () => outage();
    const pauses: number[] = [];
    let now = T0;
    for (world.chance of [0, 0, 0, 0.5, 0.999]) {
      await world.run(bot, now);
      const before = world.discord.calls.length;
      // Looks second by second for the next try.
      let next = now;
      while (world.discord.calls.length === before) {
        next = new Date(next.getTime() + SECOND);
        await world.run(bot, next);
      }
      pauses.push((next.getTime() - now.getTime()) / SECOND);
      now = next;
    }
    // The pause after a try is drawn with the chance of that try: the last look of one round is the first of the next.
    expect(pauses).toEqual([5, 10, 20, 40, 120]);
    world.discord.before = () => null;
    await world.run(bot, at(HOUR - 1));
    expect(await world.states(id)).toEqual(['sent']);
  });

  it('waits as long as Discord asked', async () => {
    await world.add({});
    const bot = world.bot();
    world.discord.before = () =>
      new ChannelUnavailable('slow down', { maybeSent: false, retryAfterMs: 5 * MINUTE });
    await world.run(bot, T0);
    world.discord.before = () => null;
    await world.run(bot, at(5 * MINUTE - 1));
    expect(world.discord.posted).toEqual([]);
    await world.run(bot, at(5 * MINUTE));
    expect(world.discord.posted).toMatchObject([{ late: true }]);
  });

  it('holds back what comes behind in the channel, in order and together later; others are served', async () => {
    await world.add({ nextRunAt: at(-2) }, { nextRunAt: at(-1) }, {}, { channelId: 'fine' });
    const bot = world.bot();
    world.discord.before = (_call, channel) => (channel === '800' ? outage() : null);
    await world.run(bot, T0);
    expect(world.discord.posted.map(({ channelId }) => channelId)).toEqual(['fine']);
    expect(world.discord.calls).toHaveLength(2);
    world.discord.before = () => null;
    await world.run(bot, at(10 * MINUTE));
    expect(world.discord.posted.slice(1)).toMatchObject([{ late: true, channelId: '800' }]);
    expect(world.discord.posted[1]?.occurrences).toHaveLength(3);
  });

  it('with an answer lost after posting is settled by looking', async () => {
    const [id = 0] = await world.add({});
    world.discord.nonceMs = 0;
    const bot = world.bot();
    world.discord.after = async () => {
      throw outage(true);
    };
    await world.run(bot, T0);
    world.discord.after = async () => {};
    await world.run(bot, at(MINUTE));
    expect(world.discord.calls).toEqual(['send', 'find']);
    expect(world.discord.posted).toHaveLength(1);
    expect(await world.states(id)).toEqual(['sent']);
  });

  it('with a message in doubt sends it again as it was, and lets nothing join it', async () => {
    await world.add({});
    world.discord.seesPosts = false;
    const bot = world.bot();
    world.discord.after = async () => {
      throw outage(true);
    };
    await world.run(bot, at(5 * MINUTE));
    world.discord.after = async () => {};
    await world.add({ nextRunAt: at(3 * MINUTE) });
    await world.run(bot, at(5 * MINUTE + 15 * SECOND));
    expect(world.discord.calls).toEqual(['send', 'send', 'find', 'send']);
    expect(world.discord.posted.map(({ occurrences }) => occurrences.length)).toEqual([1, 1]);
  });

  it('in a way nobody foresaw counts as perhaps posted', async () => {
    await world.add({});
    world.discord.nonceMs = 0;
    const bot = world.bot();
    world.discord.after = async () => {
      throw new TypeError('cannot read properties of undefined');
    };
    await world.run(bot, T0);
    world.discord.after = async () => {};
    await world.run(bot, at(MINUTE));
    expect(world.discord.posted).toHaveLength(1);
  });

  it('beyond the grace ends in a failed run of which the owner is told once', async () => {
    const [id = 0] = await world.add({ when: '2026-11-23 10:00' });
    const bot = world.bot({ graceMs: HOUR });
    world.discord.before = (call) => (call === 'direct' ? null : outage());
    for (let minutes = 0; minutes <= 55; minutes++) await world.run(bot, at(minutes * MINUTE));
    expect(await world.states(id)).toEqual(['owed']);
    for (let minutes = 56; minutes <= 90; minutes++) await world.run(bot, at(minutes * MINUTE));
    expect(await world.states(id)).toEqual(['failed']);
    expect(world.discord.direct).toHaveLength(1);
    expect(world.discord.direct[0]?.text).toContain('the connection was refused');
    expect(world.discord.direct[0]?.text).not.toContain('may have been posted');
  });

  it('beyond the grace with an answer lost says that it may have been posted', async () => {
    await world.add({ when: '2026-11-23 10:00' });
    const bot = world.bot({ graceMs: MINUTE });
    world.discord.before = (call) => (call === 'direct' ? null : outage(true));
    for (let minutes = 0; minutes <= 5; minutes++) await world.run(bot, at(minutes * MINUTE));
    expect(world.discord.direct).toHaveLength(1);
    expect(world.discord.direct[0]?.text).toContain('may have been posted');
  });
});

describe('content that cannot be put together', () => {
  it('is tried again and does not hold up the channel', async () => {
    const [id = 0] = await world.add({ kind: 'unknown' }, { nextRunAt: at(1) });
    const bot = world.bot();
    await world.run(bot, at(1));
    expect(world.discord.posted).toHaveLength(1);
    await world.store.change(id, { kind: 'fine' });
    await world.run(bot, at(MINUTE));
    expect(await world.states(id)).toEqual(['sent']);
  });
});

describe('a refusal for good', () => {
  const gone = new ChannelRefused('the channel is gone', 10003);
  const refuseChannel = (channel: string) => {
    world.discord.before = (_call, where) => (where === channel ? gone : null);
  };

  it('pauses the reminders of the channel with the reason, and tells their owner in one message', async () => {
    const ids = await world.add({ userId: '1' }, { userId: '1' }, { userId: '1', channelId: 'fine' });
    refuseChannel('800');
    const bot = world.bot();
    for (let minutes = 0; minutes < 5; minutes++) await world.run(bot, at(minutes * MINUTE));
    for (const id of ids.slice(0, 2)) {
      expect(await world.store.reminder(id)).toMatchObject({
        state: 'paused',
        pausedReason: 'the channel is gone',
        nextRunAt: null,
      });
    }
    expect(await world.store.reminder(ids[2]!)).toMatchObject({ state: 'active' });
    expect(world.discord.direct).toHaveLength(1);
    expect(world.discord.direct[0]).toMatchObject({ userId: '1' });
    expect(world.discord.direct[0]?.text.match(/is paused: the channel is gone/g)).toHaveLength(2);
  });

  it('is told once though several processes meet it, and again after another pause', async () => {
    const [id = 0] = await world.add({});
    refuseChannel('800');
    const bots = [world.bot(), world.bot()];
    const rounds = async (from: number) => {
      for (let minutes = from; minutes < from + 4; minutes++) {
        for (const bot of bots) await world.run(bot, at(minutes * MINUTE));
      }
    };
    await rounds(0);
    expect(world.discord.direct).toHaveLength(1);
    await world.store.change(id, { state: 'active', nextRunAt: at(10 * MINUTE) });
    await rounds(10);
    expect(world.discord.direct).toHaveLength(2);
  });

  it('of the direct message as well is let be', async () => {
    await world.add({});
    world.discord.before = () => gone;
    const bot = world.bot();
    for (let minutes = 0; minutes < 10; minutes++) await world.run(bot, at(minutes * MINUTE));
    expect(world.discord.calls.filter((call) => call === 'direct')).toHaveLength(1);
  });

  it('is told later where direct messages do not get through now', async () => {
    await world.add({});
    world.discord.before = (call) => (call === 'direct' ? outage() : gone);
    const bot = world.bot();
    await world.run(bot, T0);
    refuseChannel('800');
    for (let minutes = 1; minutes < 5; minutes++) await world.run(bot, at(minutes * MINUTE));
    expect(world.discord.direct).toHaveLength(1);
  });

  it.each([
    ['within minutes', 40 * SECOND, 5 * MINUTE],
    ['much later', 3 * HOUR, 0],
  ])('told by a process that died in mid-sentence is not told twice %s', async (_when, later, nonceMs) => {
    await world.add({});
    refuseChannel('800');
    world.discord.nonceMs = nonceMs;
    world.discord.after = () => new Promise(() => undefined);
    const bot = world.bot();
    await bot.tick();
    await bot.idle();
    void bot.tick();
    await until(() => world.discord.direct.length === 1);
    bot.stop = async () => {};
    world.discord.after = async () => {};
    const heir = world.bot();
    for (let n = 0; n < 4; n++) await world.run(heir, at(later + n * MINUTE));
    expect(world.discord.direct).toHaveLength(1);
  });
});
