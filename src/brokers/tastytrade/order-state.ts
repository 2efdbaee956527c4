import type { OrderStep } from '../../domain/types.js';

const STEPS = new Map<string, OrderStep>([
  ['Received', 'received'],
  ['Routed', 'routed'],
  ['In Flight', 'in-flight'],
  ['Contingent', 'contingent'],
  ['Live', 'live'],
  ['Cancel Requested', 'cancel-requested'],
  ['Replace Requested', 'replace-requested'],
  ['Remove Pending', 'cancel-requested'],
  ['Filled', 'filled'],
  ['Cancelled', 'cancelled'],
  ['Canceled', 'cancelled'],
  ['Removed', 'cancelled'],
  ['Partially Removed', 'cancelled'],
  ['Rejected', 'rejected'],
  ['Expired', 'expired'],
]);

/** Our word for the broker's; one we don't know counts as still open, never as over. */
export function stepOfStatus(status: string): OrderStep {
  return STEPS.get(status) ?? 'unrecognised';
}
