import { DAY_MS } from './dates.js';
import type { LedgerRow } from './realised.js';

/** Shares that came or went because contracts were assigned. */
export interface AssignedShares {
  /** The ledger's row of the shares. */
  row: LedgerRow;
  /** The contracts that were, by the ledger's rows of the same time. */
  contracts: readonly LedgerRow[];
}

/** An assignment's rows are booked together, or a night apart. */
const APART_MS = DAY_MS;

/** By the ledger: shares that no order traded, beside contracts of the same underlying that were assigned. What was undone is none. */
export function assignedShares(rows: readonly LedgerRow[]): AssignedShares[] {
  const undone = new Set(rows.flatMap(({ reverses }) => reverses ?? []));
  const sound = rows.filter(
    ({ id, reverses, orderId }) => !undone.has(id) && reverses === null && orderId === null,
  );
  const assigned = sound.filter(
    ({ instrument, subType }) => instrument.option && subType.toLowerCase() === 'assignment',
  );
  return sound
    .filter(({ instrument }) => instrument.option === null)
    .flatMap((row) => {
      const contracts = assigned.filter((each) => isOf(each, row));
      return contracts.length > 0 ? [{ row, contracts }] : [];
    });
}

/** Shares change hands at the strike, on the same side of the trade: an assigned put brings them, a call takes them. */
function isOf({ instrument: { option, underlying }, at }: LedgerRow, shares: LedgerRow): boolean {
  const brought = shares.net.isNegative();
  return (
    underlying === shares.instrument.underlying &&
    option?.type === (brought ? 'put' : 'call') &&
    (shares.price === null || option.strike.eq(shares.price)) &&
    Math.abs(at.getTime() - shares.at.getTime()) <= APART_MS
  );
}
