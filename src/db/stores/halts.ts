import type { EntityManager } from 'typeorm';
import type { Halt, Halts } from '../../ports/halts.js';
import { recall, remember } from '../bot-state.js';
import type { Database } from '../database.js';
import { appendAudit } from './audit.js';

/** What is kept once a halt was lifted. */
const NONE = '';

export function halts(database: Database): Halts {
  return {
    currentHalt: () => database.read(currentHalt, { first: true }),
    halt: (halt) => database.write((manager) => setHalt(manager, halt)),
    liftHalt: (at, actor, now) => database.write((manager) => liftHalt(manager, at, actor, now)),
  };
}

export async function currentHalt(manager: EntityManager): Promise<Halt | null> {
  const kept = await recall(manager, 'halt');
  if (!kept) return null;
  const { by, at, reason } = JSON.parse(kept) as { by: string; at: string; reason: string | null };
  return { by, at: new Date(at), reason };
}

async function setHalt(manager: EntityManager, halt: Halt): Promise<Halt> {
  const standing = await currentHalt(manager);
  if (standing) return standing;
  await remember(manager, 'halt', JSON.stringify(halt));
  const details = { reason: halt.reason };
  await appendAudit(manager, { at: halt.at, actor: halt.by, kind: 'halted', planId: null, details });
  return halt;
}

async function liftHalt(manager: EntityManager, at: Date, actor: string, now: Date): Promise<boolean> {
  const standing = await currentHalt(manager);
  if (standing?.at.getTime() !== at.getTime()) return false;
  await remember(manager, 'halt', NONE);
  await appendAudit(manager, { at: now, actor, kind: 'resumed', planId: null, details: { since: at } });
  return true;
}
