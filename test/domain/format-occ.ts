import { isIsoDate } from '../../src/domain/dates.js';
import type { OptionTerms } from '../../src/domain/types.js';

const ROOT = /^[A-Z0-9./]{1,6}$/;
const ROOT_LENGTH = 6;

/**
 * The OCC symbol of these terms, padding kept.
 *
 * @throws RangeError if a symbol cannot express them (strike finer than a thousandth, root too long, …).
 */
export function formatOcc(terms: OptionTerms): string {
  const thousandths = terms.strike.times(1000);
  const expressible =
    ROOT.test(terms.root) &&
    isIsoDate(terms.expiration) &&
    terms.expiration.startsWith('20') &&
    thousandths.isInteger() &&
    thousandths.gt(0) &&
    thousandths.lt(1e8);
  if (!expressible) {
    throw new RangeError(`no option symbol for ${terms.root} ${terms.expiration} ${terms.strike.toString()}`);
  }
  const date = terms.expiration.slice(2).replaceAll('-', '');
  const letter = terms.type === 'call' ? 'C' : 'P';
  return `${terms.root.padEnd(ROOT_LENGTH)}${date}${letter}${thousandths.toFixed(0).padStart(8, '0')}`;
}
