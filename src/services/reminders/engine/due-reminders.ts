import type { Logger } from 'pino';
import type { Clock } from '../../../ports/clock.js';
import type { ReminderStore, TakeUpRequest } from '../../../ports/reminder-store.js';
import type { Ticker } from '../../../ports/ticker.js';
import type { EngineRules } from './rules.js';

const UPKEEP_MS = 60 * 60 * 1000;
const PRUNED_AT_ONCE = 1_000;
/** A clock set back by more than this had been wrong: what it planned may lie far ahead. */
const SET_BACK_MS = 60_000;

export interface DueRemindersDeps {
  store: ReminderStore;
  /** Tells what is owed. */
  deliverer: { wake(): void };
  replanner: { run(reckoning: string, signal: AbortSignal): Promise<void> };
  ticker: Ticker;
  clock: Clock;
  log: Logger;
  rules: EngineRules;
  nextRun: TakeUpRequest['nextRun'];
  /** A mark that changes whenever zone data, market days or the program do. */
  reckoning(): string;
}

/**
 * Asks again and again what is due and writes down that it is owed; the outbox tells it. All that matters is in the database: a tick that comes
 * late, twice or never loses nothing and repeats nothing.
 */
export class DueReminders {
  #tick: Promise<void> | null = null;
  #replan: Promise<void> | null = null;
  #reckoning: string | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #setBack = false;
  #upkeepAt = Number.NEGATIVE_INFINITY;
  #failing = false;
  readonly #stop = new AbortController();

  constructor(private readonly deps: DueRemindersDeps) {}

  start(): void {
    this.deps.ticker.start(() => void this.tick());
    void this.tick();
  }

  /** One look. Ticks never overlap: one that comes while another is under way is that other one. Never rejects. */
  tick(): Promise<void> {
    this.#tick ??= this.#look().finally(() => {
      this.#tick = null;
    });
    return this.#tick;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.deps.ticker.stop();
    await this.#tick;
    await this.#replan;
  }

  /** Resolves when no next runs are being worked out anew. */
  async replanned(): Promise<void> {
    await this.#replan;
  }

  async #look(): Promise<void> {
    const { log } = this.deps;
    if (this.#stop.signal.aborted) return;
    try {
      this.#replanIfNeeded();
      await this.#takeUp();
      await this.#upkeep();
      if (this.#failing) log.info('the reminder clock works again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) log.error({ err: error }, 'the reminder clock failed; trying again');
      this.#failing = true;
    }
  }

  async #takeUp(): Promise<void> {
    const { store, deliverer, clock, rules, nextRun } = this.deps;
    const { graceMs, atOnce: limit } = rules;
    let owed = 0;
    while (!this.#stop.signal.aborted) {
      const more = await store.takeUp({ now: clock.now(), limit, graceMs, nextRun });
      if (more === 0) break;
      owed += more;
    }
    if (owed > 0) deliverer.wake();
  }

  #replanIfNeeded(): void {
    const now = this.deps.clock.now().getTime();
    this.#setBack ||= now < this.#lookedAt - SET_BACK_MS;
    this.#lookedAt = now;
    const reckoning = this.deps.reckoning();
    if ((reckoning === this.#reckoning && !this.#setBack) || this.#replan) return;
    const setBack = this.#setBack;
    this.#setBack = false;
    this.#replan = this.#workOutAnew(reckoning, setBack)
      .catch((error: unknown) => {
        this.#setBack ||= setBack;
        this.deps.log.error({ err: error }, 'next runs could not be worked out anew; trying again');
      })
      .finally(() => {
        this.#replan = null;
      });
  }

  async #workOutAnew(reckoning: string, setBack: boolean): Promise<void> {
    const { store, replanner } = this.deps;
    // Without its mark it is done, and by whoever starts next if not to the end.
    if (setBack) await store.putReckoning('');
    await replanner.run(reckoning, this.#stop.signal);
    this.#reckoning = reckoning;
  }

  /** Now and then: forgets what was over long ago. */
  async #upkeep(): Promise<void> {
    const { store, clock, rules } = this.deps;
    const now = clock.now().getTime();
    if (Math.abs(now - this.#upkeepAt) < UPKEEP_MS) return;
    const pruned = await store.prune(new Date(now - rules.keepMs), PRUNED_AT_ONCE);
    if (pruned < PRUNED_AT_ONCE) this.#upkeepAt = now;
  }
}
