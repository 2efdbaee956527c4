import type { ClosedPosition, Ending } from './realised.js';
import type { WorkingOrderPart } from './targets.js';
import type { Position } from './types.js';

/**
 * Where a position is on its way; each but the end may be missing.
 * - `opening`: its opening order works still
 * - `partly-closed`: some of it is gone
 * - `closing`: an order of ours works that closes it whatever that earns
 * - `closed`, `expired`, `assigned`: nothing of it is left, by how the last of it went
 */
export type PositionStep = 'opening' | 'open' | 'partly-closed' | 'closing' | PositionEnd;
/** Nothing of it is left. */
export const ENDS = ['closed', 'expired', 'assigned'] as const;
export type PositionEnd = (typeof ENDS)[number];

/** The way a position goes. */
const WAY: Record<PositionStep, number> = {
  opening: 0,
  open: 1,
  'partly-closed': 2,
  closing: 3,
  closed: 4,
  expired: 4,
  assigned: 4,
};

export interface PositionLife {
  /** Null until something was told. */
  step: PositionStep | null;
  /** When what is known was read; null until then. */
  at: Date | null;
}

export const UNBORN_POSITION: PositionLife = { step: null, at: null };

/** What one look at the account, or at its ledger, says of a position. */
export interface PositionEvent {
  step: PositionStep;
  at: Date;
}

/** A step that can't be: an end is never left, and what is gone of a position doesn't come back. */
export interface OddPositionStep {
  from: PositionStep;
  to: PositionStep;
}

export interface PositionAdvance {
  life: PositionLife;
  odd: OddPositionStep | null;
}

export function hasEnded(step: PositionStep): step is PositionEnd {
  return WAY[step] === WAY.closed;
}

/**
 * Takes over what one look says. Looks come in any order, repeated, and with gaps: an older one moves nothing back, and an end
 * is never left. So whoever hears the latest last knows as much as who heard all in order.
 */
export function advancePosition(life: PositionLife, event: PositionEvent): PositionAdvance {
  const { step: from, at } = life;
  const { step: to } = event;
  const taken = { life: { step: to, at: event.at }, odd: null };
  if (from === null || at === null) return taken;
  if (hasEnded(from)) {
    const contradicts = from !== to && (hasEnded(to) || event.at > at);
    return { life, odd: contradicts ? { from, to } : null };
  }
  // Whatever its time: of what has ended nothing is left.
  if (hasEnded(to)) return taken;
  if (event.at < at) return { life, odd: null };
  return { ...taken, odd: comesBack(from, to) ? { from, to } : null };
}

/** A close may be given up; else nothing goes back on its way. */
function comesBack(from: PositionStep, to: PositionStep): boolean {
  return from !== 'closing' && WAY[to] < WAY[from];
}

/** Of one that is held. */
export function stepOfPosition(
  { legs, opening }: Pick<Position, 'legs' | 'opening'>,
  working: readonly Pick<WorkingOrderPart, 'flaws' | 'linked'>[],
): PositionStep {
  if (working.some(isOurClose)) return 'closing';
  if (legs.some(({ held, opened }) => held < opened)) return 'partly-closed';
  return opening ? 'opening' : 'open';
}

/** A close that a trader had sent from here at a price that earns nothing: no target, and no surprise either. */
export function isOurClose({ flaws, linked }: Pick<WorkingOrderPart, 'flaws' | 'linked'>): boolean {
  return linked && flaws.length > 0 && flaws.every((flaw) => flaw === 'loss' || flaw === 'even');
}

/** How a position ended; null while something of it is left. What was assigned or exercised says most of what is held now. */
export function endOfPosition({
  whole,
  endings,
}: Pick<ClosedPosition, 'whole' | 'endings'>): PositionEnd | null {
  if (!whole) return null;
  const ended = (...among: Ending[]) => among.some((ending) => endings.has(ending));
  if (ended('assigned', 'exercised')) return 'assigned';
  return ended('expired', 'cash-settled') ? 'expired' : 'closed';
}
