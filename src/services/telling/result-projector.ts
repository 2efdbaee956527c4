import type { Report } from '../../ports/report.js';
import type { Store } from '../../ports/store.js';
import type { Telling } from './deliverer.js';
import { type Recognition, type Screen, WordedProjector } from './projector.js';
import { isComplete, newsOf, saysOf } from './report.js';
import type { ReportReader } from './report-reader.js';

/** How a result reads on a surface, and how its messages are known again. */
export interface ResultWords<Page> extends Recognition<Page> {
  pages(report: Report): Page[];
}

/** What became of a plan's orders, as it is read at the moment. */
export class ResultProjector<Page> extends WordedProjector<Page, ResultWords<Page>> {
  constructor(
    private readonly store: Pick<Store, 'plan'>,
    private readonly reports: ReportReader,
    words: ResultWords<Page>,
  ) {
    super(words);
  }

  async project(planId: string): Promise<Screen<Page> | null> {
    const plan = await this.store.plan(planId);
    const report = plan && (await this.reports.read(plan));
    return report && report.lines.length > 0 ? this.screen(report, isComplete(report)) : null;
  }

  /** @param sure false where it may show less than was told before */
  screen(report: Report, sure: boolean): Screen<Page> {
    return { news: newsOf(report), core: saysOf(report), sure, pages: this.words.pages(report) };
  }

  telling(plan: { channelId: string; userId: string }, report: Report, sure: boolean): Telling<Page> {
    return { screen: this.screen(report, sure), channelId: plan.channelId, userId: plan.userId };
  }
}
