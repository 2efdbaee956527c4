import type { Logger } from 'pino';
import { type EntityManager, In, MoreThan } from 'typeorm';
import { DatabaseFailure } from '../../domain/errors.js';
import { advancePosition, type PositionLife, type PositionStep } from '../../domain/position-life.js';
import type { PositionStore, PositionTold, SeenPosition } from '../../ports/positions.js';
import { chunks } from '../chunks.js';
import { instantToMillis } from '../columns.js';
import type { Database } from '../database.js';
import { PositionRow } from '../entities/index.js';
import { StoreRefusal } from '../errors.js';
import { locked } from '../locked.js';
import { type OddPosition, recordOdd } from './odd-steps.js';

export function positionStore(database: Database, logger: Logger): PositionStore {
  return {
    async advancePositions(told, now) {
      const { steps, odd } = await database.write((m) => advancePositions(m, told, now));
      for (const each of odd) logger.warn(each, 'the broker told a step of a position that can’t be');
      return steps;
    },
    async rememberPositions(seen, at) {
      if (seen.length === 0) return new Map();
      try {
        return await database.write((m) => rememberPositions(m, seen, at));
      } catch (error) {
        if (!(error instanceof DatabaseFailure) || error.trouble === 'away') throw error;
        // Who only looks needs no write, as long as all of it has been seen before.
        const known = await database.read((m) => knownPositions(m, seen));
        if (seen.every(({ key }) => known.has(key))) return known;
        throw error;
      }
    },
    async positionKey(id) {
      return (await database.read((m) => m.findOneBy(PositionRow, { id })))?.key ?? null;
    },
    async positionIds(account, keys) {
      const found = new Map<string, number>();
      for (const some of chunks(keys)) {
        const rows = await database.read((m) => m.findBy(PositionRow, { account, key: In([...some]) }));
        for (const { id, key } of rows) found.set(key, id);
      }
      return found;
    },
    async seenSince(ids, since) {
      const found = new Set<number>();
      for (const some of chunks(ids)) {
        const rows = await database.read((m) =>
          m.findBy(PositionRow, { id: In([...some]), firstSeenAt: MoreThan(since) }),
        );
        for (const { id } of rows) found.add(id);
      }
      return found;
    },
    async positionAccounts(ids) {
      const found = new Map<number, string>();
      for (const some of chunks(ids)) {
        const rows = await database.read((m) => m.findBy(PositionRow, { id: In([...some]) }));
        for (const { id, account } of rows) found.set(id, account);
      }
      return found;
    },
  };
}

/**
 * Ids by key. Looks before it inserts, so that ids are not used up by positions already known. Two processes
 * that see a position for the first time at once clash on its key; the loser's transaction runs again.
 */
async function rememberPositions(
  manager: EntityManager,
  seen: readonly SeenPosition[],
  at: Date,
): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const [account, positions] of byAccount(seen)) {
    const known = await find(manager, account, [...positions.keys()]);
    const unseen = [...positions.values()].filter(({ key }) => !known.has(key));
    for (const some of chunks(unseen)) {
      await manager.insert(
        PositionRow,
        some.map((position) => row(position, at)),
      );
    }
    await refresh(manager, known, positions, at);
    const all = unseen.length > 0 ? await find(manager, account, [...positions.keys()]) : known;
    for (const [key, { id }] of all) ids.set(key, id);
  }
  return ids;
}

/** The ids of those seen before, by key; writes nothing. */
async function knownPositions(
  manager: EntityManager,
  seen: readonly SeenPosition[],
): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const [account, positions] of byAccount(seen)) {
    const known = await find(manager, account, [...positions.keys()]);
    for (const [key, { id }] of known) ids.set(key, id);
  }
  return ids;
}

/** Throws a StoreRefusal where one key stands for two accounts' positions: the answer is by key alone. */
function byAccount(seen: readonly SeenPosition[]): Map<string, Map<string, SeenPosition>> {
  const owner = new Map<string, string>();
  const groups = new Map<string, Map<string, SeenPosition>>();
  for (const position of seen) {
    const { account, key } = position;
    if ((owner.get(key) ?? account) !== account) {
      throw new StoreRefusal('AMBIGUOUS_POSITION', `two accounts hold a position called ${key}`);
    }
    owner.set(key, account);
    const group = groups.get(account) ?? new Map<string, SeenPosition>();
    groups.set(account, group.set(key, position));
  }
  return groups;
}

function row({ account, key, underlying, strategy }: SeenPosition, at: Date) {
  return { account, key, underlying, strategy, step: null, stepAt: null, firstSeenAt: at, lastSeenAt: at };
}

async function find(manager: EntityManager, account: string, keys: string[]) {
  const found = new Map<string, PositionRow>();
  for (const some of chunks(keys)) {
    const rows = await manager.find(PositionRow, { where: { account, key: In(some) }, order: { id: 'ASC' } });
    for (const position of rows) found.set(position.key, position);
  }
  return found;
}

/** Rows are touched in the order of their ids, so that two writers can't wait for each other. */
async function refresh(
  manager: EntityManager,
  known: Map<string, PositionRow>,
  seen: Map<string, SeenPosition>,
  at: Date,
): Promise<void> {
  const rows = [...known.values()].sort((a, b) => a.id - b.id);
  for (const { id, key, strategy } of rows) {
    const now = seen.get(key)?.strategy;
    if (now !== undefined && now !== strategy) await manager.update(PositionRow, { id }, { strategy: now });
  }
  for (const some of chunks(rows.map(({ id }) => id))) {
    await manager
      .createQueryBuilder()
      .update(PositionRow)
      .set({ lastSeenAt: at })
      .where({ id: In(some) })
      .andWhere('"last_seen_at" < :at', { at: instantToMillis(at) })
      .execute();
  }
}

/** Most looks change none. */
async function advancePositions(
  manager: EntityManager,
  told: readonly PositionTold[],
  now: Date,
): Promise<{ steps: Map<number, PositionStep>; odd: OddPosition[] }> {
  const steps = new Map<number, PositionStep>();
  const odd: OddPosition[] = [];
  const rows = await lockPositions(
    manager,
    told.map(({ positionId }) => positionId),
  );
  for (const { id, step, stepAt: at } of rows) {
    let life: PositionLife = { step, at };
    for (const event of told.filter(({ positionId }) => positionId === id)) {
      const moved = advancePosition(life, event);
      life = moved.life;
      if (moved.odd) odd.push({ positionId: id, ...moved.odd });
    }
    if (life.step !== step) await manager.update(PositionRow, { id }, { step: life.step, stepAt: life.at });
    if (life.step) steps.set(id, life.step);
  }
  return { steps, odd: await recordOdd(manager, odd, now) };
}

/** They stay as they are until the transaction ends; locked in the order of their ids, as everywhere, so that no two wait in a ring. */
export async function lockPositions(manager: EntityManager, ids: Iterable<number>): Promise<PositionRow[]> {
  const rows: PositionRow[] = [];
  for (const some of chunks([...new Set(ids)].sort((one, other) => one - other))) {
    const query = manager.createQueryBuilder(PositionRow, 'position').where({ id: In(some) });
    rows.push(...(await locked(query.orderBy('position.id', 'ASC')).getMany()));
  }
  return rows;
}
