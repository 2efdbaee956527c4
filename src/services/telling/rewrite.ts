import type { Announcer, Edited } from '../../ports/announcer.js';
import type { ErrandStore } from '../../ports/errands.js';
import type { Report } from '../../ports/report.js';
import type { Plan } from '../../ports/store.js';

/**
 * Brings a message of a plan up to date. One that takes more or fewer pages now is known by its new reference from here on.
 * @returns what became of it, and where it is
 */
export async function rewrite(
  { announcer, store }: { announcer: Announcer; store: Pick<ErrandStore, 'moveTelling'> },
  plan: Plan,
  ref: string,
  report: Report,
): Promise<{ edited: Edited; ref: string }> {
  const edited = await announcer.update(plan, ref, report);
  if (typeof edited !== 'object') return { edited, ref };
  await store.moveTelling(plan.id, ref, edited.ref);
  return { edited: 'done', ref: edited.ref };
}
