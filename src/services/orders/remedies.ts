import type { OrderIntent } from '../../ports/order-intents.js';
import type { OpenPosition } from '../accounts/positions.js';
import { whyNotAdopted } from './adoption.js';
import type { Finding } from './reconcile.js';
import type { WorkingOrder } from './working-orders.js';

/**
 * What one press does about a finding.
 * - `adopt`: the order is the bot's own from there on
 * - `cancel`: asks whether to cancel it
 * - `forget`: an order that the broker doesn't know counts as ended
 * - `whose`: says which of the orders that look just like one of unknown fate is that one
 * - `preview`: opens a preview of the position's targets
 */
export type Remedy =
  | { kind: 'adopt' | 'cancel'; order: WorkingOrder }
  | { kind: 'forget' | 'whose'; intent: OrderIntent }
  | { kind: 'preview'; view: OpenPosition };

/** None where only waiting helps, or looking again: its text says so. */
export function remediesOf(finding: Finding): Remedy[] {
  switch (finding.kind) {
    case 'over':
      return finding.orders.map((order) => ({ kind: 'cancel', order }));
    case 'loose':
      return [{ kind: 'cancel', order: finding.order }];
    case 'elsewhere': {
      const { order } = finding;
      const cancel: Remedy = { kind: 'cancel', order };
      return whyNotAdopted(order) === null ? [{ kind: 'adopt', order }, cancel] : [cancel];
    }
    case 'stale':
      return finding.unknown ? [{ kind: 'forget', intent: finding.intent }] : [];
    case 'unsettled':
      return finding.intent.lookalikes.length > 0 ? [{ kind: 'whose', intent: finding.intent }] : [];
    default:
      return [{ kind: 'preview', view: finding.view }];
  }
}
