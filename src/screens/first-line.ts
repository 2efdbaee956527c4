import { clip } from './format.js';

/** What a phone's lock screen shows of a message. */
const FIRST_LINE = 80;
const BETWEEN = ' · ';

/**
 * The line a message opens with: what happened, to which position, how much. What of it doesn't fit a lock screen
 * stands whole in the lines below.
 * @param before said in front of it, such as a mention
 */
export function firstLine(parts: readonly string[], before = ''): string {
  const [first = '', ...more] = parts.filter((part) => part !== '');
  const room = FIRST_LINE - before.length;
  if (first.length > room) return [before + clipped(first, room), [first, ...more].join(BETWEEN)].join('\n');
  let line = first;
  let taken = 0;
  for (const part of more) {
    if (line.length + BETWEEN.length + part.length > room) break;
    line += BETWEEN + part;
    taken += 1;
  }
  return [before + line, more.slice(taken).join(BETWEEN)].filter(Boolean).join('\n');
}

/** Bold stays closed. */
function clipped(text: string, room: number): string {
  const bold = text.startsWith('**');
  return bold ? `**${clip(text.replaceAll('**', ''), room - 4)}**` : clip(text, room);
}
