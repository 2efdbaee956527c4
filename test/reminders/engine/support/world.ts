import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { type BotStore, openStore } from '../../../../src/db/index.js';
import { fallbackCalendar } from '../../../../src/domain/calendar/fallback.js';
import type { Channel } from '../../../../src/ports/channel.js';
import type { Clock } from '../../../../src/ports/clock.js';
import type { Outbox } from '../../../../src/ports/outbox.js';
import type { NewReminder, ReminderStore } from '../../../../src/ports/reminder-store.js';
import {
  createReminderEngine,
  ReminderSaying,
  SetbackSaying,
} from '../../../../src/services/reminders/engine/index.js';
import type { EngineRules, TellingRules } from '../../../../src/services/reminders/engine/rules.js';
import { Deliverer } from '../../../../src/services/telling/deliverer.js';
import type { Projector } from '../../../../src/services/telling/projector.js';
import type { Sayings } from '../../../../src/services/telling/saying.js';
import { FakeDiscord, TestBuilder, testSetbacks, testWords, type Words } from './discord.js';
import { newReminder, T0 } from './reminders.js';

export type Rules = Partial<EngineRules & TellingRules & { concurrency: number }>;

/** A process that runs reminders; nothing ticks by itself. */
export interface ReminderBot {
  /** One look at what is due and what is owed, all of which is begun to be told. */
  tick(): Promise<void>;
  /** Resolves when nothing begun is under way. */
  idle(): Promise<void>;
  stop(): Promise<void>;
  replanned(): Promise<void>;
}

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
  #bots: ReminderBot[] = [];

  private constructor(
    private readonly database: BotStore,
    readonly store: ReminderStore,
    readonly outbox: Outbox,
  ) {}

  static async open(url = 'sqlite::memory:'): Promise<World> {
    const bot = await openStore(url, { logger: quiet });
    return new World(bot, bot.reminders, bot.outbox);
  }

  bot(
    rules: Rules = {},
    change: { store?: ReminderStore; outbox?: Outbox; discord?: Channel<Words> } = {},
  ): ReminderBot {
    const { store = this.store, outbox = this.outbox, discord = this.discord } = change;
    const { builder, clock } = this;
    const random = () => this.chance;
    return this.botWith(
      rules,
      { store, outbox, channel: discord },
      {
        reminder: new ReminderSaying({ store, builder, words: testWords, clock, rules, random }),
        notice: new SetbackSaying({ store, words: testSetbacks }),
      },
    );
  }

  /** A process that says things in its own way. */
  botWith<Page extends object>(
    rules: Rules,
    { store, outbox, channel }: { store: ReminderStore; outbox: Outbox; channel: Channel<Page> },
    sayings: Sayings<Page>,
  ): ReminderBot {
    const { concurrency = 8 } = rules;
    const deliverer = new Deliverer<Page>({
      outbox,
      projectors: {} as Record<string, Projector<Page>>,
      sayings,
      channel,
      surface: { place: () => 'here', elsewhere: (page) => page },
      clock: this.clock,
      log: quiet,
      owner: randomUUID(),
      random: () => this.chance,
      concurrency,
    });
    const engine = createReminderEngine({
      store,
      deliverer,
      ticker: { start: () => {}, stop: () => {} },
      clock: this.clock,
      log: quiet,
      market: this.market,
      version: this.version,
      rules,
    });
    const bot: ReminderBot = {
      tick: async () => {
        await engine.tick();
        await deliverer.beat();
      },
      idle: () => deliverer.idle(),
      stop: async () => {
        await engine.stop();
        await deliverer.stop();
      },
      replanned: () => engine.replanned(),
    };
    this.#bots.push(bot);
    return bot;
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
  async run(bot: ReminderBot, now: Date): Promise<void> {
    this.clock.set(now);
    await bot.tick();
    await bot.idle();
    await bot.tick();
    await bot.idle();
  }

  async states(reminderId: number): Promise<string[]> {
    return (await this.store.recent(reminderId, 99)).map(({ state }) => state).reverse();
  }

  async close(): Promise<void> {
    await Promise.all(this.#bots.map((bot) => bot.stop()));
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
