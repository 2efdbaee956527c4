import type { Logger } from 'pino';
import { DAY_MS } from '../../domain/dates.js';
import { BrokerError } from '../../domain/errors.js';
import { orderOfKey } from '../../domain/position-key.js';
import {
  type Chain,
  chainsOf,
  hasEveryRow,
  isRoll,
  type Reach,
  runningTotal,
  type ToldChain,
} from '../../domain/rolls.js';
import type { Position } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import { type LedgerReaderDeps, type Made, madeSince } from './ledger-reader.js';
import { KnownOrders, knownOrder } from './opening-order.js';
import type { Book, OpenPosition } from './positions.js';

/** So often the ledger is read farther back; a chain that begins earlier is told as unsure. */
const MOST_LOOKS = 12;

/** What is asked for: an opening, of which at least these contracts are a part. */
export interface ChainWish extends Reach {
  /** `order:<id>` */
  key: string;
  openedAt: Date;
  symbols: readonly string[];
}

export interface ChainsDeps extends LedgerReaderDeps {
  broker: Pick<Broker, 'ledger' | 'holdings' | 'order'>;
  log: Logger;
}

/** Reads what rolls have made, by the broker's ledger, as far back as the first of them. */
export class Chains {
  readonly #orders: KnownOrders;

  constructor(private readonly deps: ChainsDeps) {
    this.#orders = new KnownOrders(deps.broker);
  }

  /**
   * The chains of these positions, by id, as far as they are part of one and it can be read now. Good to have, never needed:
   * what keeps it from being read is logged.
   */
  async of(
    { account, history }: Pick<Book, 'account' | 'history'>,
    views: readonly Pick<OpenPosition, 'id' | 'position'>[],
  ): Promise<Map<number, ToldChain>> {
    const rolls = new Set(history.filter(isRoll).map(({ id }) => id));
    const wishes = views.flatMap(({ id, position }) => {
      const { key, openedAt, legs } = position;
      if (!openedAt || !isRolled(position, rolls)) return [];
      return [{ id, key, openedAt, symbols: legs.map(({ instrument }) => instrument.symbol) }];
    });
    try {
      const told = await this.read(account, wishes);
      return new Map(
        wishes.flatMap(({ id }, index) => {
          const chain = told[index];
          return chain ? [[id, chain] as const] : [];
        }),
      );
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      this.deps.log.warn({ err: error }, 'could not read what rolls made');
      return new Map();
    }
  }

  /**
   * One answer per wish: null for what was never rolled, as far as the ledger tells.
   * @throws BrokerError
   */
  async read(account: string, wishes: readonly ChainWish[]): Promise<(ToldChain | null)[]> {
    if (wishes.length === 0) return [];
    const begin = Math.min(...wishes.map(({ openedAt }) => openedAt.getTime()));
    // Clocks of orders and of the ledger may differ a little.
    let since = new Date(begin - DAY_MS);
    for (let look = 1; ; look += 1) {
      const made = await madeSince(this.deps, account, since);
      const chains = chainsOf(made);
      const begun = Math.min(...wishes.map(({ key }) => chains.get(key)?.since.getTime() ?? begin));
      const whole = begun - DAY_MS >= since.getTime();
      if (whole || look === MOST_LOOKS) {
        return Promise.all(
          wishes.map((wish) => {
            const chain = chains.get(wish.key);
            return chain ? this.#told(account, chain, { wish, made, whole }) : null;
          }),
        );
      }
      since = new Date(begun - DAY_MS);
    }
  }

  async #told(
    account: string,
    chain: Chain,
    { wish: { symbols, ...reach }, made, whole }: { wish: ChainWish; made: Made; whole: boolean },
  ): Promise<ToldChain> {
    const complete = whole && made.odd === 0 && hasEveryRow(chain, made, symbols);
    return {
      rolls: chain.rolls.length,
      since: chain.since,
      realised: runningTotal(chain, reach),
      sure: complete && (await this.#isWhole(account, chain)),
    };
  }

  /** Whether no order that seems to begin it is a roll itself: of that the ledger would lack the other half. */
  async #isWhole(account: string, { roots }: Chain): Promise<boolean> {
    const ids = [...roots].flatMap((root) => orderOfKey(root) ?? []);
    const orders = await Promise.all(ids.map((id) => knownOrder(this.#orders, account, id)));
    return orders.every((order) => order !== null && !isRoll(order));
  }
}

/** With what its chain made, where that is known. */
export function withChain(view: OpenPosition, chains: ReadonlyMap<number, ToldChain>): OpenPosition {
  const chain = chains.get(view.id);
  return chain ? { ...view, chain } : view;
}

/** Rolled into, or out of in part. */
function isRolled({ rolled, closedBy }: Position, rolls: ReadonlySet<string>): boolean {
  return rolled || closedBy.some((id) => rolls.has(id));
}
