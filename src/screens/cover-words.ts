import type { Failures } from '../domain/failures.js';
import { describeContract } from '../domain/occ.js';
import { listText } from '../domain/text.js';
import type { OddRow } from '../domain/types.js';
import { oddRowText } from './odd-rows.js';

type Part = Failures['LEAVES_SHORT_NAKED']['parts'][number];

/** What selling parts would leave naked; other cover there may be isn't counted on. */
export function leavesNakedText(parts: readonly Part[], unsure: OddRow | null): string {
  const why = parts.map(
    ({ sold, leaves }) => `Selling ${soldText(sold)} would leave ${nakedText(leaves)} without cover.`,
  );
  const odd = unsure && `I can’t read ${oddRowText(unsure)}, so what it is about counts as no cover.`;
  return [...why, ...(odd ? [odd] : [])].join(' ');
}

/** What to do about it. */
export function nakedChoiceText(id: number): string {
  return `Close the short first, or choose it: \`/targets position:${id} leave_naked:True\` shows it with what is left.`;
}

/** `2 × QQQ 18 Dec 26 475 P short`. */
export function nakedText(leaves: Part['leaves']): string {
  return listText(
    leaves.map(({ instrument, contracts }) => `${contracts} × ${describeContract(instrument)} short`),
  );
}

function soldText(sold: Part['sold']): string {
  return listText(sold.map(({ instrument, contracts }) => `${contracts} × ${describeContract(instrument)}`));
}
