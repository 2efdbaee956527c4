import { unreadable } from './unreadable.js';
import type { TimeOfDay } from './when.js';

const CLOCK = /^(\d{1,2})(?::(\d{2}))? ?(am|pm|a\.m\.|p\.m\.)?$/;
const WORDS: Readonly<Record<string, TimeOfDay>> = {
  noon: { hour: 12, minute: 0 },
  midnight: { hour: 0, minute: 0 },
};

/**
 * `9:00`, `09:00`, `16:15`, `9:30am`, `4 pm`, `noon`. A bare `9` is refused: it may be morning or evening.
 *
 * @param text lower-case; a leading `at` is ignored
 * @throws UserError `WHEN_UNREADABLE` naming the text
 */
export function readTime(text: string): TimeOfDay {
  const bare = text.replace(/^at /, '');
  if (bare === '' || bare === 'at') throw unreadable('', { fault: 'no-time' });
  const time = WORDS[bare] ?? clockTime(bare);
  if (time === null) throw unreadable(bare, { fault: 'time' });
  return time;
}

/** `9:00`. */
export function printTime({ hour, minute }: TimeOfDay): string {
  return `${hour}:${String(minute).padStart(2, '0')}`;
}

function clockTime(text: string): TimeOfDay | null {
  const [, hours, minutes, half] = CLOCK.exec(text) ?? [];
  if (hours === undefined || (minutes === undefined && half === undefined)) return null;
  const minute = Number(minutes ?? 0);
  const hour = half === undefined ? Number(hours) : fullHour(Number(hours), half.startsWith('p'));
  return hour === null || hour > 23 || minute > 59 ? null : { hour, minute };
}

/** 12 am is midnight and 12 pm is noon. */
function fullHour(hour: number, afternoon: boolean): number | null {
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (afternoon ? 12 : 0);
}
