import { type EntityManager, In } from 'typeorm';
import type { Hold, Holding, NewNote, Note, NoteChange, Topic } from '../../ports/outbox.js';
import { instantToMillis } from '../columns.js';
import { OutboxRow } from '../entities/index.js';

/** Into a topic that nobody else holds; false if there is a message with this news. */
export async function addNote(manager: EntityManager, note: NewNote, hold: Holding): Promise<boolean> {
  const { kind, topic, news, channelId, userId } = note;
  const rows = await lockTopic(manager, note);
  if (isHeldByAnother(rows, hold) || rows.some((row) => row.news === news)) return false;
  await manager.insert(OutboxRow, {
    ...blank({ kind, topic, news, channelId, userId }, hold.now),
    attempts: 1,
    nextAt: hold.now,
    owner: hold.owner,
    leaseUntil: hold.until,
    asked: rows[0]?.asked ?? 0,
  });
  return true;
}

/**
 * The first word on something that has only begun: whoever began it tells it, and says when it is due. For everybody
 * else that is a try which may have got through.
 */
export async function insertFirst(
  manager: EntityManager,
  { kind, topic, channelId, userId }: Omit<NewNote, 'news'>,
  createdAt: Date,
): Promise<void> {
  await manager.insert(OutboxRow, {
    ...blank({ kind, topic, news: '', channelId, userId }, createdAt),
    attempts: 1,
  });
}

/**
 * There is news on a topic: it is due at once, and again once whoever tells it now is done.
 * @param begin whether its first message is added, or what there is only looked at again
 */
export async function oweAnew(
  manager: EntityManager,
  note: Omit<NewNote, 'news'>,
  now: Date,
  begin: boolean,
): Promise<void> {
  const rows = (await lockTopic(manager, note)).filter(({ state }) => state !== 'ended');
  if (rows.length === 0) {
    if (begin) await manager.insert(OutboxRow, { ...blank({ ...note, news: '' }, now), nextAt: now });
    return;
  }
  const asked = (rows[0]?.asked ?? 0) + 1;
  await manager.update(OutboxRow, { id: In(rows.map(({ id }) => id)) }, { nextAt: now, asked });
}

/** One that nobody has begun to tell. */
function blank(note: NewNote, createdAt: Date): Omit<OutboxRow, 'id'> {
  return {
    ...note,
    pages: [],
    directPages: [],
    told: '',
    state: 'owed',
    attempts: 0,
    nextAt: null,
    owner: null,
    leaseUntil: null,
    asked: 0,
    createdAt,
  };
}

/** See the port. */
export async function holdTopic(manager: EntityManager, hold: Holding): Promise<Hold | null> {
  const rows = await lockTopic(manager, hold);
  const ids = rows.map(({ id }) => id);
  if (isHeldByAnother(rows, hold)) {
    await manager.update(OutboxRow, { id: In(ids) }, { asked: (rows[0]?.asked ?? 0) + 1 });
    // Should the other process be dead, nobody lets go: it is due as soon as the lease is over.
    const waiting = rows.filter(({ nextAt, state }) => nextAt === null && state !== 'ended');
    await manager.update(OutboxRow, { id: In(waiting.map(({ id }) => id)) }, { nextAt: hold.now });
    return null;
  }
  if (rows.length > 0) {
    const change = { owner: hold.owner, leaseUntil: hold.until, attempts: () => '"attempts" + 1' };
    await manager.update(OutboxRow, { id: In(ids) }, change);
    // What is out is being brought up to date: whoever dies over that leaves it due.
    const out = rows.filter(({ news, nextAt, state }) => news !== '' && nextAt === null && state !== 'ended');
    await manager.update(OutboxRow, { id: In(out.map(({ id }) => id)) }, { nextAt: hold.now });
  }
  const alive = rows.filter(({ state }) => state !== 'ended');
  return {
    notes: alive.map((row) => toNote({ ...row, attempts: row.attempts + 1 })),
    until: hold.until,
    due: alive.some(({ nextAt }) => nextAt !== null && nextAt <= hold.now),
    asked: rows[0]?.asked ?? 0,
  };
}

export async function renewTopic(manager: EntityManager, hold: Holding): Promise<boolean> {
  const { kind, topic, owner, until } = hold;
  const { affected } = await manager.update(OutboxRow, { kind, topic, owner }, { leaseUntil: until });
  return (affected ?? 0) > 0;
}

/** See the port. Whoever lost the topic meanwhile changes nothing: another process knows more by now. */
export async function releaseTopic(
  manager: EntityManager,
  hold: Holding,
  changes: readonly NoteChange[],
  asked: number,
): Promise<void> {
  const rows = (await lockTopic(manager, hold)).filter(({ owner }) => owner === hold.owner);
  for (const row of rows) {
    const change = changes.find(({ id }) => id === row.id);
    const outcome = change ? outcomeOf(change) : {};
    const nextAt = change ? change.nextAt : row.nextAt;
    const again = row.asked !== asked && !change?.ended && row.state !== 'ended';
    await manager.update(
      OutboxRow,
      { id: row.id },
      { ...outcome, nextAt: again ? hold.now : nextAt, owner: null, leaseUntil: null },
    );
  }
}

function outcomeOf({ news, pages, directPages, told, nextAt, ended = false }: NoteChange) {
  const done = { news, pages, directPages, told };
  if (ended) return { ...done, state: 'ended' as const };
  return nextAt === null
    ? { ...done, state: 'told' as const, attempts: 0 }
    : { ...done, state: 'owed' as const };
}

/** Nothing is to be said on a topic after all; what is out already stays in its books. */
export async function endUnsaid(manager: EntityManager, { kind, topic }: Topic): Promise<void> {
  await manager.update(OutboxRow, { kind, topic, news: '' }, { state: 'ended', nextAt: null });
}

/** One look at an index, and no lock. */
export async function dueTopics(
  manager: EntityManager,
  now: Date,
  limit: number,
): Promise<(Topic & { channelId: string })[]> {
  const rows = await manager
    .createQueryBuilder(OutboxRow, 'note')
    .where('note.nextAt <= :now', { now: instantToMillis(now) })
    .andWhere('(note.leaseUntil IS NULL OR note.leaseUntil <= :now)', { now: instantToMillis(now) })
    .orderBy('note.nextAt', 'ASC')
    .addOrderBy('note.id', 'ASC')
    .limit(limit)
    .getMany();
  const topics = rows.map(
    ({ kind, topic, channelId }) => [`${kind} ${topic}`, { kind, topic, channelId }] as const,
  );
  return [...new Map(topics).values()];
}

export async function notesOf(manager: EntityManager, { kind, topic }: Topic): Promise<Note[]> {
  const rows = await manager.find(OutboxRow, { where: { kind, topic }, order: { id: 'ASC' } });
  return rows.filter(({ state }) => state !== 'ended').map(toNote);
}

export async function owedTopics(manager: EntityManager, kind: string): Promise<string[]> {
  const rows = await manager
    .createQueryBuilder(OutboxRow, 'note')
    .where({ kind, state: 'owed' })
    .andWhere('note.nextAt IS NOT NULL')
    .orderBy('note.id', 'ASC')
    .getMany();
  return [...new Set(rows.map(({ topic }) => topic))];
}

/** A topic's rows, locked until the transaction ends, in one order everywhere. */
function lockTopic(manager: EntityManager, { kind, topic }: Topic): Promise<OutboxRow[]> {
  const query = manager
    .createQueryBuilder(OutboxRow, 'note')
    .where({ kind, topic })
    .orderBy('note.id', 'ASC');
  if (manager.connection.options.type === 'postgres') query.setLock('pessimistic_write');
  return query.getMany();
}

function isHeldByAnother(rows: readonly OutboxRow[], { owner, now }: Holding): boolean {
  return rows.some((row) => row.owner !== null && row.owner !== owner && (row.leaseUntil ?? now) > now);
}

export function toNote(row: OutboxRow): Note {
  const { id, kind, topic, news, channelId, userId, pages, directPages, told, attempts, createdAt } = row;
  return { id, kind, topic, news, channelId, userId, pages, directPages, told, attempts, createdAt };
}
