import type { Environment } from '../../domain/environment.js';
import type { ReminderContent } from '../../services/reminders/content.js';
import type { ReminderWords, SetbackWords } from '../../services/reminders/engine/index.js';
import type { View } from '../view.js';
import { markOf, withPageMarks } from './marks.js';
import { reminderViews } from './message.js';
import { setbackMark, setbackView } from './setbacks.js';

/** How reminders read on Discord; each page's buttons say of which message it is. */
export function reminderWords(environment: Environment): ReminderWords<View, ReminderContent> {
  return {
    pages: (content, now) => withPageMarks(reminderViews(content, environment, now), content.leadId),
    mark: markOf,
  };
}

/** How setbacks read on Discord; the footer says which of them it is. */
export const setbackWords: SetbackWords<View> = {
  page: setbackView,
  isSetback: ({ embeds }, batch) => embeds.some(({ footer }) => footer?.text === setbackMark(batch)),
};
