import { type EntityManager, In } from 'typeorm';
import type { Processes } from '../ports/processes.js';
import type { Database } from './database.js';
import { ErrandRow, OutboxRow } from './entities/index.js';
import { CANCEL_OWNERS, senderGone } from './stores/cancels.js';

/** The port over a database, whose `presence` knows who is gone. */
export function processesOf(database: Database): Processes & { leave(): Promise<void> } {
  const { presence } = database;
  const { self } = presence;
  return {
    self,
    async inherit(now) {
      const gone = await presence.gone(await database.read((m) => holders(m, self)));
      if (gone.length === 0) return [];
      const plans = await database.write(async (m) => {
        if (presence.sure) await senderGone(m, gone, now);
        return free(m, gone, now);
      });
      return presence.sure ? plans : [];
    },
    /** Whoever stops in good order leaves nobody waiting. Never throws: leases end by themselves. */
    async leave() {
      const own = { where: { owner: self } };
      const holds = database.read(async (m) => (await m.exists(ErrandRow, own)) || m.exists(OutboxRow, own));
      if (!(await holds.catch(() => false))) return;
      await database.write((m) => free(m, [self], new Date(0))).catch(() => {});
    },
  };
}

/** Looks at indexes of what is held; what nobody holds costs nothing. */
async function holders(manager: EntityManager, self: string): Promise<string[]> {
  const rows = (await manager.query(
    `SELECT "owner" FROM "errands" WHERE "owner" IS NOT NULL AND "owner" <> $1
      UNION SELECT "owner" FROM "outbox" WHERE "owner" IS NOT NULL AND "owner" <> $1
      UNION ${CANCEL_OWNERS}`,
    [self],
  )) as { owner: string }[];
  return rows.map(({ owner }) => owner);
}

/**
 * What is held becomes free: errands are due at once, messages when they are due anyway, where the first word on a press
 * comes with its errand.
 * @returns the plans whose results were held
 */
async function free(manager: EntityManager, owners: readonly string[], now: Date): Promise<string[]> {
  const held = { owner: In([...owners]) };
  const results = await manager.findBy(ErrandRow, { ...held, kind: 'result' });
  await manager.update(ErrandRow, held, { owner: null, wakeAt: now });
  await manager.update(OutboxRow, held, { owner: null, leaseUntil: null });
  return results.map(({ planId }) => planId);
}
