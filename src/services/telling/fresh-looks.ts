import type { Logger } from 'pino';
import type { Clock } from '../../ports/clock.js';
import type { Report } from '../../ports/report.js';
import type { Plan, Store } from '../../ports/store.js';
import type { Told } from './deliverer.js';
import { isComplete } from './report.js';
import type { ReportReader } from './report-reader.js';

/** Pauses between looks at fresh orders: the venue takes or kills them within seconds, mostly. */
const LOOKS_MS = [4_000, 8_000, 20_000];
/** A look that saw nothing is taken again, ever later, for some hours; then the next start takes it. */
const LONGEST_PAUSE_MS = 600_000;
const MOST_BLIND = 20;

export interface FreshLooksDeps {
  store: Store;
  reports: ReportReader;
  clock: Clock;
  /** Brings the plan's messages to tell a report. */
  results: { update(plan: Plan, report: Report, sure: boolean): Promise<Told> };
  log: Logger;
}

/**
 * Reads the placed orders of a plan again until each rests, waits for the market, or was killed by the venue, and
 * brings the messages that tell of them up to date.
 */
export class FreshLooks {
  readonly #looking = new Map<string, { done: Promise<void>; halt: AbortController }>();
  #stopped = false;

  constructor(private readonly deps: FreshLooksDeps) {}

  /**
   * Begins to look, unless that is under way already.
   * @param former what its messages tell; null if that is not known any more
   */
  start(plan: Plan, former: Report | null): void {
    if (this.#looking.has(plan.id) || this.#stopped) return;
    const halt = new AbortController();
    const done = this.#look(plan, former, halt.signal)
      .catch((error: unknown) => {
        if (halt.signal.aborted) return;
        this.deps.log.warn({ err: error, planId: plan.id }, 'a look at fresh orders failed');
      })
      .finally(() => this.#looking.delete(plan.id));
    this.#looking.set(plan.id, { done, halt });
  }

  /** Resolves when the orders of a plan are not looked at any more. */
  async looked(planId: string): Promise<void> {
    await this.#looking.get(planId)?.done;
  }

  /**
   * Ends the looks at a plan's orders. Once it resolves, no message is changed by them any more.
   * @returns whether any were under way
   */
  async halt(planId: string): Promise<boolean> {
    const looking = this.#looking.get(planId);
    looking?.halt.abort();
    await looking?.done;
    return looking !== undefined;
  }

  /** What is cut short here is taken up at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#looking.keys()].map((planId) => this.halt(planId)));
  }

  async #look(plan: Plan, former: Report | null, halt: AbortSignal): Promise<void> {
    const { store, clock } = this.deps;
    let known = former;
    for (let look = 0, blind = 0; look < LOOKS_MS.length && blind < MOST_BLIND; ) {
      await clock.sleep(pauseBefore(look, blind), halt);
      const report = await this.#told(plan, known, halt);
      known = report ?? known;
      if (report && isComplete(report)) [look, blind] = [look + 1, 0];
      else blind += 1;
      if (report && !isUnderWay(report)) break;
    }
    if (known !== null && isComplete(known)) await store.markLooked(plan.id, clock.now());
  }

  /** What one look saw, told; null where that is nothing, or the database fails. */
  async #told(plan: Plan, known: Report | null, halt: AbortSignal): Promise<Report | null> {
    const { reports, results, log } = this.deps;
    try {
      const report = await reports.read(plan, known);
      halt.throwIfAborted();
      // Without a former report, one that shows less than the message says must not take its place.
      if (known === null && !isComplete(report)) return null;
      await results.update(plan, report, true);
      return report;
    } catch (error) {
      halt.throwIfAborted();
      log.warn({ err: error, planId: plan.id }, 'a look at fresh orders failed; trying again');
      return null;
    }
  }
}

function pauseBefore(look: number, blind: number): number {
  return Math.min((LOOKS_MS[look] ?? LONGEST_PAUSE_MS) * 2 ** blind, LONGEST_PAUSE_MS);
}

/** Some placed order may still die or come to rest within seconds. */
export function isUnderWay({ lines, waitsForOpen }: Report): boolean {
  if (waitsForOpen) return false;
  return lines.some(
    ({ orderId, orderState, read }) => orderId !== null && (!read || orderState === 'submitted'),
  );
}
