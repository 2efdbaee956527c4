import type { AuditTrail } from './audit.js';
import type { Cancels } from './cancels.js';
import type { DatabaseHealth } from './database-health.js';
import type { ErrandStore } from './errands.js';
import type { OrderIntents } from './order-intents.js';
import type { PlacedOrders } from './placed-orders.js';
import type { PlanStatus } from './plan-status.js';
import type { PositionStore } from './positions.js';

export * from './order-intents.js';
export * from './placed-orders.js';
export type { PlanStatus };

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

/**
 * Everything the bot remembers. Methods that write are each one transaction; writers queue inside the store,
 * so callers may call from anywhere at once. Decimals are stored as text, exactly. What the database can't do now, each
 * method says within seconds by a `DatabaseFailure`.
 */
export interface Store
  extends OrderIntents,
    PlacedOrders,
    ErrandStore,
    PositionStore,
    AuditTrail,
    Cancels,
    DatabaseHealth {
  createPlan(plan: NewPlan): Promise<void>;
  /** Ends `oldId` as superseded and creates `plan`, in one transaction; false if the old one wasn't open. */
  supersedePlan(oldId: string, plan: NewPlan): Promise<boolean>;
  plan(id: string): Promise<Plan | null>;
  setPlanMessages(id: string, messageIds: string[]): Promise<void>;
  /** From `open` to an end; false if it wasn't open (any more). Its buttons stay owed. */
  endPlan(id: string, status: 'cancelled' | 'expired' | 'stale'): Promise<boolean>;
  /** Claimed or done plans whose outcome was not posted, oldest first. */
  unreportedPlans(): Promise<Plan[]>;
  /**
   * Plans told since an instant with a placed order whose message doesn't tell yet what it became: not looked at, or
   * last seen on its way.
   */
  plansUnderWay(since: Date): Promise<Plan[]>;
  /** Told, perhaps anew, and its result owed no more: what its fresh orders became is to be looked at from here on. */
  markReported(planId: string, at: Date): Promise<void>;
  /** The message tells what the plan's fresh orders became. */
  markLooked(planId: string, at: Date): Promise<void>;
}
