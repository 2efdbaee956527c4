import type { Logger } from 'pino';
import { z } from 'zod';
import { calendarFrom, type MarketCalendar } from '../../domain/calendar/calendar.js';
import { fallbackCalendar } from '../../domain/calendar/fallback.js';
import { DAY_MS, exchangeDay } from '../../domain/dates.js';
import type { MarketDay } from '../../domain/market.js';
import type { IsoDate } from '../../domain/types.js';
import type { BotState } from '../../ports/bot-state.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';

const BEHIND_DAYS = 7;
/** What one answer of the broker may hold. */
const AHEAD_DAYS = 260;
const REFRESH_MS = 12 * 60 * 60 * 1000;
const RETRY_MS = 10 * 60 * 1000;

const kept = z.array(
  z.object({
    date: z.string(),
    session: z.object({ open: z.coerce.date(), close: z.coerce.date() }).nullable(),
  }),
);

export interface MarketDaysDeps {
  broker: Pick<Broker, 'marketDays'>;
  state: BotState;
  clock: Clock;
  log: Logger;
}

/**
 * The exchange's days as the broker tells them, asked now and then and kept in the database; a table by rule stands in
 * for what it hasn't told.
 */
export class MarketDays {
  #calendar: MarketCalendar = fallbackCalendar;
  #version = '[]';
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;

  constructor(private readonly deps: MarketDaysDeps) {}

  calendar(): MarketCalendar {
    return this.#calendar;
  }

  /** Changes exactly when what the broker tells differs from the table in another way than before. */
  version(): string {
    return this.#version;
  }

  /** What was told before the last stop. A damaged memory is no reason not to start. */
  async load(): Promise<void> {
    const { state, log } = this.deps;
    const text = await state.recall('market-days');
    if (text === null) return;
    try {
      this.#take(kept.parse(JSON.parse(text)));
    } catch (error) {
      log.warn({ err: error }, 'the market days kept in the database can’t be read; asking the broker again');
    }
  }

  /** Asks the broker now. @throws BrokerError */
  async refresh(): Promise<void> {
    const { broker, clock, state } = this.deps;
    const now = clock.now().getTime();
    const days = await broker.marketDays(dayFrom(now, -BEHIND_DAYS), dayFrom(now, AHEAD_DAYS));
    this.#take(days);
    await state.remember('market-days', JSON.stringify(days));
  }

  /** Asks from now on, until stopped. */
  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const wait = await this.refresh().then(
        () => REFRESH_MS,
        (error: unknown) => {
          log.warn({ err: error }, 'could not read the market days; the table by rule stands in');
          return RETRY_MS;
        },
      );
      await clock.sleep(wait, signal).catch(() => {});
    }
  }

  #take(days: readonly MarketDay[]): void {
    this.#calendar = calendarFrom(days, fallbackCalendar);
    const different = days.filter(({ date, session }) => differs(fallbackCalendar.day(date), session));
    this.#version = JSON.stringify(different);
  }
}

function differs(a: MarketDay['session'], b: MarketDay['session']): boolean {
  return a?.open.getTime() !== b?.open.getTime() || a?.close.getTime() !== b?.close.getTime();
}

function dayFrom(now: number, days: number): IsoDate {
  return exchangeDay(new Date(now + days * DAY_MS));
}
