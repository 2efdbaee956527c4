import { type EntityManager, MoreThanOrEqual } from 'typeorm';
import { GATHERS_MS, tellingOf } from '../../domain/gathering.js';
import type { NewNote } from '../../ports/outbox.js';
import { OutboxRow } from '../entities/index.js';
import { insertElsewhere, oweAnew } from './outbox.js';

/** What comes many at once, by what its messages are kept under: those that tell one of it, and those that tell many. */
export interface Gathered {
  own: string;
  digest: string;
}

/** One order's fills; the topic is its intent. */
export const FILLS: Gathered = { own: 'fill', digest: 'fill-digest' };
/** What a position made, once its last contract is gone; the topic is its number. */
export const CLOSINGS: Gathered = { own: 'closed', digest: 'closed-digest' };

/** The row of what a digest tells has this for its news, and the digest's topic behind it. */
const IN_DIGEST = 'digest ';

/** What is owed, as `Gathered` says of its topic. */
export type GatheredNote = Omit<NewNote, 'news' | 'kind'>;

/**
 * There is news of one: it is owed, by its own message or by the digest that tells it. Which one it is, is decided once:
 * the caller has locked what it is about (a fill's intent, a closing's position) until the transaction ends.
 * @param begin whether something is owed at all where nothing was told of it before: never, by its own message in any case, or
 *   by the digest where many came within a minute
 */
export async function oweGathered(
  manager: EntityManager,
  kinds: Gathered,
  note: GatheredNote,
  now: Date,
  begin: 'never' | 'alone' | 'gathered',
): Promise<void> {
  const { topic, channelId, userId } = note;
  const begins = begin !== 'never';
  const known = await manager.findBy(OutboxRow, { kind: kinds.own, topic });
  const digest = known.map(({ news }) => digestIn(news)).find((each) => each !== null);
  if (digest) return oweAnew(manager, { ...note, kind: kinds.digest, topic: digest }, now, begins);
  // Where there was nothing to be said of it, nothing is decided.
  const decided = known.some(({ news, state }) => news !== '' || state !== 'ended');
  if (decided || begin !== 'gathered') return oweAnew(manager, { ...note, kind: kinds.own }, now, begins);
  const [singly, digests] = [
    await lately(manager, { kind: kinds.own, channelId, userId }, now),
    await lately(manager, { kind: kinds.digest, channelId, userId }, now),
  ];
  const last = digests.at(-1);
  const telling = tellingOf(
    now,
    singly.map(({ createdAt }) => createdAt),
    last?.createdAt ?? null,
  );
  if (telling === 'own') return oweAnew(manager, { ...note, kind: kinds.own }, now, true);
  const joined = telling === 'join' && last ? last.topic : topic;
  await oweAnew(manager, { ...note, kind: kinds.digest, topic: joined }, now, true);
  await insertElsewhere(manager, { ...note, kind: kinds.own, news: `${IN_DIGEST}${joined}` }, now);
}

/** The topics of what a digest tells, which are numbers, in the order they came. */
export async function gatheredIn(
  manager: EntityManager,
  { own }: Gathered,
  digest: string,
): Promise<number[]> {
  const rows = await manager.find(OutboxRow, {
    where: { kind: own, news: `${IN_DIGEST}${digest}` },
    order: { id: 'ASC' },
  });
  return rows.map(({ topic }) => Number(topic));
}

function lately(
  manager: EntityManager,
  where: Pick<OutboxRow, 'kind' | 'channelId' | 'userId'>,
  now: Date,
): Promise<OutboxRow[]> {
  const since = MoreThanOrEqual(new Date(now.getTime() - GATHERS_MS));
  return manager.find(OutboxRow, { where: { ...where, createdAt: since }, order: { id: 'ASC' } });
}

function digestIn(news: string): string | null {
  return news.startsWith(IN_DIGEST) ? news.slice(IN_DIGEST.length) : null;
}
