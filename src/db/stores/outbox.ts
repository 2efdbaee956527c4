import { type EntityManager, In, MoreThanOrEqual, Not } from 'typeorm';
import type { Hold, Holding, NewNote, Note, NoteChange, Topic } from '../../ports/outbox.js';
import { instantToMillis } from '../columns.js';
import { OutboxRow } from '../entities/index.js';
import { locked } from '../locked.js';

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
    asked: askedOf(rows),
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

/** A message that stands already, in answer to somebody, is kept true from here on; what it says its kind knows as `open`. */
export async function adoptNote(
  manager: EntityManager,
  note: NewNote,
  message: string,
  now: Date,
): Promise<void> {
  await manager.insert(OutboxRow, { ...blank(note, now), pages: [message], told: 'open', nextAt: now });
}

/** The one message of each of these topics, which are new: owed from an instant on, and in nobody's hands. */
export async function insertOwed(
  manager: EntityManager,
  notes: readonly (Omit<NewNote, 'news'> & { nextAt: Date })[],
  createdAt: Date,
): Promise<void> {
  const rows = notes.map(({ nextAt, ...note }) => ({ ...blank({ ...note, news: '' }, createdAt), nextAt }));
  if (rows.length > 0) await manager.insert(OutboxRow, rows);
}

/** What is told by another topic's message, as its `news` says: nobody looks at it here. */
export async function insertElsewhere(manager: EntityManager, note: NewNote, createdAt: Date): Promise<void> {
  await manager.insert(OutboxRow, { ...blank(note, createdAt), state: 'ended' });
}

/** Whether nobody has begun yet to tell what is owed on a topic; it stays so until the transaction ends. */
export async function isUntouched(manager: EntityManager, topic: Topic): Promise<boolean> {
  const rows = await lockTopic(manager, topic);
  return rows.length > 0 && rows.every(({ state, attempts }) => state === 'owed' && attempts === 0);
}

/** Takes back what is owed on topics that nobody holds. @returns those topics */
export async function dropFree(
  manager: EntityManager,
  kind: string,
  topics: readonly string[],
  now: Date,
): Promise<Set<string>> {
  const free = new Set<string>();
  for (const topic of [...topics].sort()) {
    const rows = await lockTopic(manager, { kind, topic });
    if (rows.some(({ leaseUntil }) => leaseUntil !== null && leaseUntil > now)) continue;
    await manager.delete(OutboxRow, { id: In(rows.map(({ id }) => id)) });
    free.add(topic);
  }
  return free;
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
  const rows = await lockTopic(manager, note);
  const alive = rows.filter(({ state }) => state !== 'ended');
  const asked = askedOf(rows) + 1;
  const unsaid = rows.find(({ news }) => news === '');
  if (alive.length > 0) {
    await manager.update(OutboxRow, { id: In(alive.map(({ id }) => id)) }, { nextAt: now, asked });
  } else if (begin) {
    const row = { ...blank({ ...note, news: '' }, now), nextAt: now, asked };
    // There was nothing to be said when it was looked at before: now there may be.
    if (unsaid) await manager.update(OutboxRow, { id: unsaid.id }, row);
    else await manager.insert(OutboxRow, row);
  }
}

/** See the port. */
export async function beginTopics(
  manager: EntityManager,
  notes: readonly Omit<NewNote, 'news'>[],
  now: Date,
): Promise<void> {
  for (const note of notes) {
    if ((await lockTopic(manager, note)).length > 0) continue;
    await manager.insert(OutboxRow, { ...blank({ ...note, news: '' }, now), nextAt: now });
  }
}

/** See the port. */
export async function askFor(manager: EntityManager, topics: readonly Topic[], now: Date): Promise<number> {
  let asked = 0;
  for (const topic of topics) {
    const alive = (await lockTopic(manager, topic)).filter(({ state }) => state !== 'ended');
    if (alive.length === 0) continue;
    await oweAnew(manager, { ...topic, channelId: '', userId: '' }, now, false);
    asked += 1;
  }
  return asked;
}

/** See the port. */
export async function aliveTopics(manager: EntityManager, kind: string, since: Date): Promise<string[]> {
  const rows = await manager.findBy(OutboxRow, {
    kind,
    state: Not('ended'),
    createdAt: MoreThanOrEqual(since),
  });
  return [...new Set(rows.map(({ topic }) => topic))];
}

/** How often somebody has asked for a topic: whoever holds it sees whether that was once more. */
function askedOf(rows: readonly OutboxRow[]): number {
  return Math.max(0, ...rows.map(({ asked }) => asked));
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
    await manager.update(OutboxRow, { id: In(ids) }, { asked: askedOf(rows) + 1 });
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
    asked: askedOf(rows),
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
    if (change) await makeRoom(manager, rows, change);
    const nextAt = change ? change.nextAt : row.nextAt;
    const again = row.asked !== asked && !hasEnded(row, change);
    await manager.update(
      OutboxRow,
      { id: row.id },
      again
        ? { ...outcome, ...(change?.ended && { state: 'owed' }), nextAt: hold.now, ...FREE }
        : { ...outcome, nextAt, ...FREE },
    );
  }
}

/** What somebody took away, and is told again all the same, leaves its news to the message that tells it now. */
async function makeRoom(
  manager: EntityManager,
  rows: readonly OutboxRow[],
  { id, news }: NoteChange,
): Promise<void> {
  const former = rows.find((row) => row.id !== id && row.state === 'ended' && row.news === news);
  if (former) await manager.update(OutboxRow, { id: former.id }, { news: `${news}~${former.id}` });
}

const FREE = { owner: null, leaseUntil: null } as const;

/** What is out and gone stays gone; what was never said isn't over if somebody had more to say meanwhile. */
function hasEnded(row: OutboxRow, change: NoteChange | undefined): boolean {
  return row.state === 'ended' || (change?.ended === true && change.news !== '');
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
  const query = manager.createQueryBuilder(OutboxRow, 'note').where({ kind, topic });
  return locked(query.orderBy('note.id', 'ASC')).getMany();
}

function isHeldByAnother(rows: readonly OutboxRow[], { owner, now }: Holding): boolean {
  return rows.some((row) => row.owner !== null && row.owner !== owner && (row.leaseUntil ?? now) > now);
}

export function toNote(row: OutboxRow): Note {
  const { id, kind, topic, news, channelId, userId, pages, directPages, told, attempts, createdAt } = row;
  return { id, kind, topic, news, channelId, userId, pages, directPages, told, attempts, createdAt };
}
