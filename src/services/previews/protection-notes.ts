import type { ClosingLeg } from '../../domain/coverage.js';
import { UserError } from '../../domain/errors.js';
import { describeContract } from '../../domain/occ.js';
import { oddRowText } from '../../domain/odd-rows.js';
import type { NakedShort } from '../../domain/protection.js';
import type { Protecting } from '../../domain/targets.js';
import { listText } from '../../domain/text.js';
import type { OddRow } from '../../domain/types.js';

/** A refusal of all that was asked for: nothing else of the position could be closed. */
export function leavesNaked(id: number, parts: readonly Protecting[], unsure: OddRow | null): UserError {
  const why = `${parts.map(keptBackText).join(' ')}${unsureText(unsure)}`;
  return new UserError('LEAVES_SHORT_NAKED', why, choiceText(id));
}

/** Beside the targets of the other parts. */
export function protectingNote(id: number, part: Protecting, unsure: OddRow | null): string {
  return `${part.label}: not offered. ${keptBackText(part)}${unsureText(unsure)} ${choiceText(id)}`;
}

/** Why `all` passes a position by. */
export function hedgeNote({ id, hedges }: { id: number; hedges: number }): string {
  return `This protects ${hedges} shares you hold, so \`all\` leaves it out. To sell it: \`/targets position:${id}\`.`;
}

/** `2 × QQQ 18 Dec 26 475 P short`. */
export function nakedText(leaves: readonly NakedShort[]): string {
  return listText(
    leaves.map(({ instrument, contracts }) => `${contracts} × ${describeContract(instrument)} short`),
  );
}

function keptBackText({ legs, leaves }: Protecting): string {
  return `Selling ${soldText(legs)} would leave ${nakedText(leaves)} without cover.`;
}

/** Other cover there may be, that isn't counted on. */
function unsureText(row: OddRow | null): string {
  return row ? ` I can’t read ${oddRowText(row)}, so what it is about counts as no cover.` : '';
}

function soldText(legs: readonly ClosingLeg[]): string {
  const sold = legs.filter(({ action }) => action === 'sell-to-close');
  return listText(sold.map(({ instrument, contracts }) => `${contracts} × ${describeContract(instrument)}`));
}

function choiceText(id: number): string {
  return `Close the short first, or choose it: \`/targets position:${id} leave_naked:True\` shows it with what is left.`;
}
