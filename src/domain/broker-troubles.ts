import type { CodedFault } from './row-faults.js';

/** What the broker was asked for. */
export type Answer =
  | ('list' | 'options' | 'underlyings' | 'quotes' | 'market-metrics' | 'balances' | 'trading-status')
  | ('market-session' | 'market-sessions' | 'holidays' | 'notification' | 'position');

/** Why no usable answer came over a connection; `named` as the system calls it. */
export type ConnectionTrouble =
  | { code: 'DEADLINE_PASSED' }
  | { code: 'NO_ANSWER_WITHIN'; ms: number }
  | { code: 'ANSWER_TOO_LARGE'; bytes: number }
  | { code: 'CONNECTION_CUT' | 'CONNECTION_FAILED'; named: string };

/** What moves money, and leaves once. */
export type Moving = 'order' | 'cancel';

/** Why the broker gave no access. */
export type LoginRefusal =
  | { why: 'no-token' }
  | { why: 'redirected'; status: number }
  | { why: 'said'; said: string };

/** Why an order can’t be put in the broker’s terms. */
export type OrderFault =
  | { is: 'trigger-not-positive' | 'price-not-positive' | 'no-effect' | 'symbol-twice' | 'odd-quantity' }
  | { is: 'legs'; legs: number };

/**
 * What is wrong between us and the broker, as a code with its facts; fit for JSON. `where` is what was asked for, as people may
 * read it, `said` the broker’s words without a secret, or `HTTP 503`.
 */
export type BrokerTrouble =
  | { code: 'UNREADABLE'; answer: Answer; fault: CodedFault }
  | { code: 'UNDERLYING_UNREADABLE'; symbol: string; fault: CodedFault }
  | { code: 'UNDERLYING_UNLISTED'; symbol: string }
  | { code: 'NOT_JSON'; where: string }
  | { code: 'REDIRECTED'; where: string; status: number }
  | { code: 'TRIAL_SAYS_NOTHING' }
  | { code: 'LIST_CUT_SHORT'; told: number; given: number }
  | { code: 'PAGES_MISSING' }
  | { code: 'PAGES_ENDLESS'; pages: number }
  | { code: 'LOGIN_SILENT'; because: ConnectionTrouble }
  | { code: 'LOGIN_FAILED'; status: number }
  | { code: 'LOGIN_REFUSED'; because: LoginRefusal }
  | { code: 'LOGIN_NOT_ACCEPTED'; where: string }
  | { code: 'BROKER_SILENT'; where: string; because: ConnectionTrouble }
  | { code: 'BROKER_FAILED'; where: string; said: string }
  | { code: 'TIME_RAN_OUT'; what: Moving }
  | { code: 'NEVER_LEFT'; what: Moving; because: ConnectionTrouble }
  | { code: 'ANSWER_UNCLEAR'; what: Moving; because: ConnectionTrouble }
  | { code: 'ANSWER_PROVES_NOTHING'; what: Moving; said: string }
  /** Taken, it seems, but no id was named; `said` is what else stood in the answer. */
  | { code: 'NO_ORDER_ID'; said: readonly string[] }
  | { code: 'ORDER_IMPOSSIBLE'; fault: OrderFault }
  | { code: 'READ_ONLY'; what: Moving };

/** A text is in others’ words: the broker’s, or those of a version that kept sentences. */
export type Said = string | BrokerTrouble;

/** Why an account’s changes don’t arrive, or one of them couldn’t be told. `said` as the connection or the broker said it. */
type StreamTrouble =
  | { code: 'NOT_STARTED' | 'NOT_CONNECTED' | 'CLOSED_BY_US' | 'NOT_STARTABLE' }
  | { code: 'CLOSED'; status: number }
  | { code: 'FAILED'; said: string }
  | { code: 'ACTION_REFUSED'; action: string; said: string | null }
  | { code: 'ACTION_UNACKNOWLEDGED'; action: string; ms: number }
  /** Something came that can’t be told: what is known may be old. */
  | { code: 'UNTOLD'; what: 'message' | 'order' | 'complex-order' | 'type' | 'account' };

export type StreamReason = Said | StreamTrouble;

const CODES: { readonly [Code in BrokerTrouble['code']]: true } = {
  UNREADABLE: true,
  UNDERLYING_UNREADABLE: true,
  UNDERLYING_UNLISTED: true,
  NOT_JSON: true,
  REDIRECTED: true,
  TRIAL_SAYS_NOTHING: true,
  LIST_CUT_SHORT: true,
  PAGES_MISSING: true,
  PAGES_ENDLESS: true,
  LOGIN_SILENT: true,
  LOGIN_FAILED: true,
  LOGIN_REFUSED: true,
  LOGIN_NOT_ACCEPTED: true,
  BROKER_SILENT: true,
  BROKER_FAILED: true,
  TIME_RAN_OUT: true,
  NEVER_LEFT: true,
  ANSWER_UNCLEAR: true,
  ANSWER_PROVES_NOTHING: true,
  NO_ORDER_ID: true,
  ORDER_IMPOSSIBLE: true,
  READ_ONLY: true,
};

export function isBrokerTrouble<T extends { code: string }>(told: T | BrokerTrouble): told is BrokerTrouble {
  return Object.hasOwn(CODES, told.code);
}
