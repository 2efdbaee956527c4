import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { calendarFrom } from '../../../src/domain/calendar/calendar.js';
import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import type { Reminder } from '../../../src/ports/reminder-store.js';
import { reasonText } from '../../../src/screens/reasons.js';
import { replanned } from '../../../src/services/reminders/engine/replan.js';
import { at, DAY, everyMinutes, HOUR, MINUTE, newReminder, T0 } from './support/reminders.js';
import { World } from './support/world.js';

const reminder: Reminder = { ...newReminder(), id: 1, state: 'active', pausedReason: null };

/** Runs once a day, `shift` milliseconds after 15:00 UTC. */
const daily =
  (shift = 0) =>
  (_: Reminder, after: Date) =>
    at((Math.floor((after.getTime() - shift - T0.getTime()) / DAY) + 1) * DAY + shift);

const plan = (now: Date, planned: Date, last: Date | null, next: Parameters<typeof replanned>[2]) =>
  replanned(reminder, { now, planned, last }, next);

describe('the next run under a new reckoning', () => {
  it('stays where the new reckoning agrees', () => {
    expect(plan(at(1), at(DAY), T0, daily())).toEqual(at(DAY));
  });

  it.each([
    ['later', HOUR],
    ['earlier', -HOUR],
  ])('moves with a zone whose clocks now go %s', (_way, shift) => {
    expect(plan(at(8 * HOUR), at(DAY), T0, daily(shift))).toEqual(at(DAY + shift));
  });

  it('does not repeat a run that was, at the hour that would now be its own', () => {
    // It ran at 15:00; by the new reckoning today's run is at 16:00.
    expect(plan(at(30 * MINUTE), at(DAY), T0, daily(HOUR))).toEqual(at(DAY + HOUR));
  });

  it('does not lose a run whose hour would now be over', () => {
    // Planned for 15:00 today; by the new reckoning it was to be at 14:00, and it is 14:30.
    expect(plan(at(-30 * MINUTE), T0, at(-DAY), daily(-HOUR))).toEqual(T0);
    expect(plan(at(-30 * MINUTE), T0, null, daily(-HOUR))).toEqual(T0);
  });

  it('takes up runs that a new reckoning adds', () => {
    expect(plan(at(HOUR), at(7 * DAY), T0, daily())).toEqual(at(DAY));
    expect(
      plan(at(5 * MINUTE), at(HOUR), T0, (r, after) => everyMinutes({ ...r, when: 'every 10' }, after)),
    ).toEqual(at(10 * MINUTE));
  });

  it('keeps what is planned where the new reckoning knows no run at all', () => {
    expect(plan(at(1), at(DAY), T0, () => null)).toEqual(at(DAY));
  });
});

describe('new market days', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.close());

  /** The broker tells that Wednesday has no session and Thursday a short one. */
  const learn = () => {
    const session = { open: new Date('2026-11-26T14:30:00Z'), close: new Date('2026-11-26T18:00:00Z') };
    const told = [
      { date: '2026-11-25', session: null },
      { date: '2026-11-26', session },
    ];
    Object.assign(world.market, {
      calendar: () => calendarFrom(told, fallbackCalendar),
      version: () => 'told',
    });
  };
  const next = async (id: number) => (await world.store.reminder(id))?.nextRunAt?.toISOString();

  it('move the next runs once they are known, and those alone', async () => {
    const [close = 0, daily = 0, paused = 0] = await world.add(
      { when: 'market close -10m', nextRunAt: new Date('2026-11-25T20:50:00Z') },
      { when: 'daily 16:15', nextRunAt: new Date('2026-11-25T21:15:00Z') },
      { when: 'market close -10m', nextRunAt: new Date('2026-11-25T20:50:00Z') },
    );
    await world.store.change(paused, { state: 'paused' });
    const bot = world.bot();
    await world.run(bot, at(31 * HOUR));
    expect(await next(close)).toBe('2026-11-25T20:50:00.000Z');
    learn();
    await world.run(bot, at(31 * HOUR + MINUTE));
    await bot.stop();
    expect(await next(close)).toBe('2026-11-26T17:50:00.000Z');
    expect(await next(daily)).toBe('2026-11-25T21:15:00.000Z');
    expect(await next(paused)).toBeUndefined();
    expect(world.discord.posted).toEqual([]);
  });

  it('are looked at by a bot that starts, through any number of reminders', async () => {
    const ids = await world.add(
      ...Array.from({ length: 450 }, () => ({
        when: 'market open',
        nextRunAt: new Date('2026-11-25T14:30:00Z'),
      })),
    );
    learn();
    world.clock.set(at(DAY));
    const bot = world.bot();
    await bot.tick();
    await bot.stop();
    // The bot was stopped while it looked: what it didn't come to, the next one does.
    const heir = world.bot();
    await heir.tick();
    await vi.waitFor(async () => expect(await next(ids.at(-1)!)).toBe('2026-11-26T14:30:00.000Z'), 20_000);
    for (const id of ids) expect(await next(id)).toBe('2026-11-26T14:30:00.000Z');
  });

  it('are looked at once: a bot that starts later with the same days, zones and version reads none', async () => {
    await world.add({ when: 'market open', nextRunAt: new Date('2026-11-25T14:30:00Z') });
    const looks = vi.spyOn(world.store, 'activeAfter');
    const start = async () => {
      const bot = world.bot();
      await bot.tick();
      await bot.replanned();
      await bot.tick();
      await bot.stop();
      return looks.mock.calls.splice(0).length;
    };
    expect(await start()).toBeGreaterThan(0);
    expect(await start()).toBe(0);
    learn();
    expect(await start()).toBeGreaterThan(0);
    expect(await start()).toBe(0);
    world.version = '1.0.1';
    expect(await start()).toBeGreaterThan(0);
    expect(await start()).toBe(0);
  });

  it('let everything else in after a few reminders, however many there are', async () => {
    await world.add(
      ...Array.from({ length: 230 }, () => ({
        when: 'market open',
        nextRunAt: new Date('2026-11-25T14:30:00Z'),
      })),
    );
    learn();
    world.clock.set(at(DAY));
    let reckoned = 0;
    let most = 0;
    const calendar = world.market.calendar();
    world.market.calendar = () => {
      reckoned += 1;
      return calendar;
    };
    let over = false;
    const others = (async () => {
      while (!over) {
        await new Promise((resolve) => setImmediate(resolve));
        most = Math.max(most, reckoned);
        reckoned = 0;
      }
    })();
    const bot = world.bot();
    await bot.tick();
    await bot.replanned();
    over = true;
    await others;
    expect(most).toBeGreaterThan(0);
    // A moved reminder is reckoned a few times.
    expect(most).toBeLessThanOrEqual(100);
  });

  it('touch nothing that is due: it comes as it was planned', async () => {
    const [id = 0] = await world.add({ when: 'market open', nextRunAt: new Date('2026-11-25T14:30:00Z') });
    learn();
    await world.run(world.bot(), new Date('2026-11-25T14:31:00Z'));
    expect(world.discord.posted).toHaveLength(1);
    expect(await next(id)).toBe('2026-11-26T14:30:00.000Z');
  });

  it('leave a reminder nobody can read to the moment it is due', async () => {
    const [id = 0, good = 0] = await world.add(
      { when: 'whenever', nextRunAt: at(DAY + HOUR) },
      { when: 'market open', nextRunAt: new Date('2026-11-25T14:30:00Z') },
    );
    learn();
    const bot = world.bot();
    await world.run(bot, at(DAY));
    await bot.stop();
    expect(await world.store.reminder(id)).toMatchObject({ state: 'active', nextRunAt: at(DAY + HOUR) });
    expect(await next(good)).toBe('2026-11-26T14:30:00.000Z');
    await world.run(world.bot(), at(DAY + HOUR));
    expect(await world.store.reminder(id)).toMatchObject({ state: 'paused' });
    expect(reasonText((await world.store.reminder(id))?.pausedReason ?? '')).toContain('whenever');
    expect(world.discord.posted).toHaveLength(1);
    expect(world.discord.direct).toHaveLength(1);
  });
});
