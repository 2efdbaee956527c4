import type { Doubt, EntryDoubt } from '../domain/doubts.js';
import { priceText } from '../domain/text.js';

/** What isn't sure of a position, as a sentence. */
export function doubtText(doubt: Doubt): string {
  switch (doubt.code) {
    case 'NO_OPENING_ORDER':
      return 'No opening order is known: legs are grouped by expiration, at the broker’s average prices.';
    case 'SHARED_CONTRACT':
      return `Another position holds ${doubt.contract} too, and the broker’s average price is over both.`;
    case 'CLOSES_ONE_OF_SEVERAL':
      return `Closing order ${doubt.orderId} fits more than one position with the same contracts; the oldest was taken.`;
    case 'CLOSES_PERHAPS_ANOTHER':
      return `Closing order ${doubt.orderId} may be another position’s: it came after one that fits several with the same contracts.`;
    case 'FILLS_NOT_LISTED':
      return `The broker has not listed all fills of ${doubt.contract} yet${
        doubt.average
          ? ': its average open price was used.'
          : ', and gives no average price: what it was opened for is not known.'
      }`;
    case 'FILLED_UNEVENLY': {
      const beyond = doubt.beyond.map(({ contracts, contract }) => `${contracts} × ${contract}`).join(', ');
      return `Opening order ${doubt.orderId} filled unevenly: ${beyond} beyond complete units is not counted here.`;
    }
    case 'FEWER_HELD':
      return `Fewer ${doubt.contract} are held than the positions sharing it were opened with, and no order says which was closed; the oldest was taken.`;
    case 'ENTRY_IMPLAUSIBLE':
      return `${doubt.label}: ${entryDoubtText(doubt.doubt)}.`;
  }
}

/** `the fills give an opening credit of 5.20, not below the width of 5.00`. */
export function entryDoubtText(doubt: EntryDoubt): string {
  if (doubt.why === 'unknown') return `the opening ${doubt.kind} is not known`;
  const given = `the fills give an opening ${doubt.kind} of ${priceText(doubt.amount)}`;
  return doubt.why === 'not-above-zero'
    ? `${given}, which is not above zero`
    : `${given}, not below the width of ${priceText(doubt.width)}`;
}
