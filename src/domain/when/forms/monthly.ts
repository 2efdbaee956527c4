import { readTime } from '../time-of-day.js';
import type { Monthly } from '../when.js';

const HEAD = /^(?:every |on )?(?:the )?(first|1st|last)(?: day)? of (?:(?:the|each|every) )?month(?: |$)/;

/** `first of month 9:00`, `last day of the month 15:45`: calendar days, not market days. */
export function monthly(text: string): Monthly | null {
  const [head, day] = HEAD.exec(text) ?? [];
  if (head === undefined) return null;
  return { kind: 'monthly', day: day === 'last' ? 'last' : 'first', time: readTime(text.slice(head.length)) };
}
