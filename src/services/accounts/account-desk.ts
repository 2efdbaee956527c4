import { randomBytes } from 'node:crypto';
import type { AccountName } from '../../domain/account-names.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { AccountNames } from './account-names.js';
import { AccountWatch } from './account-watch.js';
import { CatchUp } from './catch-up.js';
import { type PositionDeps, PositionService } from './positions.js';

/** What every desk stands on. */
export type DeskDeps = Omit<PositionDeps, 'account' | 'watch'> & {
  broker: Broker;
  clock: Clock;
  names: AccountNames;
  /** Something changed in the account, or may have changed unseen. */
  onChange(): void;
};

/** All that belongs to one account: its stream with its mark, its order history, what was last read of it. */
export class AccountDesk {
  readonly watch: AccountWatch;
  readonly positions: PositionService;
  readonly #catchUp: CatchUp;
  #started = false;

  /** @param number the account's whole number, which no screen shows */
  constructor(
    readonly number: string,
    private readonly deps: DeskDeps,
  ) {
    this.watch = new AccountWatch(deps.broker, deps.clock, randomBytes(6).toString('hex'));
    this.positions = new PositionService({ ...deps, account: number, watch: this.watch });
    this.watch.listen({ onChange: () => deps.onChange(), onOrder: (order) => deps.onOrders([order]) });
    this.#catchUp = new CatchUp(this.watch, () => this.positions.refresh(), deps.clock);
  }

  /** How it is called in front of people. */
  get name(): AccountName {
    return this.deps.names.of(this.number);
  }

  /** Begins to listen to the account, and reads it a first time; once. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.watch.start(this.number);
    this.#catchUp.start();
  }

  /** Ends listening. */
  async stop(): Promise<void> {
    this.#catchUp.stop();
    await this.watch.stop();
  }
}
