import { contractsBehind, type DeliveredBy } from './deliveries.js';
import type { LedgerRow } from './realised.js';

/** Shares that came or went because short contracts were assigned, or long ones exercised. */
export interface AssignedShares {
  how: DeliveredBy;
  /** The ledger's row of the shares. */
  row: LedgerRow;
  /** The contracts that were, one way, by the ledger's rows of the same time. */
  contracts: readonly LedgerRow[];
}

/**
 * By the ledger: shares that no order traded, beside contracts of the same underlying that were assigned or exercised. What
 * was undone is none.
 */
export function assignedShares(rows: readonly LedgerRow[]): AssignedShares[] {
  const undone = new Set(rows.flatMap(({ reverses }) => reverses ?? []));
  const sound = rows.filter(
    ({ id, reverses, orderId }) => !undone.has(id) && reverses === null && orderId === null,
  );
  const taken = sound.flatMap((row) =>
    WAYS.flatMap((how) => (row.subType.toLowerCase() === how ? [{ ...row, how, row }] : [])),
  );
  return sound
    .filter(({ instrument }) => instrument.option === null)
    .flatMap((row) => {
      const behind = contractsBehind(row, taken);
      const how = WAYS.find((way) => behind.some((each) => each.how === way));
      if (!how) return [];
      return [{ how, row, contracts: behind.filter((each) => each.how === how).map((each) => each.row) }];
    });
}

const WAYS = ['assignment', 'exercise'] as const satisfies readonly DeliveredBy[];
