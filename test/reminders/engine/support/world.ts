import pino from 'pino';
import { type BotStore, openStore } from '../../../../src/db/index.js';
import { fallbackCalendar } from '../../../../src/domain/calendar/fallback.js';
import type { Clock } from '../../../../src/ports/clock.js';
import type { NewReminder, ReminderStore } from '../../../../src/ports/reminder-store.js';
import {
  createReminderEngine,
  type EngineRules,
  type ReminderEngine,
} from '../../../../src/services/reminders/engine/index.js';
import { FakeDiscord, TestBuilder, type Words } from './discord.js';
import { newReminder, T0 } from './reminders.js';

/** A clock that stands where it is put. */
export class StandingClock implements Clock {
  #now = T0;

  now(): Date {
    return this.#now;
  }

  steady(): number {
    return this.#now.getTime() - T0.getTime();
  }

  set(now: Date): void {
    this.#now = now;
  }

  sleep(): Promise<void> {
    throw new Error('the engine keeps no time of its own');
  }
}

export const HOURLY = '0 * * * *';

/** One database, one Discord, one clock, and as many bot processes as a test wants. */
export class World {
  readonly clock = new StandingClock();
  readonly discord = new FakeDiscord(this.clock);
  readonly builder = new TestBuilder();
  readonly market = { calendar: () => fallbackCalendar, version: () => 'fallback' };
  /** The program's own version. */
  version = '1.0.0';
  /** What the back-off's dice show. */
  chance = 0;
  #bots: ReminderEngine[] = [];

  private constructor(
    private readonly database: BotStore,
    readonly store: ReminderStore,
  ) {}

  static async open(url = 'sqlite::memory:'): Promise<World> {
    const bot = await openStore(url, { logger: quiet });
    return new World(bot, bot.reminders);
  }

  /** A process; nothing ticks by itself. */
  bot(rules: Partial<EngineRules> = {}, change: { store?: ReminderStore; discord?: FakeDiscord } = {}) {
    const engine = createReminderEngine<Words>({
      store: change.store ?? this.store,
      messenger: change.discord ?? this.discord,
      builder: this.builder,
      ticker: { start: () => {}, stop: () => {} },
      clock: this.clock,
      log: quiet,
      market: this.market,
      version: this.version,
      rules,
      random: () => this.chance,
    });
    this.#bots.push(engine);
    return engine;
  }

  /** Adds reminders due at `T0` and hourly after. */
  async add(...changes: Partial<NewReminder>[]): Promise<number[]> {
    const ids: number[] = [];
    for (const change of changes) {
      const reminder = newReminder({ when: HOURLY, marketDaysOnly: false, ...change });
      ids.push((await this.store.add(reminder)).id);
    }
    return ids;
  }

  /** One look at an instant, everything delivered, and another look for what came of it. */
  async run(engine: ReminderEngine, now: Date): Promise<void> {
    this.clock.set(now);
    await engine.tick();
    await engine.idle();
    await engine.tick();
    await engine.idle();
  }

  async states(reminderId: number): Promise<string[]> {
    return (await this.store.recent(reminderId, 99)).map(({ state }) => state).reverse();
  }

  async close(): Promise<void> {
    await Promise.all(this.#bots.map((engine) => engine.stop()));
    await this.database.close();
  }
}

const quiet = pino({ level: 'silent' });

/** A promise and the function that fulfils it. */
export function signal() {
  let fire: () => void = () => undefined;
  const fired = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { fire, fired };
}

/** Lets everything that is ready run, until a condition holds; fails after very many turns. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it never came to that');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
