import type { Position } from '../../domain/types.js';
import type { Clock } from '../../ports/clock.js';
import type { PositionStore } from '../../ports/positions.js';

/** Positions last seen this long ago are written down as seen again. */
const SEEN_MS = 60 * 60_000;

/** One account's positions' ids: asked of the store for what is new, and written down as seen now and then, not at every look. */
export class PositionIds {
  #known = new Map<string, { id: number; strategy: string }>();
  #seenAt = 0;

  constructor(
    private readonly store: PositionStore,
    private readonly clock: Clock,
    private readonly account: string,
  ) {}

  /** The id of each of these positions, by key. */
  async of(positions: readonly Position[]): Promise<(key: string) => number> {
    const now = this.clock.now();
    const same = positions.every(({ key, strategy }) => this.#known.get(key)?.strategy === strategy);
    const old = Math.abs(now.getTime() - this.#seenAt) > SEEN_MS;
    if (!same || old) {
      const { account } = this;
      const seen = positions.map(({ key, underlying, strategy }) => ({ account, key, underlying, strategy }));
      const ids = await this.store.rememberPositions(seen, now);
      this.#known = new Map(
        positions.flatMap(({ key, strategy }) => {
          const id = ids.get(key);
          return id === undefined ? [] : [[key, { id, strategy }] as const];
        }),
      );
      this.#seenAt = now.getTime();
    }
    const known = this.#known;
    return (key) => {
      const found = known.get(key);
      if (!found) throw new Error(`no id for position ${key}`);
      return found.id;
    };
  }
}
