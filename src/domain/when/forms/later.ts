import { parseDuration } from '../duration.js';
import { readTime } from '../time-of-day.js';
import { unreadable } from '../unreadable.js';
import type { In, NearDay } from '../when.js';

const MAX_DAYS = 366;
const MINUTES_OF_A_DAY = 24 * 60;

/** `in 2h`, `in 45 min`, `in 3 days`, `today 16:00`, `tomorrow 9:00`. */
export function later(text: string): In | NearDay | null {
  const [word, rest] = split(text);
  if (word === 'today' || word === 'tomorrow') return { kind: 'near', day: word, time: readTime(rest) };
  return word === 'in' ? within(rest) : null;
}

function within(length: string): In {
  if (length === '') throw unreadable('in', { fault: 'no-length' });
  const duration = parseDuration(length);
  if (duration === null) throw unreadable(length, { fault: 'length' });
  const { days, minutes } = duration;
  if (days + minutes === 0) throw unreadable(length, { fault: 'now' });
  if (days + minutes / MINUTES_OF_A_DAY > MAX_DAYS)
    throw unreadable(length, { fault: 'too-far', days: MAX_DAYS });
  return { kind: 'in', days, minutes };
}

function split(text: string): [first: string, rest: string] {
  const at = text.indexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
