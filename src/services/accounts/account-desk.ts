import { randomBytes } from 'node:crypto';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import { AccountWatch } from './account-watch.js';
import { type PositionDeps, PositionService } from './positions.js';

/** What every desk stands on. */
export type DeskDeps = Omit<PositionDeps, 'account' | 'watch'> & {
  broker: Broker;
  clock: Clock;
  /** Something changed in the account, or may have changed unseen. */
  onChange(): void;
};

/** All that belongs to one account: its stream with its mark, its order history, what was last read of it. */
export class AccountDesk {
  readonly watch: AccountWatch;
  readonly positions: PositionService;

  /** @param number the account's whole number, which no screen shows */
  constructor(
    readonly number: string,
    deps: DeskDeps,
  ) {
    this.watch = new AccountWatch(deps.broker, deps.clock, randomBytes(6).toString('hex'));
    this.positions = new PositionService({ ...deps, account: number, watch: this.watch });
    this.watch.listen({ onChange: () => deps.onChange(), onOrder: (order) => deps.onOrders([order]) });
  }

  /** Begins to listen to the account, and reads it a first time. */
  start(): void {
    this.watch.start(this.number);
    this.positions.refresh();
  }
}
