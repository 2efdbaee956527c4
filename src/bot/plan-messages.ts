import type { Seen } from '../ports/channel.js';
import type { Telling } from '../ports/errands.js';
import { readCustomId } from '../screens/custom-ids.js';
import { beginsResult, resultMark } from '../screens/report.js';
import type { View } from '../screens/view.js';
import { customIds } from './message-marks.js';

/** The only part that a preview which ended may still offer. */
const FRESH = 'refresh';

/** Whether a message tells the plan's result. */
export function isOfPlan(page: View, planId: string): boolean {
  return newsAmong(page, planId) !== null;
}

/** Messages that tell the plan's result, with the news each says of itself; its pages belong to the first. */
export function tellingsAmong(messages: readonly Seen<View>[], planId: string): Telling[] {
  const tellings: Telling[] = [];
  for (const { ref, page } of messages) {
    const news = newsAmong(page, planId);
    if (news === null) continue;
    const last = tellings.at(-1);
    if (!beginsResult(page) && last) last.ref = `${last.ref},${ref}`;
    else tellings.push({ ref, direct: false, posted: news, says: '' });
  }
  return tellings;
}

/** Whether a message offers to do something with this very plan. */
export function offersButtons(page: View, planId: string): boolean {
  return customIds(page)
    .map(readCustomId)
    .some(({ command, part, argument }) => {
      return command === 'targets' && part !== FRESH && argument.split(':')[0] === planId;
    });
}

function newsAmong({ embeds }: View, planId: string): string | null {
  const [, news = null] = embeds.at(-1)?.footer?.text.split(resultMark(planId)) ?? [];
  return news;
}
