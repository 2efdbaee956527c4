import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReminderStore } from '../../../src/ports/reminder-store.js';
import { CronTicker } from '../../../src/scheduler/cron-ticker.js';
import { DEFAULT_RULES } from '../../../src/services/reminders/engine/rules.js';
import { pauseBefore } from '../../../src/services/telling/pauses.js';
import { at, DAY, HOUR, SECOND, T0 } from './support/reminders.js';
import { signal, World } from './support/world.js';

describe('the reminder clock', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.close());

  /** Counts the calls of each method. */
  const counting = () => {
    const calls = new Map<string, number>();
    const store = new Proxy(world.store, {
      get(real, name: keyof ReminderStore) {
        calls.set(name, (calls.get(name) ?? 0) + 1);
        return (real[name] as (...args: unknown[]) => unknown).bind(real);
      },
    });
    return { store, calls };
  };

  it('never looks twice at a time', async () => {
    const { store, calls } = counting();
    const bot = world.bot({}, { store });
    await Promise.all([bot.tick(), bot.tick(), bot.tick()]);
    expect(calls.get('takeUp')).toBe(1);
    await bot.tick();
    expect(calls.get('takeUp')).toBe(2);
  });

  it('asks the database one thing per look while nothing is due', async () => {
    const { store, calls } = counting();
    const bot = world.bot({}, { store });
    await world.add({ nextRunAt: at(DAY) });
    await world.run(bot, T0);
    await bot.replanned();
    calls.clear();
    for (let n = 1; n <= 10; n++) {
      world.clock.set(at(n * 5 * SECOND));
      await bot.tick();
    }
    expect(Object.fromEntries(calls)).toEqual({ takeUp: 10 });
  });

  it('goes on after any failure of a look', async () => {
    const { store } = counting();
    let broken = true;
    const failing = new Proxy(store, {
      get(real, name: keyof ReminderStore) {
        if (broken) throw new Error('the database is away');
        return real[name];
      },
    });
    const bot = world.bot({}, { store: failing });
    await world.add({});
    for (let n = 0; n < 3; n++) await bot.tick();
    broken = false;
    await world.run(bot, T0);
    expect(world.discord.posted).toHaveLength(1);
  });

  it('forgets what was over long ago, by and by', async () => {
    const [id = 0] = await world.add({ when: '2026-11-23 10:00' });
    const bot = world.bot();
    await world.run(bot, T0);
    await world.run(bot, at(DEFAULT_RULES.keepMs));
    expect(await world.states(id)).toEqual(['sent']);
    await world.run(bot, at(DEFAULT_RULES.keepMs + HOUR));
    expect(await world.states(id)).toEqual([]);
  });

  it('stops only when a look under way is over, and then claims nothing any more', async () => {
    await world.add({});
    const hold = signal();
    const { store } = counting();
    const slow = new Proxy(store, {
      get(real, name: keyof ReminderStore) {
        if (name !== 'takeUp') return real[name];
        return async (...args: Parameters<ReminderStore['takeUp']>) => {
          const owed = await real.takeUp(...args);
          await hold.fired;
          return owed;
        };
      },
    });
    const bot = world.bot({}, { store: slow });
    const look = bot.tick();
    const stopped = bot.stop();
    hold.fire();
    await Promise.all([look, stopped]);
    await world.run(world.bot(), at(SECOND));
    expect(world.discord.posted).toHaveLength(1);
  });
});

describe('the pause before a further try', () => {
  it.each([
    [1, 0, 5],
    [1, 0.999, 10],
    [2, 0, 10],
    [4, 0.5, 60],
    [7, 0, 300],
    [1_000, 0.999, 600],
  ])('after try %d with chance %d is about %d s', (attempts, chance, seconds) => {
    expect(Math.round(pauseBefore(attempts, chance) / SECOND)).toBe(seconds);
  });
});

describe('the ticker', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: T0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const started = () => {
    const at: string[] = [];
    const ticker = new CronTicker(pino({ level: 'silent' }));
    ticker.start(() => at.push(new Date().toISOString().slice(11, 19)));
    return { ticker, at };
  };

  it('calls every five seconds until it is stopped', async () => {
    const { ticker, at } = started();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(at).toEqual(['15:00:05', '15:00:10', '15:00:15']);
    ticker.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(at).toHaveLength(3);
  });

  it('leaves no timer behind that would keep the process', () => {
    // All in one turn: what other code of this process does with timers meanwhile doesn't count here.
    const before = vi.getTimerCount();
    const { ticker } = started();
    expect(vi.getTimerCount()).toBeGreaterThan(before);
    ticker.stop();
    expect(vi.getTimerCount()).toBe(before);
  });

  it.each([
    ['back an hour', '2026-11-23T14:00:02Z'],
    ['ahead by a night', '2026-11-24T03:00:02Z'],
    ['ahead by 56 years, as where a machine learns the time only after its start', '2082-11-24T03:00:02Z'],
  ])('calls at once and goes on when the clock jumps %s', async (_way, then) => {
    const { ticker, at } = started();
    await vi.advanceTimersByTimeAsync(6_000);
    at.length = 0;
    vi.setSystemTime(new Date(then));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(at).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(at).toHaveLength(3);
    ticker.stop();
  });
});
