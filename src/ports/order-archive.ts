/** An ended order as it is kept: what it is found by, and the rest as text that only its writer reads. */
export interface KeptOrder {
  id: string;
  /** When it last changed at the broker. */
  changedAt: Date;
  /** What it traded, each symbol once. */
  symbols: string[];
  payload: string;
}

/** What an account's archive holds in all. */
export interface KeptReach {
  /** Names this archive; another one when it was begun anew. */
  generation: string;
  /** How far it reaches, as text that only its writer reads. */
  payload: string;
}

/**
 * Orders that have ended, by account. They never change again, so what is kept here needs no second reading at the
 * broker. It is a convenience: whoever finds it unreadable or untrue begins it anew and reads the broker again.
 */
export interface OrderArchive {
  /** Null if nothing is kept of this account. */
  reach(account: string): Promise<KeptReach | null>;
  /** Kept orders that traded any of these, by id. Their `symbols` are left empty: they served to find them. */
  touching(account: string, symbols: readonly string[]): Promise<KeptOrder[]>;
  /** Kept orders that changed at this instant or later, by id, likewise. */
  changedSince(account: string, since: Date): Promise<KeptOrder[]>;
  /** Forgets all that is kept of the account and begins with this reach. */
  begin(account: string, reach: KeptReach): Promise<void>;
  /**
   * Adds orders (again is the same as once), then says how far the archive reaches now. In small transactions, so
   * that nobody who has to write waits long; the reach comes last.
   * @returns false if the archive was begun anew by somebody else: then nothing more is added
   */
  keep(account: string, orders: readonly KeptOrder[], reach: KeptReach): Promise<boolean>;
}
