import type { PlanStatus } from './plan-status.js';

/** A preview as shown to one trader, and what became of it. */
export interface Plan {
  id: string;
  account: string;
  /** Discord user who asked; only this user may submit. */
  userId: string;
  guildId: string | null;
  channelId: string;
  /** The messages that show it, in order; the last one carries the buttons. */
  messageIds: string[];
  status: PlanStatus;
  createdAt: Date;
  expiresAt: Date;
  /** Services' own snapshot, JSON text: opaque to the store. */
  payload: string;
  /** When its settled outcome was told, or put where it is told until that works; null until then. */
  reportedAt: Date | null;
}

export type NewPlan = Omit<Plan, 'status' | 'messageIds' | 'reportedAt'>;

/** Previews, from when they are shown until what became of their orders is told. */
export interface Plans {
  createPlan(plan: NewPlan): Promise<void>;
  /** Ends `oldId` as superseded and creates `plan`, in one transaction; false if the old one wasn't open. */
  supersedePlan(oldId: string, plan: NewPlan): Promise<boolean>;
  plan(id: string): Promise<Plan | null>;
  setPlanMessages(id: string, messageIds: string[]): Promise<void>;
  /**
   * From `open` to an end; false if it wasn't open (any more). Its buttons stay owed, and are due after `LEASE_MS`: until
   * then they are with whoever ended it.
   */
  endPlan(id: string, status: 'cancelled' | 'expired' | 'stale', now: Date): Promise<boolean>;
  /**
   * Plans told since an instant with a placed order whose message doesn't tell yet what it became: not looked at, or
   * last seen on its way.
   */
  plansUnderWay(since: Date): Promise<Plan[]>;
  /**
   * Told, perhaps anew, and its result owed no more, but where that became due meanwhile: what its fresh orders became is
   * to be looked at from here on.
   * @returns false if its orders traded or ended since its telling began, which has to be told as well
   */
  markReported(planId: string, at: Date): Promise<boolean>;
  /** The message tells what the plan's fresh orders became. */
  markLooked(planId: string, at: Date): Promise<void>;
}
