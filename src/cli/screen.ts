import { type Channel, ChannelRefused, type Posted, type Posting, type Seen } from '../ports/channel.js';
import type { Report, ReportLine } from '../ports/report.js';
import type { Surface } from '../services/telling/projector.js';
import type { ResultWords } from '../services/telling/result-projector.js';

/** Whose plans these are, in a database that a bot may share. */
export const ME = { userId: 'cli', roleIds: [], guildId: null, channelId: 'cli' };

/** A terminal prints results whole, and can't take anything back. */
export interface Printed {
  report: Report;
}

/**
 * Tells results on the terminal and remembers the last word about each plan. Plans of a bot on the same database are
 * left to that bot: printed here they would count as told, and their channel would never hear of them.
 */
export class Screen implements Channel<Printed> {
  readonly #latest = new Map<string, Report>();
  readonly #shown = new Map<string, string>();

  readonly surface: Surface<Printed> = {
    place: (channelId) => (channelId === ME.channelId ? 'here' : 'elsewhere'),
    elsewhere: (page) => page,
  };

  readonly words: ResultWords<Printed> = {
    pages: (report) => [{ report }],
    newsOn: () => null,
    begins: () => true,
  };

  constructor(private readonly print: (report: Report) => void) {}

  async post({ channelId, page }: Posting<Printed>): Promise<Posted> {
    this.#show(page.report);
    return { ref: `${channelId}/screen`, isEarlier: false };
  }

  async edit(_ref: string, { report }: Partial<Printed>): Promise<void> {
    if (report) this.#show(report);
  }

  async remove(): Promise<void> {}

  async look(): Promise<Seen<Printed>> {
    throw new ChannelRefused({ code: 'CLOSED', why: 'channel-gone' }, 'terminal', 'gone');
  }

  async find(): Promise<Seen<Printed>[]> {
    return [];
  }

  async directWith(): Promise<string> {
    throw new ChannelRefused({ code: 'CLOSED', why: 'user-gone' }, 'terminal');
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
