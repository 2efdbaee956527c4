import { readCustomId } from '../screens/custom-ids.js';
import { customIds } from '../screens/reminders/marks.js';
import type { View } from '../screens/view.js';

/** The only part that a preview which ended may still offer. */
const FRESH = 'refresh';

/** Commands whose parts are about a plan. */
const OFFERING = new Set(['targets', 'close']);

/** Whether a message offers to do something with this very plan. */
export function offersButtons(page: View, planId: string): boolean {
  return customIds(page)
    .map(readCustomId)
    .some(({ command, part, argument }) => {
      return OFFERING.has(command) && part !== FRESH && argument.split(':')[0] === planId;
    });
}
