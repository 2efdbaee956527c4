import type { Claim } from '../../../ports/reminder-store.js';

/** Says what reminders have to say, read fresh from the broker. */
export interface ContentBuilder<Content extends object> {
  /**
   * One message for these runs, all of one channel; several are of one owner and late. The message must carry
   * `remind:done:<id>` as a button's custom id, with the id of the first claim's occurrence: by that it is found again
   * after a crash. Null if there is nothing to say for any of them.
   *
   * Throws where it can't tell now, the broker being away, say; then it is asked again later.
   */
  build(claims: Claim[], telling: { late: boolean; now: Date }): Promise<Content | null>;
}

/** The last part of the first button's custom id, by which a message is found again. */
export function markerOf(leadId: number): string {
  return String(leadId);
}

/** At most 25 characters; the same for every try of one message. */
export function nonceOf(leadId: number): string {
  return `remind-${leadId}`;
}
