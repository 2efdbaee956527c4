/** What is wrong with what stands in a field. */
export const WRONGS = [
  'negative',
  'no-number',
  'no-whole-number',
  'not-above-zero',
  'no-price',
  'no-price-step',
  'no-quantity',
  'no-whole-contracts',
  'no-share-count',
  'no-ticker',
  'no-order-id',
  'no-action',
  'no-side',
  'no-time',
  'no-yes-or-no',
] as const;

export type Wrong = (typeof WRONGS)[number];

/** Where in a row: a field by the broker’s name of it, null for the whole; of the row itself, of a leg, or of a fill of that leg. */
export interface RowPlace {
  field: string | null;
  /** Counted from 1; its symbol null where it has none. */
  leg: { symbol: string | null; number: number } | null;
  fill: boolean;
}

/** Why a row of the broker’s can’t be read, as a code with its facts; fit for JSON. What it says stands in one short line. */
export type CodedFault =
  | { code: 'UNRECOGNISABLE' | 'MISSING' | 'EMPTY' | 'ODD_FORM'; place: RowPlace }
  | { code: 'ODD_VALUE'; place: RowPlace; value: string; wrong: Wrong | null }
  /** Stock, option, … of the row itself where no symbol is named; `known` says that there is such a kind. */
  | { code: 'ODD_KIND'; symbol: string | null; kind: string; known: boolean }
  | { code: 'KIND_UNLIKE_SYMBOL' }
  | { code: 'OF_ANOTHER_ACCOUNT' }
  | { code: 'LISTED_TWICE' }
  /** Two different orders have this id. */
  | { code: 'ID_TWICE' }
  | { code: 'CONTRACT_TWICE' }
  | { code: 'SIZE_UNTOLD' | 'NONE_ORDERED' | 'FILL_WITHOUT_TIME'; symbol: string }
  | { code: 'TOO_MANY_FILLED' | 'TOO_MANY_LEFT'; symbol: string; count: number; ordered: number }
  /** It still works, yet none is left of it. */
  | { code: 'NONE_LEFT'; symbol: string };

/** A text is what a version said that kept sentences. */
export type RowFault = string | CodedFault;
