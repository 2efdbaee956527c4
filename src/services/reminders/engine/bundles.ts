import type { Claim } from '../../../ports/reminder-store.js';

/** An earlier try whose message may have been posted. */
export interface Doubt {
  leadId: number;
  dispatchedAt: Date;
}

/** Claims that go out in one message, the first of which leads it. */
export interface Bundle {
  channelId: string;
  claims: Claim[];
  late: boolean;
  doubt: Doubt | null;
}

/**
 * Sorts claims into messages: what may have left before stays together as it was; what is late becomes one catch-up
 * message per channel and owner; each of the rest goes alone. In the order in which they are to be delivered: doubts
 * first, for what they leave over may still join a catch-up.
 */
export function bundlesOf(claims: readonly Claim[], now: Date, lateMs: number): Bundle[] {
  const bundles = new Map<string, Bundle>();
  for (const claim of claims) {
    const { channelId, userId } = claim.reminder;
    const { id, dueAt, dispatchedAt, leadId } = claim.occurrence;
    const doubt = dispatchedAt && leadId !== null ? { leadId, dispatchedAt } : null;
    const late = now.getTime() - dueAt.getTime() > lateMs;
    const alone = late ? `late ${channelId} ${userId}` : `one ${id}`;
    const key = doubt ? `doubt ${channelId} ${doubt.leadId}` : alone;
    const bundle = bundles.get(key);
    if (bundle) bundle.claims.push(claim);
    else bundles.set(key, { channelId, claims: [claim], late, doubt });
  }
  const all = [...bundles.values()];
  for (const bundle of all) if (bundle.doubt) leadFirst(bundle, bundle.doubt);
  return all.sort((a, b) => Number(b.doubt !== null) - Number(a.doubt !== null) || dueOf(a) - dueOf(b));
}

/** May `more` join what waits already? One catch-up per channel and owner. */
export function joins(waiting: Bundle, more: Bundle): boolean {
  const together = waiting.late && more.late && !waiting.doubt && !more.doubt;
  return together && waiting.claims[0]?.reminder.userId === more.claims[0]?.reminder.userId;
}

/** The claims as if they had never left: a look proved that nothing was posted. */
export function withoutDoubt({ claims }: Bundle): Claim[] {
  return claims.map((claim) => ({
    ...claim,
    occurrence: { ...claim.occurrence, dispatchedAt: null, leadId: null },
  }));
}

export function idsOf(claims: readonly Claim[]): number[] {
  return claims.map(({ occurrence }) => occurrence.id);
}

function leadFirst(bundle: Bundle, { leadId }: Doubt): void {
  bundle.claims.sort((a, b) => Number(b.occurrence.id === leadId) - Number(a.occurrence.id === leadId));
}

function dueOf({ claims }: Bundle): number {
  return claims[0]?.occurrence.dueAt.getTime() ?? 0;
}
