import { createHash } from 'node:crypto';
import { parseOcc } from '../../domain/occ.js';
import { isOpen } from '../../domain/order-fills.js';
import { stateOfStep } from '../../domain/order-life.js';
import type { CodedFault } from '../../domain/row-faults.js';
import type { BrokerOrder, Concern, OddRow } from '../../domain/types.js';
import { isForeign, tickerOf } from './contract-sizes.js';
import { stepOfStatus } from './order-state.js';
import { fieldOf, instant, textIn } from './wire.js';

const OPENING: unknown[] = ['Buy to Open', 'Sell to Open'];

/** The order's id as the broker names it; null where it names none. */
export function idIn(value: unknown): string | null {
  const id = textIn(value, 'id');
  return id === '0' ? null : id;
}

/**
 * What can be said of an order that can't be read in full: that it is there, which contracts it may be about, and
 * whether it may still trade. It has no legs, so that nothing is computed from them.
 */
export function oddOrder(value: unknown, why: CodedFault, account: string): BrokerOrder {
  const status = textIn(value, 'status') ?? '';
  const step = stepOfStatus(status);
  const state = stateOfStep(step);
  const name = idIn(value);
  return {
    // Told apart from others without an id, and found again as the same.
    id: name ?? `unreadable-${createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12)}`,
    account,
    underlying: tickerOf(fieldOf(value, 'underlying-symbol')) ?? '',
    state,
    status,
    step,
    timeInForce: '',
    orderType: '',
    price: null,
    effect: null,
    stopTrigger: null,
    contingent: false,
    complex: null,
    replaces: null,
    size: null,
    legs: [],
    externalIdentifier: textIn(value, 'external-identifier'),
    rejectReason: null,
    receivedAt: instant.parse(fieldOf(value, 'received-at')),
    updatedAt: instant.parse(fieldOf(value, 'updated-at')),
    odd: { what: 'order', name, why, doubts: doubtsOf(value, isOpen({ state })), concern: concernOf(value) },
  };
}

function doubtsOf(value: unknown, open: boolean): OddRow['doubts'] {
  const legs = legsIn(value);
  // An order that surely only opens covers nothing of what is held.
  const opens = legs?.every((leg) => OPENING.includes(fieldOf(leg, 'action')));
  if (open && !opens) return 'coverage';
  const untraded = legs?.every((leg) => isNothing(fieldOf(leg, 'fills'))) ?? false;
  const filled = stepOfStatus(textIn(value, 'status') ?? '') === 'filled';
  return untraded && !filled ? 'nothing' : 'price';
}

/** Where a leg can't be told, it may be any of the underlying; where none can, of anything. */
function concernOf(value: unknown): Concern {
  const legs = legsIn(value);
  if (legs === null) return 'account';
  const symbols = legs.flatMap((leg) => symbolOf(leg) ?? []);
  if (symbols.length === legs.length) return { symbols, kin: null };
  const underlying = tickerOf(fieldOf(value, 'underlying-symbol'));
  return underlying === null ? 'account' : { symbols, kin: { underlying, type: null } };
}

function legsIn(value: unknown): unknown[] | null {
  const legs = fieldOf(value, 'legs');
  return Array.isArray(legs) && legs.length > 0 ? legs : null;
}

/** A leg's symbol if it surely names what it is about. */
function symbolOf(leg: unknown): string | null {
  const symbol = textIn(leg, 'symbol');
  const type = fieldOf(leg, 'instrument-type');
  if (symbol === null || parseOcc(symbol) !== null || isForeign(type, symbol)) return symbol;
  return type === 'Equity Option' ? null : tickerOf(symbol);
}

function isNothing(fills: unknown): boolean {
  return fills === undefined || fills === null || (Array.isArray(fills) && fills.length === 0);
}
