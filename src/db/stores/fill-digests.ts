import { type EntityManager, MoreThanOrEqual } from 'typeorm';
import { GATHERS_MS, tellingOf } from '../../domain/fill-digest.js';
import type { NewNote } from '../../ports/outbox.js';
import { OutboxRow } from '../entities/index.js';
import { insertElsewhere, oweAnew } from './outbox.js';

/** What the messages are kept under that tell of one order's fills, and of those of many orders. */
const FILL = 'fill';
const DIGEST = 'fill-digest';

/** The row of a fill that a digest tells has this for its news, and the digest's topic behind it. */
const IN_DIGEST = 'digest ';

/**
 * One of our orders has traded, or ended: its fill is owed, by its own message or by the digest that tells it. Which one it
 * is, is decided once.
 * @param begin whether something is owed at all where nothing was told of it before
 */
export async function oweFill(
  manager: EntityManager,
  note: Omit<NewNote, 'news' | 'kind'>,
  now: Date,
  begin: boolean,
): Promise<void> {
  const { topic, channelId, userId } = note;
  const known = await manager.findBy(OutboxRow, { kind: FILL, topic });
  const digest = known.map(({ news }) => digestIn(news)).find((each) => each !== null);
  if (digest) return oweAnew(manager, { ...note, kind: DIGEST, topic: digest }, now, begin);
  if (known.length > 0 || !begin) return oweAnew(manager, { ...note, kind: FILL }, now, begin);
  const [fills, digests] = [
    await lately(manager, { kind: FILL, channelId, userId }, now),
    await lately(manager, { kind: DIGEST, channelId, userId }, now),
  ];
  const last = digests.at(-1);
  const telling = tellingOf(
    now,
    fills.map(({ createdAt }) => createdAt),
    last?.createdAt ?? null,
  );
  if (telling === 'own') return oweAnew(manager, { ...note, kind: FILL }, now, true);
  const joined = telling === 'join' && last ? last.topic : topic;
  await oweAnew(manager, { ...note, kind: DIGEST, topic: joined }, now, true);
  await insertElsewhere(manager, { ...note, kind: FILL, news: `${IN_DIGEST}${joined}` }, now);
}

/** The numbers of the intents whose fills a digest tells, in the order they came. */
export async function digestedFills(manager: EntityManager, digest: string): Promise<number[]> {
  const rows = await manager.find(OutboxRow, {
    where: { kind: FILL, news: `${IN_DIGEST}${digest}` },
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
