import { DAY_MS } from './dates.js';
import type { LedgerRow } from './realised.js';

export type AssignedBy = 'assignment' | 'exercise';

/** Shares that came or went because short contracts were assigned, or long ones exercised. */
export interface AssignedShares {
  how: AssignedBy;
  /** The ledger's row of the shares. */
  row: LedgerRow;
  /** The contracts that were, one way, by the ledger's rows of the same time. */
  contracts: readonly LedgerRow[];
}

/** The rows are booked together, or a night apart. */
const APART_MS = DAY_MS;

/**
 * By the ledger: shares that no order traded, beside contracts of the same underlying that were assigned or exercised. What
 * was undone is none.
 */
export function assignedShares(rows: readonly LedgerRow[]): AssignedShares[] {
  const undone = new Set(rows.flatMap(({ reverses }) => reverses ?? []));
  const sound = rows.filter(
    ({ id, reverses, orderId }) => !undone.has(id) && reverses === null && orderId === null,
  );
  const options = sound.filter(({ instrument }) => instrument.option);
  return sound
    .filter(({ instrument }) => instrument.option === null)
    .flatMap((row) => {
      const ways = WAYS.map((how) => ({
        how,
        row,
        contracts: options.filter((each) => isOf(each, row, how)),
      }));
      return ways.find(({ contracts }) => contracts.length > 0) ?? [];
    });
}

const WAYS = ['assignment', 'exercise'] as const satisfies readonly AssignedBy[];
/** What brings shares; what takes them is of the other type. */
const BRINGS = { assignment: 'put', exercise: 'call' } as const;

/** Shares change hands at the strike, on the same side of the trade. */
function isOf({ instrument, subType, at }: LedgerRow, shares: LedgerRow, how: AssignedBy): boolean {
  const { option, underlying } = instrument;
  if (option === null || subType.toLowerCase() !== how) return false;
  return (
    underlying === shares.instrument.underlying &&
    (option.type === BRINGS[how]) === shares.net.isNegative() &&
    (shares.price === null || option.strike.eq(shares.price)) &&
    Math.abs(at.getTime() - shares.at.getTime()) <= APART_MS
  );
}
