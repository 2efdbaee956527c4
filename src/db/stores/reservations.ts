import { type EntityManager, In, IsNull } from 'typeorm';
import { instantToMillis } from '../columns.js';
import { ReservationRow } from '../entities/index.js';

/** The plan that holds one of these contracts, if any does. */
export async function holderOf(
  manager: EntityManager,
  account: string,
  symbols: string[],
): Promise<string | null> {
  const held = await manager.findOne(ReservationRow, {
    where: { account, symbol: In(symbols), releasedAt: IsNull() },
    order: { id: 'ASC' },
  });
  return held?.planId ?? null;
}

/** The contracts that some plan holds. */
export async function contractsUnderWay(manager: EntityManager, account: string): Promise<Set<string>> {
  const held = await manager.findBy(ReservationRow, { account, releasedAt: IsNull() });
  return new Set(held.map(({ symbol }) => symbol));
}

/** Symbols must be sorted: two plans that reserve the same ones then never wait for each other in a ring. */
export async function reserve(
  manager: EntityManager,
  planId: string,
  account: string,
  sortedSymbols: string[],
  at: Date,
): Promise<void> {
  await manager.insert(
    ReservationRow,
    sortedSymbols.map((symbol) => ({ account, symbol, planId, reservedAt: at, releasedAt: null })),
  );
}

/** The first plan that freed one of these contracts after an instant, having placed an order. */
export async function placedSince(
  manager: EntityManager,
  account: string,
  symbols: string[],
  since: Date,
): Promise<string | null> {
  const found = await manager
    .createQueryBuilder(ReservationRow, 'reservation')
    .where({ account, symbol: In(symbols) })
    .andWhere('reservation.releasedAt > :since', { since: instantToMillis(since) })
    .andWhere(
      `EXISTS (SELECT 1 FROM "order_intents" "intent"
        WHERE "intent"."plan_id" = reservation.planId AND "intent"."state" = 'placed')`,
    )
    .orderBy('reservation.releasedAt', 'ASC')
    .addOrderBy('reservation.id', 'ASC')
    .getOne();
  return found?.planId ?? null;
}

/** Frees everything a plan holds. */
export async function release(manager: EntityManager, planId: string, at: Date): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(ReservationRow)
    .set({ releasedAt: at })
    .where({ planId })
    .andWhere('"released_at" IS NULL')
    .execute();
}

/**
 * An order thought absent exists after all: previews made since the contracts were freed didn't know of it,
 * so the freeing counts from now.
 */
export async function freeAnew(
  manager: EntityManager,
  planId: string,
  symbols: string[],
  at: Date,
): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(ReservationRow)
    .set({ releasedAt: at })
    .where({ planId, symbol: In(symbols) })
    .andWhere('"released_at" < :at', { at: instantToMillis(at) })
    .execute();
}
