import type { Logger } from 'pino';
import type { PositionStep } from '../../domain/position-life.js';
import type { Clock } from '../../ports/clock.js';
import type { PositionStore, PositionTold } from '../../ports/positions.js';

/** A database that takes no writes is asked no sooner: nobody who reads the account is to wait for it each time. */
const TRIED_AGAIN_MS = 60_000;

export interface PositionLivesDeps {
  store: Pick<PositionStore, 'advancePositions'>;
  clock: Pick<Clock, 'now'>;
  log: Logger;
}

/** Where one account's positions are on their way: kept by the database, which is asked only when one has moved. */
export class PositionLives {
  /** What was last told of each, and where that leaves it. */
  readonly #known = new Map<number, { told: PositionStep; step: PositionStep }>();
  #notBefore = 0;

  constructor(private readonly deps: PositionLivesDeps) {}

  /** By id, where each is by all that is known; as told where the database can't say. Never throws. */
  async tell(told: readonly PositionTold[]): Promise<(id: number) => PositionStep | null> {
    const moved = told.filter(({ positionId, step }) => this.#known.get(positionId)?.told !== step);
    if (moved.length > 0) await this.#advance(moved);
    const steps = new Map(told.map(({ positionId, step }) => [positionId, step]));
    return (id) => this.#known.get(id)?.step ?? steps.get(id) ?? null;
  }

  async #advance(moved: readonly PositionTold[]): Promise<void> {
    const { store, clock, log } = this.deps;
    if (clock.now().getTime() < this.#notBefore) return this.#forget(moved);
    try {
      const steps = await store.advancePositions(moved, clock.now());
      for (const { positionId, step } of moved) {
        this.#known.set(positionId, { told: step, step: steps.get(positionId) ?? step });
      }
    } catch (error) {
      log.warn({ err: error }, 'could not write down where positions are');
      this.#notBefore = clock.now().getTime() + TRIED_AGAIN_MS;
      this.#forget(moved);
    }
  }

  /** What was known of these isn't so any more, as far as can be told. */
  #forget(moved: readonly PositionTold[]): void {
    for (const { positionId } of moved) this.#known.delete(positionId);
  }
}
