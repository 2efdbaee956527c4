import type { Decimal } from '../domain/money.js';
import type { OrderIntent } from './order-intents.js';

export interface AuditEvent {
  at: Date;
  /** Discord user id, or `system`. */
  actor: string;
  kind: string;
  planId: string | null;
  /** JSON-able facts; never secrets. */
  details: Record<string, unknown>;
}

/** A preview that somebody submitted, and where it was shown. */
export interface PressedPlan {
  id: string;
  userId: string;
  /** Null in direct messages and on the command line. */
  guildId: string | null;
  channelId: string;
  /** In their order; none on the command line. */
  messageIds: string[];
  createdAt: Date;
}

/** All that is kept of one of our orders. */
export interface OrderTrail {
  intent: OrderIntent;
  /** The preview it was pressed on. */
  plan: PressedPlan;
  /** What people did to that preview, in the order they did it. */
  events: AuditEvent[];
  /** What it traded, in time order. */
  fills: { symbol: string; quantity: number; price: Decimal; at: Date }[];
  /** When the broker last said something about it; null if it doesn't say, or nothing yet. */
  toldAt: Date | null;
}

/** For who wants the whole trail: more orders no position ever had. */
export const EVERY_ORDER = 200;

/** Who did what to a plan. It is only ever added to, and nothing is decided from it. */
export interface AuditTrail {
  audit(event: AuditEvent): Promise<void>;
  /** Our orders for a position, those pressed last first, at most so many. */
  trail(account: string, positionId: number, most: number): Promise<OrderTrail[]>;
}
