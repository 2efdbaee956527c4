import type { Announcer, Posted } from '../../ports/announcer.js';
import type { Clock } from '../../ports/clock.js';
import type { Telling } from '../../ports/errands.js';
import type { Report } from '../../ports/report.js';
import type { Plan, Store } from '../../ports/store.js';
import type { FreshLooks } from './fresh-looks.js';
import { isUnderWay } from './fresh-looks.js';
import { newsOf, saysOf } from './report.js';
import type { ReportReader } from './report-reader.js';
import { rewrite } from './rewrite.js';

const DAY = 86_400_000;
/** Discord lets hardly a message wait longer. */
const LATE_WITHIN_MS = 30_000;

export interface ResultTellerDeps {
  store: Store;
  clock: Clock;
  announcer: Announcer;
  reports: ReportReader;
  looks: FreshLooks;
}

/**
 * Tells what became of a plan's orders: news as a message of its own in the channel, and every earlier message, so
 * that none goes on saying what is false.
 */
export class ResultTeller {
  /** Plans of which a message may be out that nobody wrote down, and until when it may turn up. */
  readonly #doubtful = new Map<string, number>();

  constructor(private readonly deps: ResultTellerDeps) {}

  /** This message tells the report. */
  async note(plan: Plan, report: Report, { ref, direct }: Posted): Promise<Telling> {
    const telling = { ref, direct, posted: newsOf(report), says: saysOf(report) };
    await this.deps.store.putTelling(plan.id, telling, this.deps.clock.now());
    return telling;
  }

  /** A former process, or a request without an answer, may have posted something. */
  doubt(planId: string): void {
    this.#doubtful.set(planId, this.deps.clock.now().getTime());
  }

  /** A post was given up, and may be held back by a rate limit: it is looked for until it can't come any more. */
  late(planId: string): void {
    this.#doubtful.set(planId, this.deps.clock.now().getTime() + LATE_WITHIN_MS);
  }

  /**
   * @param settled nothing about the plan is unknown any more
   * @returns true once nothing is owed any more
   */
  async tell(plan: Plan, settled: boolean): Promise<boolean> {
    const { store, reports, looks, clock } = this.deps;
    // Looks that began before this was known must not write over it.
    const cutShort = await looks.halt(plan.id);
    const report = await reports.read(plan);
    if (report.lines.length === 0) {
      await store.endErrand(plan.id, 'result');
      return true;
    }
    const known = await this.#known(plan);
    const corrected = await this.correct(plan, known, report);
    const told = await this.#post(plan, known, report);
    if (told === null) return false;
    // The line above the preview may still say what was known at first.
    if (settled) await store.oweErrand(plan.id, 'buttons', clock.now());
    const looking = cutShort || isUnderWay(report);
    if (looking) looks.start(plan, [...new Set([told, ...known].map(({ ref }) => ref))], report);
    if (!settled || !corrected || this.#doubtful.has(plan.id)) return false;
    // The channel is tried for a day; who was told directly knows it.
    if (told.direct && clock.now().getTime() - plan.expiresAt.getTime() < DAY) return false;
    await store.markReported(plan.id, told.ref, clock.now());
    if (!looking) await store.markLooked(plan.id, clock.now());
    return true;
  }

  /** Brings messages up to date that say something else; false if one is still to be corrected. */
  async correct(plan: Plan, known: readonly Telling[], report: Report): Promise<boolean> {
    const { store, clock } = this.deps;
    const says = saysOf(report);
    let all = true;
    for (const telling of known) {
      if (telling.says === says) continue;
      const { edited, ref } = await rewrite(this.deps, plan, telling.ref, report);
      telling.ref = ref;
      if (edited === 'done') await store.putTelling(plan.id, { ...telling, says }, clock.now());
      else if (edited === 'gone') await store.dropTelling(plan.id, telling.ref);
      else all = false;
    }
    return all;
  }

  async #known(plan: Plan): Promise<Telling[]> {
    const { store, announcer, clock } = this.deps;
    const known = await store.tellings(plan.id);
    if (!this.#doubtful.has(plan.id)) return known;
    const found = await announcer.find(plan);
    if (found === null) return known;
    if (clock.now().getTime() >= (this.#doubtful.get(plan.id) ?? 0)) this.#doubtful.delete(plan.id);
    const pages = new Set(known.flatMap(({ ref }) => ref.split(',')));
    const others = found.filter(({ ref }) => !ref.split(',').some((page) => pages.has(page)));
    for (const telling of others) await store.putTelling(plan.id, telling, clock.now());
    return [...known, ...others];
  }

  /** The message with this news, posted now unless it is there already; a direct one only if the channel refuses. */
  async #post(plan: Plan, known: readonly Telling[], report: Report): Promise<Telling | null> {
    const news = newsOf(report);
    const there = known.filter(({ posted }) => posted === news);
    const inChannel = there.find(({ direct }) => !direct);
    if (inChannel) return inChannel;
    const directly = there.find(({ direct }) => direct) ?? null;
    const posted = await this.deps.announcer.post(plan, report, directly ? 'channel' : 'anywhere');
    if (posted === null) {
      this.late(plan.id);
      return directly;
    }
    if (posted.direct) this.late(plan.id);
    return this.note(plan, report, posted);
  }
}
