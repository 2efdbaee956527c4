import type { OddRow } from '../../../src/domain/types.js';
import { reasonOf } from '../../../src/screens/failures/index.js';
import { rowFaultText } from '../../../src/screens/row-faults.js';

/** What people read of the error that a promise is rejected with. */
export async function told(failing: Promise<unknown>): Promise<string> {
  return failing.then(
    () => 'nothing: it went well',
    (error: unknown) => reasonOf(error).what,
  );
}

/** Odd rows with what people read of why. */
export function worded(rows: readonly OddRow[]): (Omit<OddRow, 'why'> & { why: string })[] {
  return rows.map((row) => ({ ...row, why: rowFaultText(row.why) }));
}
