import { type EntityManager, Like } from 'typeorm';
import { keyOfOrder } from '../../domain/position-key.js';
import { ENDS } from '../../domain/position-life.js';
import type { Closings } from '../../ports/closings.js';
import type { NewNote } from '../../ports/outbox.js';
import { instantToMillis } from '../columns.js';
import type { Database } from '../database.js';
import { PositionRow } from '../entities/index.js';
import { oweAnew } from './outbox.js';

/** What the messages are kept under that tell what a position made once its last contract is gone. */
const CLOSED = 'closed';

export function closings(database: Database): Closings {
  return {
    unended: (account, since) => database.read((m) => unended(m, account, since)),
    oweClosings: (notes, now) =>
      database.write(async (m) => {
        for (const note of notes) await oweClosing(m, note, now);
      }),
  };
}

/** Whether anything of a position is left, whoever tells it finds out. */
export async function oweClosing(
  manager: EntityManager,
  note: Omit<NewNote, 'kind' | 'news'>,
  now: Date,
): Promise<void> {
  await oweAnew(manager, { ...note, kind: CLOSED }, now, true);
}

async function unended(manager: EntityManager, account: string, since: Date): Promise<number[]> {
  const rows = await manager
    .createQueryBuilder(PositionRow, 'position')
    .where({ account, key: Like(`${keyOfOrder('')}%`) })
    .andWhere('position.lastSeenAt >= :since', { since: instantToMillis(since) })
    .andWhere('(position.step IS NULL OR position.step NOT IN (:...ends))', { ends: ENDS })
    .orderBy('position.id', 'ASC')
    .getMany();
  return rows.map(({ id }) => id);
}
