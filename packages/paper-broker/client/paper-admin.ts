/**
 * Client of the paper broker's admin routes, for tests. It knows them from src/paper-broker/README.md and shares
 * nothing with the server.
 */

export interface PaperFault {
  kind:
    | 'latency'
    | 'slow-answer'
    | 'status'
    | 'error-after-commit'
    | 'hang-after-commit'
    | 'hang-before-commit'
    | 'drop-before-commit'
    | 'drop-after-commit'
    | 'garbage'
    | 'no-market-data'
    | 'venue-reject'
    | 'late-fill'
    | 'split-fill'
    | 'slow-legs'
    | 'beat-cancel'
    | 'lost-frame'
    | 'twice-frame'
    | 'late-frame';
  method?: string;
  /** Regular expression on the path without query. */
  path?: string;
  skip?: number;
  times?: number | null;
  ms?: number;
  status?: number;
  code?: string;
  reason?: string;
  parts?: number;
}

/** One POST of an order, or of a complex one, as the broker received it. */
export interface PaperReceived {
  sequence: number;
  accountNumber: string;
  externalIdentifier: string | null;
  acceptVersion: string | null;
  body: Record<string, unknown>;
  orderId: number | null;
  refusal: string | null;
  answer: 'given' | 'falsified' | 'withheld' | 'cut';
}

/** An order in the broker's wire form; only what tests read is typed. */
export interface PaperOrder {
  id: number;
  status: string;
  size: number;
  price?: string;
  'price-effect'?: string;
  'stop-trigger'?: string;
  'complex-order-id'?: number;
  'terminal-at'?: string;
  'order-type': string;
  'time-in-force': string;
  'underlying-symbol': string;
  'external-identifier'?: string;
  'reject-reason'?: string;
  'replaces-order-id'?: number;
  'replacing-order-id'?: number;
  legs: {
    symbol: string;
    action: string;
    quantity: number;
    'remaining-quantity': number;
    fills: { 'fill-id': string; 'fill-price': string; 'filled-at': string; quantity: number }[];
  }[];
}

export interface PaperPosition {
  symbol: string;
  'underlying-symbol': string;
  quantity: string;
  'quantity-direction': 'Long' | 'Short' | 'Zero';
  'average-open-price': string;
  'mark-price': string;
}

export interface PaperSnapshot {
  accountNumber: string;
  accounts: { number: string; nickname: string }[];
  clock: { now: string; speed: number };
  session: { open: boolean; state: string; forced: 'open' | 'closed' | null; alwaysOpen: boolean };
  frozen: boolean;
  underlyings: { symbol: string; price: string; pinned: boolean; held: boolean }[];
  positions: PaperPosition[];
  working: PaperOrder[];
}

/** The order a platform user would place, in wire form. */
export type PaperOrderBody = Record<string, unknown>;

export class PaperAdmin {
  /**
   * @param adminUrl as `startPaperBroker` gives it, ending in a slash
   * @param account whose positions and orders it is about; the first by default
   */
  constructor(
    private readonly adminUrl: string,
    private readonly account?: string,
  ) {}

  /** The same routes, for another account of the login. */
  of(account: string): PaperAdmin {
    return new PaperAdmin(this.adminUrl, account);
  }

  snapshot(): Promise<PaperSnapshot> {
    return this.#call('GET', 'snapshot');
  }

  clock(change: { at?: string; advanceMs?: number; speed?: number }): Promise<PaperSnapshot> {
    return this.#call('POST', 'clock', change);
  }

  session(change: { forced?: 'open' | 'closed' | null; alwaysOpen?: boolean }): Promise<PaperSnapshot> {
    return this.#call('POST', 'session', change);
  }

  freeze(frozen = true): Promise<PaperSnapshot> {
    return this.#call('POST', 'freeze', { frozen });
  }

  underlying(
    symbol: string,
    change: { price?: number; nudge?: number; pin?: boolean; volatility?: number },
  ): Promise<PaperSnapshot> {
    return this.#call('POST', `underlyings/${encodeURIComponent(symbol)}`, change);
  }

  orders(): Promise<PaperOrder[]> {
    return this.#call('GET', 'orders');
  }

  placeOrder(body: PaperOrderBody): Promise<PaperOrder> {
    return this.#call('POST', 'orders', body);
  }

  /** Two orders of which the fill of one cancels the other, as the platform places them. */
  placeOco(orders: PaperOrderBody[]): Promise<{ id: number; orders: PaperOrder[] }> {
    return this.#call('POST', 'complex-orders', { type: 'OCO', orders });
  }

  /** Fills `units` of an order, all that is left by default. */
  fill(id: number, units?: number): Promise<PaperOrder> {
    return this.#call('POST', `orders/${id}/fill`, units === undefined ? {} : { units });
  }

  end(id: number, status: 'Cancelled' | 'Rejected' | 'Expired' = 'Cancelled', reason?: string) {
    return this.#call<PaperOrder>(
      'POST',
      `orders/${id}/end`,
      reason === undefined ? { status } : { status, reason },
    );
  }

  /** The broker knows an order no more, and says nothing of it, as after the nightly wipe of its sandbox. */
  erase(id: number): Promise<unknown> {
    return this.#call('DELETE', `orders/${id}`);
  }

  /** Sets what is held of a symbol; negative is short, 0 is closed. */
  position(
    symbol: string,
    change: { quantity: number; price?: string; restricted?: number; frozen?: boolean },
  ): Promise<PaperPosition> {
    return this.#call('PUT', `positions/${encodeURIComponent(symbol)}`, change);
  }

  /** What market data says of a symbol instead: fields in wire form, null is missing, `{}` ends it. */
  quote(symbol: string, told: Record<string, string | boolean | null>): Promise<PaperSnapshot> {
    return this.#call('PUT', `quotes/${encodeURIComponent(symbol)}`, told);
  }

  /** What the row of a position (by symbol) or order (by id) shows instead in lists, in wire form; `{}` ends it. */
  odd(row: string | number, fields: Record<string, unknown>): Promise<PaperSnapshot> {
    return this.#call('PUT', `odd/${encodeURIComponent(row)}`, fields);
  }

  /** Expired options stay as they are while this is held. */
  holdSettlement(held: boolean): Promise<PaperSnapshot> {
    return this.#call('POST', 'settlement', { held });
  }

  /** Lists of orders stay as they are while this is held; an order read by its id is as it is. */
  holdLists(held: boolean): Promise<PaperSnapshot> {
    return this.#call('POST', 'lists', { held });
  }

  /** Whether an OCO of spreads is refused, and whether a part that fills leaves its other order as it is. */
  brackets(rules: { refuseSpreads?: boolean; partsKeep?: boolean }): Promise<PaperSnapshot> {
    return this.#call('POST', 'brackets', rules);
  }

  /** A split (`ratio` for one, 2 by default) or a rename of the contracts; working orders end unless they are kept. */
  corporateAction(action: {
    underlying: string;
    kind: 'rename' | 'split';
    ratio?: number;
    keepOrders?: boolean;
  }): Promise<PaperSnapshot> {
    return this.#call('POST', 'corporate-actions', action);
  }

  /** What is traded while this is held is booked when it ends. */
  holdLedger(held: boolean): Promise<PaperSnapshot> {
    return this.#call('POST', 'ledger', { held });
  }

  tradingStatus(change: {
    isClosed?: boolean;
    isFrozen?: boolean;
    isClosingOnly?: boolean;
    isRiskReducingOnly?: boolean;
    isInMarginCall?: boolean;
    isInDayTradeCall?: boolean;
  }): Promise<unknown> {
    return this.#call('POST', 'trading-status', change);
  }

  received(): Promise<PaperReceived[]> {
    return this.#call('GET', 'received');
  }

  /** Requests so far, by `METHOD path`. */
  counts(): Promise<Record<string, number>> {
    return this.#call('GET', 'counts');
  }

  resetCounts(): Promise<unknown> {
    return this.#call('DELETE', 'counts');
  }

  fault(fault: PaperFault): Promise<PaperFault & { id: number }> {
    return this.#call('POST', 'faults', fault);
  }

  faults(): Promise<(PaperFault & { id: number })[]> {
    return this.#call('GET', 'faults');
  }

  clearFaults(): Promise<unknown> {
    return this.#call('DELETE', 'faults');
  }

  stream(
    action: 'drop' | 'mute' | 'silence' | 'resume',
  ): Promise<{ mood: string; clients: { accounts: string[] }[] }> {
    return this.#call('POST', 'stream', { action });
  }

  streamClients(): Promise<{ mood: string; clients: { accounts: string[] }[] }> {
    return this.#call('GET', 'stream');
  }

  expireTokens(): Promise<unknown> {
    return this.#call('POST', 'tokens/expire', {});
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(
      `${this.adminUrl}api/${path}${this.account ? `?account=${this.account}` : ''}`,
      {
        method,
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      },
    );
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }
}
