export interface StoredPosition {
  id: number;
  account: string;
  key: string;
  underlying: string;
  strategy: string;
  firstSeenAt: Date;
  lastSeenAt: Date;
}

export type SeenPosition = Pick<StoredPosition, 'account' | 'key' | 'underlying' | 'strategy'>;

export interface PositionStore {
  /** Ids by key; unseen positions get the next id. An id is never reused or changed. */
  rememberPositions(seen: SeenPosition[], at: Date): Promise<Map<string, number>>;
  /** By what key the positions of an account go; null for an id that was never given. */
  positionKey(id: number): Promise<string | null>;
  /** Of these positions, those that were first seen after an instant. */
  seenSince(ids: readonly number[], since: Date): Promise<ReadonlySet<number>>;
  /** Of which account each of these positions is, by id; an id that was never given is left out. */
  positionAccounts(ids: readonly number[]): Promise<Map<number, string>>;
}
