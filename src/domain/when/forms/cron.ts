import { compileCron } from '../cron-pattern.js';
import { unreadable } from '../unreadable.js';
import type { Cron } from '../when.js';

const FIELDS = ['minute', 'hour', 'day of month', 'month', 'day of week'] as const;
const NAMES = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun';
/** Standard cron only: the parser's extras (`H`, `L`, `#`, `?`) are random or mean different things elsewhere. */
const ITEM = `(?:\\*|(?:\\d{1,2}|${NAMES})(?:-(?:\\d{1,2}|${NAMES}))?)(?:/\\d{1,2})?`;
const FIELD = new RegExp(`^${ITEM}(?:,${ITEM})*$`);

/** Five fields: `30 9 * * mon-fri`. The word `cron` may stand before them. */
export function cron(text: string): Cron | null {
  const bare = text.replace(/^cron:? /, '');
  const fields = bare.split(' ');
  const looksLikeIt = /^[\d*,/-]+$/.test(fields[0] ?? '') && (fields.length === 5 || bare.includes('*'));
  if (bare === text && !looksLikeIt) return null;
  if (fields.length !== 5) {
    throw unreadable(bare, { fault: 'cron-fields', fields: fields.length });
  }
  for (const [index, field] of fields.entries()) readable(field, index);
  const expression = bare.toUpperCase();
  if (compileCron(expression) === null) throw unreadable(bare, { fault: 'cron-day' });
  return { kind: 'cron', expression };
}

/** Each field is tried alone, so that the error can name it. */
function readable(field: string, index: number): void {
  const alone = FIELDS.map((_, each) => (each === index ? field : '*')).join(' ');
  if (FIELD.test(field) && compileCron(alone.toUpperCase()) !== null) return;
  throw unreadable(field, { fault: 'cron-field', field: FIELDS[index] ?? 'minute' });
}
