import type { EntityManager } from 'typeorm';
import type { BotState, Remembered } from '../ports/bot-state.js';
import type { Database } from './database.js';
import { BotStateRow } from './entities/index.js';

export class DatabaseBotState implements BotState {
  constructor(private readonly database: Database) {}

  recall(name: Remembered): Promise<string | null> {
    return this.database.read((manager) => recall(manager, name));
  }

  remember(name: Remembered, value: string): Promise<void> {
    return this.database.write((manager) => remember(manager, name, value));
  }
}

/** What stores keep here beside it: a halt, the reckoning of reminders, and the row of the write check. */
type Name = Remembered | 'halt' | 'reminder-reckoning' | 'write-check';

export async function recall(manager: EntityManager, name: Name): Promise<string | null> {
  const row = await manager.findOneBy(BotStateRow, { name });
  return row?.value ?? null;
}

export async function remember(manager: EntityManager, name: Name, value: string): Promise<void> {
  await manager.upsert(BotStateRow, { name, value }, ['name']);
}
