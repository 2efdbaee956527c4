import { printDuration } from './duration.js';
import { printDays } from './forms/weekly.js';
import { printTime } from './time-of-day.js';
import type { When } from './when.js';

/** The canonical text of a `When`; `parseWhen` reads it back as the same. */
export function printWhen(when: When): string {
  switch (when.kind) {
    case 'weekly':
      return `${printDays(when.days)} ${printTime(when.time)}`;
    case 'monthly':
      return `${when.day} of month ${printTime(when.time)}`;
    case 'market':
      return `market ${when.edge}${signed(when.offset)}`;
    case 'cron':
      return when.expression;
    case 'once':
      return `${when.date} ${printTime(when.time)}`;
    case 'instant':
      return when.at;
    case 'in':
      return `in ${printDuration(when)}`;
    case 'near':
      return `${when.day} ${printTime(when.time)}`;
  }
}

function signed(offset: number): string {
  if (offset === 0) return '';
  return ` ${offset < 0 ? '-' : '+'}${printDuration({ days: 0, minutes: Math.abs(offset) })}`;
}
