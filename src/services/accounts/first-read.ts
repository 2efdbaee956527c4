import { UserError } from '../../domain/errors.js';
import type { Clock } from '../../ports/clock.js';
import type { OpenPosition, PositionService } from './positions.js';

/** Discord waits three seconds for choices; what is left is for the way there and back. */
const PATIENCE_MS = 2_500;

interface Desk {
  positions: Pick<PositionService, 'remembered' | 'isRead' | 'readOnce'>;
}

export interface Rememberers {
  readonly known: readonly Desk[];
  all(): Promise<readonly Desk[]>;
}

/**
 * All positions from memory, for whoever is typing; where nothing was read yet, what the first read brings.
 * @throws UserError `STILL_READING` if that takes longer than Discord waits; whatever keeps every account from being read
 */
export async function recalled(desks: Rememberers, clock: Clock): Promise<readonly OpenPosition[]> {
  const known = rememberedBy(desks.known);
  const allRead = desks.known.length > 0 && desks.known.every(({ positions }) => positions.isRead);
  if (known.length > 0 || allRead) return known;
  const read = firstRead(desks);
  const answered = new AbortController();
  const late = clock.sleep(PATIENCE_MS, answered.signal).then(() => {
    throw new UserError('STILL_READING', {});
  });
  try {
    return await Promise.race([read, late]);
  } finally {
    for (const either of [read, late]) either.catch(() => {});
    answered.abort();
  }
}

async function firstRead(desks: Rememberers): Promise<readonly OpenPosition[]> {
  const all = await desks.all();
  const reads = await Promise.allSettled(all.map(({ positions }) => positions.readOnce()));
  const known = rememberedBy(all);
  const failed = reads.find((read) => read.status === 'rejected');
  if (known.length === 0 && failed) throw failed.reason;
  return known;
}

function rememberedBy(desks: readonly Desk[]): OpenPosition[] {
  return desks.flatMap(({ positions }) => positions.remembered());
}
