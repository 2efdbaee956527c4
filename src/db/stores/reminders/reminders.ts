import { type EntityManager, In, IsNull, MoreThan, Not } from 'typeorm';
import type { Reason } from '../../../domain/reasons.js';
import type { NewReminder, Reminder } from '../../../ports/reminder-store.js';
import { chunks } from '../../chunks.js';
import { instantToMillis } from '../../columns.js';
import { ReminderRow } from '../../entities/index.js';

/** Each looks through the others' instants for its own. */
const MOVED_AT_ONCE = 50;

export type ReminderChange = Partial<Omit<Reminder, 'id' | 'createdAt'>>;

export async function addReminder(manager: EntityManager, reminder: NewReminder): Promise<Reminder> {
  const { guildId, channelId, userId, kind, when, zone, marketDaysOnly, options } = reminder;
  const { nextRunAt, createdAt } = reminder;
  const row = {
    guildId,
    channelId,
    userId,
    kind,
    when,
    zone,
    marketDaysOnly,
    options,
    nextRunAt,
    createdAt,
    state: 'active' as const,
    pausedReason: null,
  };
  const { identifiers } = await manager.insert(ReminderRow, { ...row });
  return { ...row, id: Number(identifiers[0]?.id) };
}

export function findReminder(manager: EntityManager, id: number): Promise<ReminderRow | null> {
  return manager.findOneBy(ReminderRow, { id });
}

export async function remindersById(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, ReminderRow>> {
  const found = new Map<number, ReminderRow>();
  for (const some of chunks([...new Set(ids)])) {
    for (const row of await manager.findBy(ReminderRow, { id: In(some) })) found.set(row.id, row);
  }
  return found;
}

export function listReminders(
  manager: EntityManager,
  { guildId, userId }: { guildId: string | null; userId?: string },
): Promise<ReminderRow[]> {
  const whose = userId === undefined ? {} : { userId };
  return manager.find(ReminderRow, {
    where: { guildId: guildId ?? IsNull(), ...whose },
    order: { id: 'ASC' },
  });
}

/** What contradicts the new state goes with it: no next run unless active, no reason unless paused. */
export async function changeReminder(
  manager: EntityManager,
  id: number,
  change: ReminderChange,
): Promise<boolean> {
  const { guildId, channelId, userId, kind, when, zone, marketDaysOnly, options } = change;
  const { state, pausedReason, nextRunAt } = change;
  const given = Object.fromEntries(
    Object.entries({
      guildId,
      channelId,
      userId,
      kind,
      when,
      zone,
      marketDaysOnly,
      options,
      state,
      pausedReason,
      nextRunAt,
      ...(state !== undefined && state !== 'active' ? { nextRunAt: null } : {}),
      ...(state !== undefined && state !== 'paused' ? { pausedReason: null } : {}),
    }).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(given).length === 0) return (await findReminder(manager, id)) !== null;
  const { affected } = await manager.update(ReminderRow, { id }, given);
  return affected === 1;
}

/** Its runs and setbacks go with it. */
export async function removeReminder(manager: EntityManager, id: number): Promise<boolean> {
  const { affected } = await manager.delete(ReminderRow, { id });
  return affected === 1;
}

export function activeAfter(manager: EntityManager, id: number, limit: number): Promise<ReminderRow[]> {
  return manager.find(ReminderRow, {
    where: { id: MoreThan(id), state: 'active' },
    order: { id: 'ASC' },
    take: limit,
  });
}

/** Only an active reminder that still runs at `from` is changed: whoever was faster wins. */
export async function moveFrom(
  manager: EntityManager,
  id: number,
  from: Date,
  change: Pick<ReminderRow, 'nextRunAt'> & Partial<Pick<ReminderRow, 'state' | 'pausedReason'>>,
): Promise<boolean> {
  const { affected } = await manager
    .createQueryBuilder()
    .update(ReminderRow)
    .set(change)
    .where('"id" = :id', { id })
    .andWhere(`"state" = 'active' AND "next_run_at" = :from`, { from: instantToMillis(from) })
    .execute();
  return affected === 1;
}

/**
 * Moves many, each only if it is active and still runs at its `from`; how many moved. One statement for each few
 * dozen: one per reminder would keep the writers' queue and this process busy for a minute after new zone data.
 */
export async function moveNextRuns(
  manager: EntityManager,
  moves: readonly { id: number; from: Date; to: Date }[],
): Promise<number> {
  let moved = 0;
  for (const some of chunks(moves, MOVED_AT_ONCE)) {
    const { affected } = await manager
      .createQueryBuilder()
      .update(ReminderRow)
      .set({ nextRunAt: () => byId(some.map(({ id, to }) => [id, to])) })
      .where({ id: In(some.map(({ id }) => id)), state: 'active' })
      .andWhere(`"next_run_at" = ${byId(some.map(({ id, from }) => [id, from]))}`)
      .execute();
    moved += affected ?? 0;
  }
  return moved;
}

/** An instant for each id, as SQL: whole numbers only, and so without parameters, whose type PostgreSQL would guess. */
function byId(instants: readonly (readonly [id: number, at: Date])[]): string {
  const cases = instants.map(([id, at]) => `WHEN ${BigInt(id)} THEN ${BigInt(instantToMillis(at))}`);
  return `CASE "id" ${cases.join(' ')} END`;
}

/** True if it was active. */
export async function pauseReminder(
  manager: EntityManager,
  id: number,
  reason: Reason | null,
): Promise<boolean> {
  const change = { state: 'paused', pausedReason: reason, nextRunAt: null } as const;
  const { affected } = await manager.update(ReminderRow, { id, state: 'active' }, change);
  return affected === 1;
}

/** When the next one runs; one look into the index of what is due. */
export async function nextDue(manager: EntityManager): Promise<Date | null> {
  const next = await manager.findOne(ReminderRow, {
    where: { nextRunAt: Not(IsNull()) },
    order: { nextRunAt: 'ASC' },
  });
  return next?.nextRunAt ?? null;
}
