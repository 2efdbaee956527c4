import type { StoredMessage } from '../messages/stored-message.js';

export interface PageQuery {
  limit: number;
  before: string | undefined;
  after: string | undefined;
  around: string | undefined;
}

/** GET messages' paging: newest first; `before`, `after` and `around` exclude each other, the first given counts. */
export function page(history: readonly StoredMessage[], query: PageQuery): StoredMessage[] {
  return pick(history, query).reverse();
}

function pick(
  history: readonly StoredMessage[],
  { limit, before, after, around }: PageQuery,
): StoredMessage[] {
  const older = (than: string): StoredMessage[] =>
    history.filter((one) => BigInt(one.wire.id) < BigInt(than));
  const newer = (than: string): StoredMessage[] =>
    history.filter((one) => BigInt(one.wire.id) > BigInt(than));
  if (around !== undefined) {
    const half = Math.floor(limit / 2);
    const middle = history.filter((one) => one.wire.id === around);
    return [...older(around).slice(-half), ...middle, ...newer(around).slice(0, half)].slice(0, limit);
  }
  if (before !== undefined) return older(before).slice(-limit);
  if (after !== undefined) return newer(after).slice(0, limit);
  return history.slice(-limit);
}
