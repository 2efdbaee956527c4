import type { Logger } from 'pino';
import { type EntityManager, In, IsNull } from 'typeorm';
import { AuditEventRow, FillRow, PlanRow, PositionRow } from '../../../src/db/entities/index.js';
import { type BotStore, type Database, openDatabase, storesOf } from '../../../src/db/index.js';
import { toPlan } from '../../../src/db/mappers.js';

/** The bot's store, and looks at rows that only people and tests take. */
export type TestStore = BotStore & ReturnType<typeof looksAt>;

export async function openTestStore(
  url: string,
  options: { logger: Logger; poolSize?: number },
): Promise<TestStore> {
  const database = await openDatabase(url, options);
  return Object.assign(storesOf(database, options.logger), looksAt(database));
}

function looksAt(database: Database) {
  const read = <T>(query: (manager: EntityManager) => Promise<T>) => database.read(query);
  return {
    position: (id: number) => read((m) => m.findOneBy(PositionRow, { id })),
    /** Of one intent's order, in the order the broker executed them. */
    fills: async (intentId: number) => {
      const order = { filledAt: 'ASC', id: 'ASC' } as const;
      const rows = await read((m) => m.find(FillRow, { where: { intentId }, order }));
      return rows.map(({ id: _id, fillId, filledAt, ...fill }) => ({ ...fill, id: fillId, at: filledAt }));
    },
    /** Claimed or done plans whose outcome was not posted, oldest first. */
    unreportedPlans: async () => {
      const where = { status: In(['claimed', 'done']), reportedAt: IsNull() };
      const order = { createdAt: 'ASC', id: 'ASC' } as const;
      return (await read((m) => m.find(PlanRow, { where, order }))).map(toPlan);
    },
    /** What was written down about a plan, oldest first. */
    auditTrail: async (planId: string) => {
      const rows = await read((m) => m.find(AuditEventRow, { where: { planId }, order: { id: 'ASC' } }));
      return rows.map(({ id: _id, ...event }) => event);
    },
  };
}
