import type { OddPositionStep } from '../domain/position-life.js';

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

/** A step of a position that can't be, see `domain/position-life.ts`. */
export interface ToldOddPosition extends OddPositionStep {
  positionId: number;
}

export interface PositionStore {
  /** Writes down a step that can't be, the same one once in a while; `PlacedOrders.oddSteps` tells of it. */
  oddPositionStep(step: ToldOddPosition, now: Date): Promise<void>;
  /** Ids by key; unseen positions get the next id. An id is never reused or changed. */
  rememberPositions(seen: SeenPosition[], at: Date): Promise<Map<string, number>>;
  /** By what key the positions of an account go; null for an id that was never given. */
  positionKey(id: number): Promise<string | null>;
  /** Of these positions, those that were first seen after an instant. */
  seenSince(ids: readonly number[], since: Date): Promise<ReadonlySet<number>>;
  /** Of which account each of these positions is, by id; an id that was never given is left out. */
  positionAccounts(ids: readonly number[]): Promise<Map<number, string>>;
}
