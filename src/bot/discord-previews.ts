import type { Logger } from 'pino';
import { type Channel, ChannelRefused } from '../ports/channel.js';
import type { ReportLine } from '../ports/report.js';
import type { Edited, ShownPreviews } from '../ports/shown-previews.js';
import type { Plan } from '../ports/store.js';
import { closedView } from '../screens/preview.js';
import type { View } from '../screens/view.js';
import { placeOf } from './discord-surface.js';
import { offersButtons } from './plan-messages.js';

/** Clocks of this machine and Discord may differ by this much. */
const CLOCK_SKEW_MS = 60_000;

/** Changes previews without any interaction, so also hours later or after a restart. */
export class DiscordPreviews implements ShownPreviews {
  constructor(
    private readonly channel: Channel<View>,
    private readonly log: Logger,
  ) {}

  async close(plan: Plan, lines: readonly ReportLine[]): Promise<Edited> {
    if (placeOf(plan.channelId) !== 'here') return 'gone';
    try {
      const last = plan.messageIds.at(-1);
      const messages = last
        ? [await this.channel.look(`${plan.channelId}/${last}`)]
        : await this.channel.find(plan.channelId, since(plan), (page) => offersButtons(page, plan.id));
      let worst: Edited = 'done';
      const closed = closedView(plan, lines);
      for (const { ref, page } of messages) {
        if (!offersButtons(page, plan.id) && !(last && isOutdated(page, plan, closed))) continue;
        const edited = await this.#edit(plan, ref, closed);
        if (edited === 'later' || worst === 'done') worst = edited;
      }
      return worst;
    } catch (error) {
      this.log.warn({ err: error, planId: plan.id }, 'could not look at a preview that ended');
      return isForGood(error) ? 'gone' : 'later';
    }
  }

  async #edit(plan: Plan, ref: string, change: Partial<View>): Promise<Edited> {
    try {
      await this.channel.edit(ref, change);
      return 'done';
    } catch (error) {
      this.log.warn({ err: error, planId: plan.id }, 'could not update a message');
      return isForGood(error) ? 'gone' : 'later';
    }
  }
}

/** It has no buttons any more, and says still what was true before its orders' fate was known, or while they waited. */
function isOutdated({ content, components }: View, { status }: Plan, closed: Partial<View>): boolean {
  const over = status === 'done' || status === 'stale';
  return over && components.length === 0 && content !== closed.content;
}

/** Nothing about a plan is older; the clocks of this machine and Discord may differ. */
function since({ createdAt }: Plan): Date {
  return new Date(createdAt.getTime() - CLOCK_SKEW_MS);
}

/** Discord's no that stays: the message or the channel is gone, or may not be touched any more. */
function isForGood(error: unknown): boolean {
  return error instanceof ChannelRefused && error.fate !== 'odd';
}
