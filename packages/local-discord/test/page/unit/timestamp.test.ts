import { describe, expect, it } from 'vitest';
import { formatMessageTime, formatTimestamp } from '../../../page/markdown/timestamp.js';

const AT = Date.UTC(2026, 10, 23, 16, 5, 9) / 1000;
const nowMs = AT * 1000;

describe('a Discord timestamp', () => {
  it.each([
    ['t', '4:05 PM'],
    ['T', '4:05:09 PM'],
    ['d', '11/23/2026'],
    ['D', 'November 23, 2026'],
    ['f', 'November 23, 2026 at 4:05 PM'],
    ['F', 'Monday, November 23, 2026 at 4:05 PM'],
  ])('in style %s reads %s', (style, expected) => {
    expect(formatTimestamp(AT, style, nowMs, 'UTC').replaceAll('\u202f', ' ')).toBe(expected);
  });

  it.each([
    [0, 'now'],
    [1, 'in 1 second'],
    [59, 'in 59 seconds'],
    [60, 'in 1 minute'],
    [119, 'in 1 minute'],
    [3_600, 'in 1 hour'],
    [-1, '1 second ago'],
    [-86_400, '1 day ago'],
    [40 * 86_400, 'in 1 month'],
    [800 * 86_400, 'in 2 years'],
  ])('relative, %i s from now, reads %s', (seconds, expected) => {
    expect(formatTimestamp(AT + seconds, 'R', nowMs)).toBe(expected);
  });
});

describe("a message's own time", () => {
  const noon = new Date(2026, 10, 23, 12, 0).getTime();

  it.each([
    [new Date(2026, 10, 23, 0, 1), /^Today at 12:01/],
    [new Date(2026, 10, 22, 23, 59), /^Yesterday at 11:59/],
    [new Date(2026, 10, 1, 9, 30), /^11\/01\/2026 9:30/],
  ])('%s is shown by its day', (at, expected) => {
    expect(formatMessageTime(at.toISOString(), noon)).toMatch(expected);
  });

  it('is empty for an unreadable instant', () => {
    expect(formatMessageTime('soon', noon)).toBe('');
  });
});
