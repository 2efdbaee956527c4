import type { Clock } from '../../ports/clock.js';
import type { Hold } from '../../ports/outbox.js';
import type { Report } from '../../ports/report.js';
import type { Plan, Store } from '../../ports/store.js';
import type { Deliverer, Told } from './deliverer.js';
import type { FreshLooks } from './fresh-looks.js';
import { isUnderWay } from './fresh-looks.js';
import { isComplete } from './report.js';
import type { ReportReader } from './report-reader.js';
import type { ResultProjector } from './result-projector.js';

export interface ResultTellerDeps<Page extends object> {
  store: Store;
  clock: Clock;
  reports: ReportReader;
  projector: ResultProjector<Page>;
  deliverer: Deliverer<Page>;
}

/** What a plan's result is told through, whatever its pages are made of. */
export type ResultTelling = Pick<ResultTeller<object>, 'expect' | 'first' | 'tell' | 'update'>;

/**
 * Tells what became of a plan's orders: news as a message of its own in the channel, and every earlier message, so
 * that none goes on saying what is false.
 */
export class ResultTeller<Page extends object> {
  constructor(private readonly deps: ResultTellerDeps<Page>) {}

  /** A result comes in a moment; what it waits for begins now. */
  expect(planId: string): Promise<Hold | null> {
    return this.deps.deliverer.expect(topicOf(planId));
  }

  /** The first word, at once, from what the answers said. */
  first(plan: Plan, report: Report, expected: Promise<Hold | null>) {
    const { deliverer, projector } = this.deps;
    return deliverer.first(topicOf(plan.id), projector.telling(plan, report, true), expected);
  }

  /** Brings the plan's messages to tell this report, unless another was read meanwhile. */
  update(plan: Plan, report: Report, sure: boolean): Promise<Told> {
    const { deliverer, projector } = this.deps;
    return deliverer.tell(topicOf(plan.id), async () => ({
      ...projector.telling(plan, report, sure),
      quiet: true,
    }));
  }

  /**
   * @param looks those at the plan's orders, which go on with what is told here
   * @param settled nothing about the plan is unknown any more
   * @returns true once all is told, or written down to be told; then the plan is nobody's any more
   */
  async tell(plan: Plan, settled: boolean, looks: Pick<FreshLooks, 'halt' | 'start'>): Promise<boolean> {
    const { store, clock } = this.deps;
    // Looks that began before this was known must not write over it.
    const cutShort = await looks.halt(plan.id);
    await store.beginTelling(plan.id, clock.now());
    const report = await this.#read(plan);
    if (report.lines.length === 0) {
      await store.endErrand(plan.id, 'result');
      return true;
    }
    // The line above the preview may still say what was known at first.
    if (settled) await store.oweErrand(plan.id, 'buttons', clock.now());
    const looking = cutShort || isUnderWay(report);
    if (looking) looks.start(plan, report);
    if (!settled) return false;
    const all = await store.markReported(plan.id, clock.now());
    if (!looking) await store.markLooked(plan.id, clock.now());
    return all;
  }

  async #read(plan: Plan): Promise<Report> {
    const { deliverer, projector, reports } = this.deps;
    let read: Report | null = null;
    await deliverer.tell(topicOf(plan.id), async () => {
      read = await reports.read(plan);
      return read.lines.length > 0 ? projector.telling(plan, read, isComplete(read)) : null;
    });
    // Another process has it: what it tells is read there.
    return read ?? reports.read(plan);
  }
}

function topicOf(planId: string) {
  return { kind: 'result', topic: planId };
}
