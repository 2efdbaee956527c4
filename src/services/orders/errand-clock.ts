import type { Logger } from 'pino';
import type { Clock } from '../../ports/clock.js';
import type { Errand } from '../../ports/errands.js';
import type { ShownPreviews } from '../../ports/shown-previews.js';
import type { Store } from '../../ports/store.js';
import type { Ticker } from '../../ports/ticker.js';
import { reportLine } from '../telling/report.js';
import type { SettleService } from './settle.js';

const MOST_AT_ONCE = 20;
const SECOND = 1000;
const DAY = 86_400 * SECOND;
const PAUSES = [5, 10, 20, 40, 80, 160, 320, 600].map((seconds) => seconds * SECOND);

export interface ErrandClockDeps {
  store: Store;
  clock: Clock;
  ticker: Ticker;
  previews: ShownPreviews;
  settle: SettleService;
  log: Logger;
}

/**
 * Takes up what is owed to people and in nobody's hands: results of a process that died, and previews that can't be sent
 * any more, which lose their buttons and say what became of them.
 */
export class ErrandClock {
  readonly #running = new Set<Promise<void>>();
  #beating = false;

  constructor(private readonly deps: ErrandClockDeps) {}

  start(): void {
    this.deps.ticker.start(() => void this.beat());
  }

  async stop(): Promise<void> {
    this.deps.ticker.stop();
    await Promise.allSettled(this.#running);
  }

  /** Renews what this process holds, and takes up what is due. Resolves when that is done once. Never throws. */
  async beat(): Promise<void> {
    if (this.#beating) return;
    this.#beating = true;
    const { store, clock, settle, log } = this.deps;
    try {
      await settle.renew();
      await settle.inherit();
      const due = await store.takeErrands(clock.now(), MOST_AT_ONCE);
      for (const errand of due) this.#track(this.#run(errand));
    } catch (error) {
      log.warn({ err: error }, 'could not look for what is still to be told');
    } finally {
      this.#beating = false;
    }
  }

  /** Resolves when nothing taken up is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #run(errand: Errand): Promise<void> {
    const { settle, log } = this.deps;
    try {
      if (errand.kind === 'result') await settle.takeUp(errand.planId);
      else await this.#closePreview(errand);
    } catch (error) {
      log.warn({ err: error, planId: errand.planId }, 'what is owed about a plan failed; trying again');
    }
  }

  async #closePreview({ planId, attempts }: Errand): Promise<void> {
    const { store, clock, previews } = this.deps;
    const now = clock.now();
    const plan = await store.plan(planId);
    if (!plan) return;
    if (plan.status === 'open') {
      if (now < plan.expiresAt) return store.putOffErrands([planId], 'buttons', plan.expiresAt);
      await store.endPlan(planId, 'expired', now);
    }
    const current = await store.plan(planId);
    const lines = (await store.intents(planId)).map((intent) => reportLine(intent, null));
    const edited = current ? await previews.close(current, lines) : 'gone';
    const old = now.getTime() - plan.expiresAt.getTime() > DAY;
    const final = edited !== 'later' && !(current?.status === 'claimed' && edited === 'done');
    if (final || old) return store.endErrand(planId, 'buttons');
    const pause = PAUSES[attempts - 1] ?? PAUSES.at(-1) ?? 0;
    await store.putOffErrands([planId], 'buttons', new Date(now.getTime() + pause));
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }
}
