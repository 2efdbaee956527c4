import type { EntityManager } from 'typeorm';
import { SettingRow } from '../entities/index.js';

export async function setting(manager: EntityManager, key: string): Promise<string | null> {
  const row = await manager.findOneBy(SettingRow, { key });
  return row?.value ?? null;
}

/** The last writer wins. */
export async function putSetting(manager: EntityManager, key: string, value: string): Promise<void> {
  await manager.upsert(SettingRow, { key, value }, ['key']);
}
