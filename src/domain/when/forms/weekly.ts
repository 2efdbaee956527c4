import { readTime } from '../time-of-day.js';
import { unreadable } from '../unreadable.js';
import type { Weekday, Weekly } from '../when.js';

const WEEKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5];
const WEEKEND: readonly Weekday[] = [6, 7];
const EVERY_DAY: readonly Weekday[] = [...WEEKDAYS, ...WEEKEND];

/** Names at their shortest; what may follow is spelled out so that `money` is no Monday. */
const DAY =
  /^(?:(mon)(?:days?)?|(tue)(?:s|sdays?)?|(wed)(?:s|nesdays?)?|(thu)(?:r|rs|rsdays?)?|(fri)(?:days?)?|(sat)(?:urdays?)?|(sun)(?:days?)?)$/;
const GROUPS: Readonly<Record<string, readonly Weekday[]>> = {
  weekday: WEEKDAYS,
  weekdays: WEEKDAYS,
  weekend: WEEKEND,
  weekends: WEEKEND,
  day: EVERY_DAY,
  daily: EVERY_DAY,
  everyday: EVERY_DAY,
};
const SHORT = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const LONG = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** `weekdays 9:00`, `every friday 15:30`, `mon,wed and fri 9:30`, `mon-thu 16:15`, `daily 16:15`. */
export function weekly(text: string): Weekly | null {
  const lead = /^(?:every|each|on) /.exec(text)?.[0] ?? '';
  const words = text
    .slice(lead.length)
    .replace(/ ?- ?/g, '-')
    .split(/[ ,&]+/);
  const days = new Set<Weekday>();
  let word = words.shift();
  for (; word !== undefined; word = words.shift()) {
    const named = word === 'and' && days.size > 0 ? [] : daysNamed(word);
    if (named === null) break;
    for (const day of named) days.add(day);
  }
  const rest = word === undefined ? '' : [word, ...words].join(' ');
  if (days.size > 0) return { kind: 'weekly', days: [...days].sort(), time: readTime(rest) };
  if (lead === '' || lead === 'on ') return null;
  throw unreadable(word ?? text, { fault: 'every' });
}

export function printDays(days: readonly Weekday[]): string {
  const is = (group: readonly Weekday[]) => group.join() === days.join();
  if (is(EVERY_DAY)) return 'daily';
  if (is(WEEKDAYS)) return 'weekdays';
  if (is(WEEKEND)) return 'weekends';
  const [only, ...others] = days;
  if (only !== undefined && others.length === 0) return `every ${LONG[only - 1]}`;
  return days.map((day) => SHORT[day - 1]).join();
}

/** The days of one word, a range such as `fri-mon` included; null if it names none. */
function daysNamed(word: string): readonly Weekday[] | null {
  const group = Object.hasOwn(GROUPS, word) ? GROUPS[word] : undefined;
  if (group !== undefined) return group;
  const [from, to, more] = word.split('-').map(dayNamed);
  if (from === undefined || from === null || more !== undefined || to === null) return null;
  if (to === undefined) return [from];
  return EVERY_DAY.filter((day) => (from <= to ? from <= day && day <= to : from <= day || day <= to));
}

function dayNamed(word: string): Weekday | null {
  const index = DAY.exec(word)
    ?.slice(1)
    .findIndex((name) => name !== undefined);
  return index === undefined ? null : (EVERY_DAY[index] ?? null);
}
