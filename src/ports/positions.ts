import type { PositionEvent, PositionStep } from '../domain/position-life.js';

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

/** Where a position was seen on its way, see `domain/position-life.ts`. */
export interface PositionTold extends PositionEvent {
  positionId: number;
}

export interface PositionStore {
  /**
   * Takes over where positions were seen on their way; a step that can't be is written down, the same one once in a while
   * (`PlacedOrders.oddSteps` tells of it).
   * @returns where each is by all that is known, by id; an id that was never given is left out
   */
  advancePositions(told: readonly PositionTold[], now: Date): Promise<Map<number, PositionStep>>;
  /** Ids by key; unseen positions get the next id. An id is never reused or changed. */
  rememberPositions(seen: SeenPosition[], at: Date): Promise<Map<string, number>>;
  /** By what key the positions of an account go; null for an id that was never given. */
  positionKey(id: number): Promise<string | null>;
  /** The ids of an account's positions by key; a key that was never given one is left out. */
  positionIds(account: string, keys: readonly string[]): Promise<Map<string, number>>;
  /** Of these positions, those that were first seen after an instant. */
  seenSince(ids: readonly number[], since: Date): Promise<ReadonlySet<number>>;
  /** Of which account each of these positions is, by id; an id that was never given is left out. */
  positionAccounts(ids: readonly number[]): Promise<Map<number, string>>;
}
