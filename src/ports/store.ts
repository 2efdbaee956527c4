import type { AuditTrail } from './audit.js';
import type { Cancels } from './cancels.js';
import type { Closings } from './closings.js';
import type { DatabaseHealth } from './database-health.js';
import type { ErrandStore } from './errands.js';
import type { OrderIntents } from './order-intents.js';
import type { PlacedOrders } from './placed-orders.js';
import type { PlanStatus } from './plan-status.js';
import type { Plans } from './plans.js';
import type { PositionStore } from './positions.js';

export * from './order-intents.js';
export * from './placed-orders.js';
export * from './plans.js';
export type { PlanStatus };

/**
 * Everything the bot remembers. Methods that write are each one transaction; writers queue inside the store,
 * so callers may call from anywhere at once. Decimals are stored as text, exactly. What the database can't do now, each
 * method says within seconds by a `DatabaseFailure`.
 */
export interface Store
  extends Plans,
    OrderIntents,
    PlacedOrders,
    ErrandStore,
    PositionStore,
    AuditTrail,
    Cancels,
    Closings,
    DatabaseHealth {}
