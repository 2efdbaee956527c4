import { parseDuration } from '../duration.js';
import { unreadable } from '../unreadable.js';
import type { Market, MarketEdge } from '../when.js';

/** An offset beyond this reaches into another day's session and is surely a slip. */
const MAX_OFFSET_MINUTES = 12 * 60;

const EDGE = /^(?:every |at )?(?:the )?(?:market )?(open|close)(?=$|[ +-]) ?(.*)$/;
const WORDS_FIRST = /^(.+) (before|after) (?:the )?(?:market )?(open|close)$/;

/** `market open`, `market open +15m`, `market close - 1h30m`, `10 min before the close`. */
export function market(text: string): Market | null {
  const [, edge, tail = ''] = EDGE.exec(text) ?? [];
  if (edge !== undefined) return { kind: 'market', edge: edge as MarketEdge, offset: signedOffset(tail) };
  const [, length = '', side, named] = WORDS_FIRST.exec(text) ?? [];
  if (named !== undefined) {
    return { kind: 'market', edge: named as MarketEdge, offset: offset(length, side === 'before') };
  }
  const [, unknown] = /^market(?: (.*))?$/.exec(text) ?? [text, null];
  if (unknown === null) return null;
  throw unreadable(unknown ?? text, { fault: 'market-edge' });
}

function signedOffset(tail: string): number {
  if (tail === '') return 0;
  const [, sign, length = ''] = /^([+-]) ?(.*)$/.exec(tail) ?? [];
  if (sign === undefined) throw unreadable(tail, { fault: 'market-offset' });
  return offset(length, sign === '-');
}

function offset(length: string, before: boolean): number {
  const duration = parseDuration(length);
  if (duration === null) throw unreadable(length, { fault: 'length' });
  if (duration.days > 0 || duration.minutes > MAX_OFFSET_MINUTES) {
    throw unreadable(length, { fault: 'market-too-far', hours: MAX_OFFSET_MINUTES / 60 });
  }
  // Not -0: it would not survive JSON.
  return before && duration.minutes > 0 ? -duration.minutes : duration.minutes;
}
