import type { Seen } from '../../ports/channel.js';
import type { Projector } from './projector.js';

/** A message found in a channel: where its pages are, and the news it tells. */
export interface Found {
  refs: string[];
  news: string;
}

/** Messages on a topic among those of a channel, oldest first; pages belong to the first page before them. */
export function messagesAmong<Page>(
  seen: readonly Seen<Page>[],
  topic: string,
  projector: Pick<Projector<Page>, 'newsOn' | 'begins'>,
): Found[] {
  const found: Found[] = [];
  for (const { ref, page } of seen) {
    const news = projector.newsOn(page, topic);
    if (news === null) continue;
    const last = found.at(-1);
    if (last && !projector.begins(page)) last.refs.push(ref);
    else found.push({ refs: [ref], news });
  }
  return found;
}

/** Of the messages found, the one that a note stands for: it goes on after its pages, or is nobody else's. */
export function ownAmong(
  found: readonly Found[],
  pages: readonly string[],
  others: ReadonlySet<string>,
): Found | null {
  const free = found.filter(({ refs }) => !refs.some((ref) => others.has(ref)));
  const [first] = pages;
  const own = first === undefined ? free[0] : free.find(({ refs }) => refs[0] === first);
  return own ?? null;
}
