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
}
