import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outage } from './support/discord.js';
import { at, HOUR, MINUTE, SECOND, T0 } from './support/reminders.js';
import { signal, until, World } from './support/world.js';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

describe('a run that is due', () => {
  it('is posted to its channel, once, and its place written down', async () => {
    const [id = 0] = await world.add({ channelId: '801' });
    const bot = world.bot();
    for (const seconds of [0, 5, 10, 30, 90]) await world.run(bot, at(seconds * SECOND));
    expect(world.discord.posted).toMatchObject([
      { channelId: '801', late: false, text: `${id} ${T0.toISOString()}` },
    ]);
    const [run] = await world.store.recent(id, 9);
    expect(run).toMatchObject({ state: 'sent', messageRef: '801/1', finishedAt: T0 });
    expect(world.discord.posted[0]?.nonce.length).toBeLessThanOrEqual(25);
    await world.run(bot, at(HOUR));
    expect(world.discord.posted).toHaveLength(2);
    expect(new Set(world.discord.posted.map(({ nonce }) => nonce)).size).toBe(2);
  });

  it('asks nobody anything while nothing is due', async () => {
    await world.add({});
    await world.run(world.bot(), at(-1));
    expect([world.builder.built, world.discord.calls.length]).toEqual([0, 0]);
  });

  it('says nothing where there is nothing to say', async () => {
    const [id = 0] = await world.add({ kind: 'quiet' });
    await world.run(world.bot(), T0);
    expect(world.discord.calls).toEqual([]);
    expect(await world.states(id)).toEqual(['empty']);
  });

  it('is no longer told once its reminder is removed while the message is put together', async () => {
    const [id = 0, other = 0] = await world.add({}, { channelId: '801' });
    const { build } = world.builder;
    world.builder.build = async (claims, telling) => {
      await world.store.remove(id);
      return build.call(world.builder, claims, telling);
    };
    await world.run(world.bot(), T0);
    expect(world.discord.posted.map(({ channelId }) => channelId)).toEqual(['801']);
    expect(await world.states(other)).toEqual(['sent']);
  });
});

const instants = async (id: number) => (await world.store.recent(id, 99)).map(({ dueAt }) => +dueAt);

describe('what comes late', () => {
  it('is one message per channel and owner, marked as late, each run once', async () => {
    const ids = await world.add(
      { channelId: 'a', userId: '1' },
      { channelId: 'a', userId: '1', nextRunAt: at(HOUR) },
      { channelId: 'a', userId: '2' },
      { channelId: 'b', userId: '1' },
    );
    await world.run(world.bot({ atOnce: 1 }), at(3 * HOUR + 30 * MINUTE));
    const shown = world.discord.posted.map(({ channelId, late, occurrences }) => [
      channelId,
      late,
      occurrences.length,
    ]);
    expect(shown.sort()).toEqual([
      ['a', true, 1],
      ['a', true, 2],
      ['b', true, 1],
    ]);
    expect(await world.states(ids[0]!)).toEqual(['missed', 'missed', 'missed', 'sent']);
    expect(await world.states(ids[1]!)).toEqual(['missed', 'missed', 'sent']);
  });

  it('is late after two minutes and not before', async () => {
    await world.add({ userId: '1' }, { userId: '1' });
    await world.run(world.bot(), at(2 * MINUTE));
    expect(world.discord.posted.map(({ late }) => late)).toEqual([false, false]);
    await world.run(world.bot(), at(HOUR + 2 * MINUTE + 1));
    expect(world.discord.posted.slice(2)).toMatchObject([{ late: true }]);
  });

  it('is posted up to the end of the grace, and noted after it', async () => {
    const [inTime = 0, tooLate = 0] = await world.add(
      { when: '2026-11-23 10:00' },
      { when: '2026-11-23 9:59', nextRunAt: at(-MINUTE) },
    );
    await world.run(world.bot({ graceMs: HOUR }), at(HOUR));
    expect(await world.states(inTime)).toEqual(['sent']);
    expect(await world.states(tooLate)).toEqual(['missed']);
    expect(world.discord.posted).toHaveLength(1);
    expect(world.discord.direct).toEqual([]);
  });

  it('is told however the clock jumped ahead, and nothing twice when it jumps back', async () => {
    const [id = 0] = await world.add({});
    const bot = world.bot();
    await world.run(bot, T0);
    await world.run(bot, at(30 * 24 * HOUR));
    expect(world.discord.posted).toMatchObject([{ late: false }, { late: false }]);
    for (const hours of [0, -5, 1]) await world.run(bot, at(hours * HOUR));
    expect(world.discord.posted).toHaveLength(2);
    expect(await world.states(id)).toHaveLength(new Set(await instants(id)).size);
  });

  it('goes on by the clock that is right again, though a wrong one had planned the next run far ahead', async () => {
    const [id = 0] = await world.add({});
    const bot = world.bot();
    await world.run(bot, T0);
    await world.run(bot, at(30 * 24 * HOUR));
    await world.run(bot, at(90 * MINUTE));
    await bot.replanned();
    expect((await world.store.reminder(id))?.nextRunAt).toEqual(at(2 * HOUR));
    await world.run(bot, at(2 * HOUR));
    await world.run(bot, at(3 * HOUR));
    const onTime = world.discord.posted.filter(({ late }) => !late).map((message) => +message.at);
    expect(onTime).toEqual([T0, at(30 * 24 * HOUR), at(2 * HOUR), at(3 * HOUR)].map(Number));
    // What the wrong clock was told of is over, also when its hour really comes.
    await world.run(bot, at(30 * 24 * HOUR));
    await world.run(bot, at(30 * 24 * HOUR + 30 * MINUTE));
    expect(world.discord.posted).toHaveLength(4);
  });

  it('is worked out anew by the next start where the process ends before it is done', async () => {
    const [id = 0] = await world.add({});
    const bot = world.bot();
    await world.run(bot, at(30 * 24 * HOUR));
    await bot.replanned();
    const broken = world.store.activeAfter;
    world.store.activeAfter = () => Promise.reject(new Error('the database is away'));
    await world.run(bot, at(90 * MINUTE));
    await bot.replanned();
    await bot.stop();
    world.store.activeAfter = broken;
    const heir = world.bot();
    await world.run(heir, at(100 * MINUTE));
    await heir.replanned();
    expect((await world.store.reminder(id))?.nextRunAt).toEqual(at(2 * HOUR));
  });
});

describe('what a reminder still owes when its owner pauses it', () => {
  it('stays unsaid: a run put off, a snooze, and one that waits its turn', async () => {
    const [putOff = 0, snoozed = 0] = await world.add({}, { when: '2026-11-23 10:00', channelId: '801' });
    const bot = world.bot();
    world.discord.before = (_call, where) => (where === '800' ? outage() : null);
    await world.run(bot, T0);
    await world.store.snooze(snoozed, at(HOUR));
    for (const id of [putOff, snoozed]) await world.store.pause(id, at(MINUTE));
    world.discord.before = () => null;
    await world.run(bot, at(HOUR));
    expect(world.discord.posted.map(({ channelId }) => channelId)).toEqual(['801']);
    expect(await world.states(putOff)).toEqual(['missed']);
    expect(await world.states(snoozed)).toEqual(['sent', 'missed']);
    expect(world.discord.direct).toEqual([]);
  });

  it('is not sent by the process that holds it already', async () => {
    const [id = 0] = await world.add({});
    const build = world.builder.build;
    world.builder.build = async (claims, telling) => {
      await world.store.pause(id, T0);
      return build.call(world.builder, claims, telling);
    };
    await world.run(world.bot(), T0);
    expect(world.discord.posted).toEqual([]);
    expect(await world.states(id)).toEqual(['missed']);
  });

  it('is still settled where its message may have left: then it is looked for, not forgotten', async () => {
    const [id = 0] = await world.add({});
    world.discord.after = async (call) => {
      if (call === 'send') throw outage(true);
    };
    const bot = world.bot();
    await world.run(bot, T0);
    await world.store.pause(id, at(SECOND));
    await world.run(bot, at(MINUTE));
    expect(world.discord.posted).toHaveLength(1);
    expect(await world.states(id)).toEqual(['sent']);
  });
});

describe('a burst', () => {
  it('serves channels in turn, each in order, so many at once and one per channel', async () => {
    const many = Array.from({ length: 60 }, (_, n) => ({ channelId: 'busy', nextRunAt: at(n) }));
    const few = ['b', 'c', 'd', 'e', 'f', 'g'].map((channelId) => ({ channelId, nextRunAt: at(100) }));
    await world.add(...many, ...few);
    const open = new Map<string, number>();
    const full = signal();
    world.discord.after = async (_call, channel) => {
      open.set(channel, (open.get(channel) ?? 0) + 1);
      expect(open.get(channel)).toBe(1);
      if (world.discord.underWay === 3) full.fire();
      // Nobody is answered before as many are under way as may be.
      await full.fired;
      open.set(channel, 0);
    };
    await world.run(world.bot({ concurrency: 3, atOnce: 10 }), at(MINUTE));
    const { posted, most } = world.discord;
    expect(posted).toHaveLength(66);
    expect(most).toBe(3);
    const last = Math.max(...few.map(({ channelId }) => posted.findIndex((m) => m.channelId === channelId)));
    expect(last).toBeLessThan(20);
    const order = posted
      .filter(({ channelId }) => channelId === 'busy')
      .map(({ occurrences }) => occurrences[0]);
    expect(order).toEqual([...order].sort((a = 0, b = 0) => a - b));
  });

  it('lets the event loop turn between any two messages of one lane', async () => {
    await world.add(...Array.from({ length: 300 }, (_, n) => ({ channelId: String(n % 10) })));
    let [turns, running] = [0, true];
    const turn = () => {
      turns += 1;
      if (running) setImmediate(turn);
    };
    let [seen, most] = [0, 0];
    const sentPerTurn = new Map<number, number>();
    world.discord.after = async () => {
      seen += 1;
      sentPerTurn.set(turns, (sentPerTurn.get(turns) ?? 0) + 1);
      most = Math.max(most, sentPerTurn.get(turns) ?? 0);
    };
    setImmediate(turn);
    await world.run(world.bot({ concurrency: 4 }), T0);
    running = false;
    expect(seen).toBe(300);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('whose message takes longer than a lease stays with its process as long as that ticks', async () => {
    await world.add({});
    const [one, other] = [world.bot(), world.bot()];
    const hold = signal();
    world.discord.after = () => hold.fired;
    await one.tick();
    await until(() => world.discord.posted.length === 1);
    for (let seconds = 15; seconds <= 300; seconds += 15) {
      world.clock.set(at(seconds * SECOND));
      await one.tick();
      await world.run(other, at(seconds * SECOND));
    }
    expect(world.discord.calls).toEqual(['send']);
    hold.fire();
    await one.idle();
    expect(world.discord.calls).toEqual(['send']);
  });
});

describe('several processes', () => {
  it('send each run once between them', async () => {
    const ids = await world.add(...Array.from({ length: 30 }, (_, n) => ({ channelId: String(n % 4) })));
    const bots = [world.bot({ atOnce: 4 }), world.bot({ atOnce: 3 }), world.bot()];
    await Promise.all(bots.map((bot) => bot.tick()));
    await Promise.all(bots.map((bot) => bot.idle()));
    expect(world.discord.posted.flatMap(({ occurrences }) => occurrences).sort()).toHaveLength(30);
    for (const id of ids) expect(await world.states(id)).toEqual(['sent']);
  });

  it('take over from one that fell asleep, which then sends nothing more', async () => {
    const ids = await world.add({}, {}, {});
    world.discord.nonceMs = 0;
    const [sleeper, other] = [world.bot(), world.bot()];
    const hold = signal();
    world.discord.after = () => hold.fired;
    await sleeper.tick();
    await until(() => world.discord.posted.length === 1);
    // The sleeper's first message is out, unanswered; its lease runs out.
    world.discord.after = async () => {};
    await world.run(other, at(10 * MINUTE));
    hold.fire();
    await sleeper.idle();
    await world.run(sleeper, at(11 * MINUTE));
    const told = world.discord.posted.flatMap(({ occurrences }) => occurrences);
    expect(told).toHaveLength(3);
    expect(new Set(told).size).toBe(3);
    for (const id of ids) expect(await world.states(id)).toEqual(['sent']);
  });
});

describe('stopping', () => {
  it('finishes what is being sent and gives back the rest, for another to send at once', async () => {
    await world.add({}, {}, { channelId: '801' });
    const bot = world.bot();
    const hold = signal();
    world.discord.after = () => hold.fired;
    await bot.tick();
    await until(() => world.discord.posted.length === 2);
    const stopped = bot.stop();
    await bot.tick();
    hold.fire();
    await stopped;
    expect(world.discord.posted).toHaveLength(2);
    await world.run(world.bot(), at(1));
    expect(world.discord.posted).toHaveLength(3);
    expect(new Set(world.discord.posted.map(({ nonce }) => nonce)).size).toBe(3);
  });

  it('may be asked for twice', async () => {
    const bot = world.bot();
    await bot.tick();
    await Promise.all([bot.stop(), bot.stop()]);
    await world.add({});
    await bot.tick();
    expect(world.discord.posted).toEqual([]);
  });
});
