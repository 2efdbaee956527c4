import type { Fill, LegAction } from '../domain/types.js';
import type { AuditEvent, Store } from '../ports/store.js';

/** A fill of one leg of one of our orders, as stored. */
export interface StoredFill extends Fill {
  intentId: number;
  symbol: string;
  action: LegAction;
}

/** The store, and what only people and tests look at. */
export interface SqlStore extends Store {
  /** Fills of one intent's order, in time order. */
  fills(intentId: number): Promise<StoredFill[]>;
  /** What was written down about a plan, oldest first. */
  auditTrail(planId: string): Promise<AuditEvent[]>;
}
