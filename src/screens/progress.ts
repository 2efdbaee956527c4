import type { ReportLine } from '../ports/report.js';
import { firstLine } from './first-line.js';
import { clip } from './format.js';
import { headline } from './report.js';

/** Far below what a message holds; ids of more orders than fit stand in the result. */
const MOST = 1_500;

/** Before any order may leave: it can take seconds. */
const CLEARING = '⏳ Submitted: what has to end first is being cancelled…';

/** The line above a preview while its orders leave: each id the moment it is known. */
export function progressText(lines: readonly ReportLine[]): string {
  if (lines.length > 0 && lines.every(({ state }) => state === 'reserved')) return CLEARING;
  const count = (state: ReportLine['state']) => lines.filter((line) => line.state === state).length;
  const notPlaced = count('refused') + count('abandoned');
  const parts = [`Submitting… **${count('placed')} of ${lines.length} placed**`];
  if (notPlaced > 0) parts.push(`**${notPlaced} not placed**`);
  if (count('unknown') > 0) parts.push(`**${count('unknown')} not confirmed**`);
  return withIds(parts, lines);
}

/** The same once every answer is there. */
export function submittedText(lines: readonly ReportLine[]): string {
  return withIds([`Submitted: ${headline(lines)}`], lines);
}

function withIds(parts: string[], lines: readonly ReportLine[]): string {
  const ids = lines.flatMap(({ orderId }) => orderId ?? []);
  return clip(firstLine([...parts, ids.join(', ')]), MOST);
}
