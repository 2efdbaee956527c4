import type { Announcer, Edited, Posted } from '../ports/announcer.js';
import type { Telling } from '../ports/errands.js';
import type { Report, ReportLine } from '../ports/report.js';
import type { Plan } from '../ports/store.js';

/** Whose plans these are, in a database that a bot may share. */
export const ME = { userId: 'cli', roleIds: [], guildId: null, channelId: 'cli' };

/**
 * Tells results on the terminal and remembers the last word about each plan. Plans of a bot on the same database are
 * left to that bot: printed here they would count as told, and their channel would never hear of them.
 */
export class Screen implements Announcer {
  readonly #latest = new Map<string, Report>();
  readonly #shown = new Map<string, string>();

  constructor(private readonly print: (report: Report) => void) {}

  reaches({ channelId }: Pick<Plan, 'channelId'>): boolean {
    return channelId === ME.channelId;
  }

  async post(plan: Plan, report: Report): Promise<Posted | null> {
    if (!this.reaches(plan)) return null;
    this.#show(report);
    return { ref: 'screen', direct: false };
  }

  async update(plan: Plan, _posted: string, report: Report): Promise<Edited> {
    if (this.reaches(plan)) this.#show(report);
    return 'done';
  }

  async find(): Promise<Telling[]> {
    return [];
  }

  async closePreview(): Promise<Edited> {
    return 'gone';
  }

  /** Whether each order of a plan is at the broker as shown, and not dead, as far as was told. */
  allWell(planId: string): boolean {
    const lines = this.#latest.get(planId)?.lines ?? [];
    return lines.length > 0 && lines.every(isWell);
  }

  /** The same news twice is no news. */
  #show(report: Report): void {
    this.#latest.set(report.planId, report);
    const news = JSON.stringify([report.lines, report.waitsForOpen]);
    if (this.#shown.get(report.planId) === news) return;
    this.#shown.set(report.planId, news);
    this.print(report);
  }
}

function isWell({ state, orderState, mismatches }: ReportLine): boolean {
  const dead = orderState === 'rejected' || orderState === 'cancelled' || orderState === 'expired';
  return state === 'placed' && !dead && mismatches.length === 0;
}
