import type { Logger } from 'pino';
import {
  advancePosition,
  type PositionEvent,
  type PositionLife,
  type PositionStep,
  UNBORN_POSITION,
} from '../../domain/position-life.js';
import type { PositionStore } from '../../ports/positions.js';

/** Where one account's positions are on their way, as far as this process was told; a step that can't be is written down. */
export class PositionLives {
  readonly #lives = new Map<number, PositionLife>();

  constructor(private readonly deps: { store: Pick<PositionStore, 'oddPositionStep'>; log: Logger }) {}

  /** What is known of a position with this: of one that has ended, its end. */
  tell(id: number, event: PositionEvent): PositionStep {
    const { life, odd } = advancePosition(this.#lives.get(id) ?? UNBORN_POSITION, event);
    this.#lives.set(id, life);
    if (odd) {
      this.deps.store
        .oddPositionStep({ positionId: id, ...odd }, event.at)
        .catch((error: unknown) =>
          this.deps.log.warn({ err: error, id, ...odd }, 'could not write down an odd step'),
        );
    }
    return life.step ?? event.step;
  }
}
