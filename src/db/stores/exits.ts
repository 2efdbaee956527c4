import { type EntityManager, In } from 'typeorm';
import type { ExitRule, Exits } from '../../ports/exits.js';
import { chunks } from '../chunks.js';
import type { Database } from '../database.js';
import { DayProfitRow, ExitRuleRow, OutboxRow, PositionRow } from '../entities/index.js';

/** What the cards are kept under, each by its position and its limit. */
const EXIT = 'exit';

export function exits(database: Database): Exits {
  return {
    exitRule: (account) => database.read((m) => m.findOneBy(ExitRuleRow, { account })),
    setExitRule: (rule, now) => database.write((m) => set(m, rule, now)),
    async unsetExitRule(account) {
      await database.write((m) => m.delete(ExitRuleRow, { account }));
    },
    async noteProfits(notes) {
      if (notes.length === 0) return;
      await database.write(async (m) => {
        for (const some of chunks(notes)) {
          await m.upsert(
            DayProfitRow,
            some.map((note) => ({ ...note })),
            ['positionId', 'day'],
          );
        }
      });
    },
    profitsOf: (positionId) =>
      database.read((m) => m.find(DayProfitRow, { where: { positionId }, order: { day: 'ASC' } })),
  };
}

async function set(manager: EntityManager, rule: ExitRule, now: Date): Promise<void> {
  await manager.upsert(ExitRuleRow, { ...rule, days: [...rule.days] }, ['account']);
  const { channelId, userId } = rule;
  const unsaid = (await manager.findBy(OutboxRow, { kind: EXIT, news: '' })).filter(
    ({ pages, directPages }) => pages.length + directPages.length === 0,
  );
  const positions = await manager.findBy(PositionRow, {
    id: In(unsaid.map(({ topic }) => Number.parseInt(topic, 10))),
    account: rule.account,
  });
  const ours = new Set(positions.map(({ id }) => id));
  for (const { id, topic, createdAt } of unsaid) {
    if (!ours.has(Number.parseInt(topic, 10))) continue;
    // It was given up where the rule was off, or had no such limit; when it is due it knows since it was begun.
    const nextAt = createdAt > now ? createdAt : now;
    await manager.update(OutboxRow, { id }, { channelId, userId, state: 'owed', nextAt });
  }
}
