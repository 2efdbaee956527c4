import { type EntityManager, Like } from 'typeorm';
import { keyOfOrder } from '../../domain/position-key.js';
import { ENDS } from '../../domain/position-life.js';
import type { Closings } from '../../ports/closings.js';
import { instantToMillis } from '../columns.js';
import type { Database } from '../database.js';
import { PositionRow } from '../entities/index.js';
import { CLOSINGS, gatheredIn, oweGathered } from './gathering.js';
import { lockPositions } from './positions.js';

export function closings(database: Database): Closings {
  return {
    digestedClosings: (digest) => database.read((m) => gatheredIn(m, CLOSINGS, digest)),
    unended: (account, since) => database.read((m) => unended(m, account, since)),
    oweClosings: (notes, now) =>
      database.write(async (m) => {
        await lockPositions(
          m,
          notes.map(({ topic }) => Number(topic)),
        );
        for (const note of notes) await oweGathered(m, CLOSINGS, note, now, 'gathered');
      }),
  };
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
