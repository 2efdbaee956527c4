import { afterEach } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import type { AccessRules, Actor } from '../../../src/services/access/access.js';
import { ReminderReactions } from '../../../src/services/reminders/reactions.js';
import { ReminderService } from '../../../src/services/reminders/reminder-service.js';
import { SetupService } from '../../../src/services/reminders/setup.js';
import { UserZones } from '../../../src/services/reminders/user-zones.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { quiet } from '../../db/support/drivers.js';
import { accessRules } from '../../services/support/builders.js';

export const TRADER: Actor = { userId: '111', roleIds: [], guildId: '900', channelId: '800' };
export const VIEWER: Actor = { ...TRADER, userId: '222' };

const stores: BotStore[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

/** The services of reminders over a database of their own, on Monday 23 November 2026, 10:00 in New York. */
export async function openDesk(rules: Partial<AccessRules> = {}) {
  const store = await openStore('sqlite::memory:', { logger: quiet });
  stores.push(store);
  const clock = new VirtualClock('2026-11-23T15:00:00Z');
  const access = accessRules({ traderUserIds: ['111'], ...rules });
  const zones = new UserZones(store.people);
  const rehearse = async () => {
    throw new Error('nobody rehearses here');
  };
  const reminders = new ReminderService({
    store: store.reminders,
    clock,
    access,
    zones,
    calendar: () => fallbackCalendar,
    builder: { rehearse },
  });
  return {
    store: store.reminders,
    clock,
    zones,
    reminders,
    setup: new SetupService(reminders),
    reactions: new ReminderReactions({ store: store.reminders, clock, access }),
  };
}

export type TestDesk = Awaited<ReturnType<typeof openDesk>>;

export function wanted(change: Partial<Parameters<ReminderService['add']>[1]> = {}) {
  return {
    kind: 'missing-targets',
    when: 'weekdays 9:00',
    channelId: '800',
    options: {},
    marketDaysOnly: null,
    ...change,
  };
}

/** Lets a reminder run now, as the engine would, and gives its occurrence's id. */
export async function ranNow({ store, clock }: TestDesk, ids: number[]): Promise<number[]> {
  const now = clock.now();
  for (const id of ids) await store.change(id, { state: 'active', nextRunAt: now });
  await store.takeUp({ now, limit: 100, graceMs: 3_600_000, nextRun: () => null });
  const all = (await Promise.all(ids.map((id) => store.recent(id, 9)))).flat();
  const runs = all.filter(({ dueAt }) => +dueAt === +now).map(({ id }) => id);
  const [lead = 0] = runs;
  // What is late by now is told together.
  await store.gather(lead, { before: new Date(now.getTime() + 1), now });
  await store.dispatch(lead, runs, now);
  await store.finish(lead, { state: 'sent', messageRef: '800/1', at: now });
  return runs;
}

/** The code of the error a person would be told. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'fine';
}
