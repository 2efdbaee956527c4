import { contractText } from '../domain/odd-rows.js';
import type { Concern, OddRow } from '../domain/types.js';

/** `order 4123 on QQQ 18 Dec 26 480 P (its price reads “x”, which is no number)`, `the holding QQQ 18 Dec 26 480 P (…)`. */
export function oddRowText({ what, name, why, concern }: OddRow): string {
  const nameless = {
    holding: 'a holding without a name',
    order: 'an order without an id',
    account: 'an account',
  };
  const named = { holding: 'the holding', order: 'order', account: 'account' };
  const which = name === null ? nameless[what] : `${named[what]} ${contractText(name)}`;
  return `${which}${what === 'order' ? contractsText(concern) : ''} (${why})`;
}

/** ` on QQQ 18 Dec 26 480 P and 1 more`; of what can't be told, nothing. */
function contractsText(concern: Concern): string {
  if (concern === 'account') return '';
  const [first, ...more] = concern.symbols;
  if (first === undefined) return concern.kin ? ` on ${concern.kin.underlying}` : '';
  return ` on ${contractText(first)}${more.length > 0 ? ` and ${more.length} more` : ''}`;
}
