import cron, { type ScheduledTask } from 'node-cron';
import type { Logger } from 'pino';
import type { Ticker } from '../ports/ticker.js';

/** Every five seconds, at the full five: processes of one bot ask at the same moments. */
const EVERY_5_SECONDS = '*/5 * * * * *';
const CHECK_MS = 1_000;
/** Wall and steady clock may drift apart by this much between two checks without it being a jump. */
const JUMP_MS = 5_000;

/**
 * node-cron as the `Ticker`. It plans its next run by the wall clock, so after the clock went back an hour it would be
 * silent for that hour, and after a jump ahead it would walk through every run that it missed. Whenever wall and
 * steady clock part, it is therefore begun anew, and the job is called at once: something may have become due.
 */
export class CronTicker implements Ticker {
  #task: ScheduledTask | null = null;
  #guard: NodeJS.Timeout | null = null;

  constructor(
    private readonly log: Logger,
    private readonly pattern = EVERY_5_SECONDS,
  ) {}

  start(job: () => void): void {
    this.stop();
    this.#schedule(job);
    let apart = Date.now() - performance.now();
    this.#guard = setInterval(() => {
      const now = Date.now() - performance.now();
      const jump = now - apart;
      apart = now;
      if (Math.abs(jump) < JUMP_MS) return;
      this.log.warn({ jumpMs: Math.round(jump) }, 'the clock jumped, or the machine slept');
      this.#schedule(job);
      job();
    }, CHECK_MS);
  }

  stop(): void {
    if (this.#guard) clearInterval(this.#guard);
    this.#guard = null;
    void this.#task?.destroy();
    this.#task = null;
  }

  #schedule(job: () => void): void {
    void this.#task?.destroy();
    const { log } = this;
    this.#task = cron.schedule(this.pattern, () => job(), {
      timezone: 'UTC',
      // A busy event loop makes it late now and then; the next call finds what is due.
      suppressMissedWarning: true,
      logger: {
        info: (message) => log.debug(message),
        debug: (message) => log.debug(String(message)),
        warn: (message) => log.warn(message),
        error: (message, error) => log.error({ err: error ?? message }, 'node-cron failed'),
      },
    });
  }
}
