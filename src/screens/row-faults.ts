import { parseOcc } from '../domain/occ.js';
import { contractText } from '../domain/odd-rows.js';
import type { CodedFault, RowFault, RowPlace, Wrong } from '../domain/row-faults.js';
import { TICKER } from '../domain/underlyings.js';

/** By the broker’s name of the field; others are their own name with spaces. */
const FIELDS: Readonly<Record<string, string>> = {
  action: 'side (buy or sell, open or close)',
  'account-number': 'account',
  'average-open-price': 'opening price',
  'fill-price': 'price',
  'instrument-type': 'kind (stock or option)',
  'is-frozen': 'mark as frozen',
  items: 'list',
  legs: 'list of legs',
  multiplier: 'contract size',
  'quantity-direction': 'side (long or short)',
  'shares-per-contract': 'contract size',
  'underlying-symbol': 'underlying',
};

const WRONG: { readonly [Each in Wrong]: string } = {
  negative: 'is negative',
  'no-number': 'is no number',
  'no-whole-number': 'is no whole number',
  'not-above-zero': 'isn’t above zero',
  'no-price': 'can be no price',
  'no-price-step': 'can be no step of an option’s price',
  'no-quantity': 'can be no quantity',
  'no-whole-contracts': 'is no whole number of contracts',
  'no-share-count': 'is no number of shares',
  'no-ticker': 'is no ticker',
  'no-order-id': 'is no order id',
  'no-action': 'is no action',
  'no-side': 'is neither long nor short',
  'no-time': 'is no time',
  'no-yes-or-no': 'is neither yes nor no',
};

/**
 * Why a row of the broker’s can’t be read, as a person would say it who looks at it: `its status is missing`, `the price of a
 * fill of QQQ 18 Dec 26 480 P reads “NaN”, which is no number`.
 */
export function rowFaultText(fault: RowFault): string {
  return typeof fault === 'string' ? fault : codedText(fault);
}

function codedText(fault: CodedFault): string {
  switch (fault.code) {
    case 'UNRECOGNISABLE':
      return `${placeText(fault.place)} can’t be made out at all`;
    case 'MISSING':
      return `${placeText(fault.place)} is missing`;
    case 'EMPTY':
      return `${placeText(fault.place)} is empty`;
    case 'ODD_FORM':
      return `${placeText(fault.place)} has a form I don’t know`;
    case 'ODD_VALUE': {
      const wrong = fault.wrong === null ? 'I don’t know' : WRONG[fault.wrong];
      return `${placeText(fault.place)} reads “${fault.value}”, which ${wrong}`;
    }
    case 'ODD_KIND': {
      const called = fault.symbol === null ? 'it' : nameText(fault.symbol);
      return `${called} is called “${fault.kind}”, which ${fault.known ? 'its symbol isn’t' : 'I don’t know'}`;
    }
    case 'KIND_UNLIKE_SYMBOL':
      return 'its symbol and its kind don’t fit';
    case 'OF_ANOTHER_ACCOUNT':
      return 'it is of another account';
    case 'LISTED_TWICE':
      return 'it is listed twice';
    case 'ID_TWICE':
      return 'two different orders have this id';
    case 'CONTRACT_TWICE':
      return 'it names a contract twice';
    case 'SIZE_UNTOLD':
      return `how many shares a contract of ${nameText(fault.symbol)} is for isn’t told`;
    case 'NONE_ORDERED':
      return `it orders none of ${nameText(fault.symbol)}`;
    case 'FILL_WITHOUT_TIME':
      return `a fill of ${nameText(fault.symbol)} has no time`;
    case 'TOO_MANY_FILLED':
      return `it says that ${fault.count} of ${fault.ordered} of ${nameText(fault.symbol)} are filled`;
    case 'TOO_MANY_LEFT':
      return `it says that ${fault.count} of ${fault.ordered} of ${nameText(fault.symbol)} are left`;
    case 'NONE_LEFT':
      return `it still works, yet says that none of ${nameText(fault.symbol)} is left`;
  }
}

/** `its price`, `the quantity of QQQ 18 Dec 26 480 P`, `the price of a fill of leg 2`. */
function placeText({ field, leg, fill }: RowPlace): string {
  const name = field === null ? null : (FIELDS[field] ?? field.replaceAll('-', ' '));
  if (leg === null) return name === null ? 'it' : `its ${name}`;
  const legName = leg.symbol === null ? `leg ${leg.number}` : nameText(leg.symbol);
  const part = fill ? `a fill of ${legName}` : legName;
  return name === null ? part : `the ${name} of ${part}`;
}

/** `QQQ 18 Dec 26 480 P`; what names nothing stands in quotation marks. */
function nameText(symbol: string): string {
  return parseOcc(symbol) !== null || TICKER.test(symbol) ? contractText(symbol) : `“${symbol}”`;
}
