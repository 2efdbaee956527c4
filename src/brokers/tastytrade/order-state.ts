import type { OrderState } from '../../domain/types.js';

const STATES = new Map<string, OrderState>([
  ['Received', 'submitted'],
  ['Routed', 'submitted'],
  ['In Flight', 'submitted'],
  ['Contingent', 'submitted'],
  ['Live', 'working'],
  ['Cancel Requested', 'working'],
  ['Replace Requested', 'working'],
  ['Remove Pending', 'working'],
  ['Filled', 'filled'],
  ['Cancelled', 'cancelled'],
  ['Canceled', 'cancelled'],
  ['Removed', 'cancelled'],
  ['Partially Removed', 'cancelled'],
  ['Rejected', 'rejected'],
  ['Expired', 'expired'],
]);

/** Our word for the broker's; one we don't know counts as still open, never as over. */
export function stateOf(status: string): OrderState {
  return STATES.get(status) ?? 'unrecognised';
}
