import type { AccountName } from '../../domain/account-names.js';
import { exchangeMidnight } from '../../domain/calendar/exchange.js';
import { exchangeDay } from '../../domain/dates.js';
import { type ClosedPosition, closedSince, type Ending, type Realised } from '../../domain/realised.js';
import { type Chain, chainsOf } from '../../domain/rolls.js';
import type { Instrument } from '../../domain/types.js';
import { isSameUnderlying } from '../../domain/underlyings.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { PlacedOrders } from '../../ports/placed-orders.js';
import type { PositionStore } from '../../ports/positions.js';
import type { AccountDesk } from '../accounts/account-desk.js';
import type { Books, Desks } from '../accounts/desks.js';
import { daysBefore, madeSince } from '../accounts/ledger-reader.js';

/** Until now: this day of the exchange, so many days back with this one counted, or this year. */
export const PERIODS = ['today', '7-days', '30-days', '90-days', 'this-year', '12-months'] as const;
export type Period = (typeof PERIODS)[number];

const DAYS: Partial<Record<Period, number>> = {
  today: 1,
  '7-days': 7,
  '30-days': 30,
  '90-days': 90,
  '12-months': 365,
};

export interface HistoryDeps {
  broker: Pick<Broker, 'ledger' | 'holdings'>;
  store: Pick<PlacedOrders, 'intentsByOrderIds' | 'orderLinks'> & Pick<PositionStore, 'positionIds'>;
  desks: Pick<Desks, 'each'>;
  clock: Clock;
}

/** What an opening made, and what of that was ours. */
export interface HistoryEntry extends ClosedPosition {
  /** By our id; null where it was never seen as held, and none of our orders closed some of it. */
  positionId: number | null;
  /** How many of our orders closed some of it. */
  targets: number;
  /** How its contracts went, in the order they did; what an order closed that opened something in its place was rolled. */
  ways: ReadonlySet<Ending | 'rolled'>;
  /** It was rolled, and something of what came of that is open. */
  goesOn: boolean;
}

export interface AccountHistory {
  name: AccountName;
  /** The latest first. */
  entries: HistoryEntry[];
  /** By moment, each closing's dollars after fees, in time order: what a curve is drawn from. */
  steps: { at: Date; net: ClosedPosition['net'] }[];
  /** Contracts of which the ledger doesn't say how what is held came to be: rows may still be missing. */
  unsure: Instrument[];
  /** Ledger rows that can't be read. */
  odd: number;
  /** Contracts that trade no more and aren't settled yet. */
  unsettled: Instrument[];
}

export interface Histories extends Omit<Books, 'read'> {
  since: Date;
  period: Period;
  underlying: string | null;
  read: AccountHistory[];
}

export interface HistoryWish {
  /** As typed; null for all. */
  account: string | null;
  period: Period;
  /** Of this alone; null for all. */
  underlying: string | null;
}

/** What positions made once they were closed, by the broker's ledger: to the cent, or said to be unsure. */
export class HistoryService {
  constructor(private readonly deps: HistoryDeps) {}

  /** @throws BrokerError if not one of the accounts can be read; UserError as `Desks.chosen` */
  async read({ account, period, underlying }: HistoryWish): Promise<Histories> {
    const { desks, clock } = this.deps;
    const since = beginningOf(period, clock.now());
    const looked = await desks.each(account, (desk) => this.#account(desk, since, underlying));
    return { since, period, underlying, ...looked };
  }

  async #account(
    { number, name }: AccountDesk,
    since: Date,
    underlying: string | null,
  ): Promise<AccountHistory> {
    const { broker, store, clock } = this.deps;
    const made = await madeSince({ broker, store, clock }, number, since);
    const isMeant = (instrument: Instrument) =>
      !underlying || isSameUnderlying(underlying, instrument.underlying);
    const closed = closedSince(made, since, isMeant);
    const ours = await store.intentsByOrderIds(number, [
      ...new Set(closed.flatMap(({ closedBy }) => [...closedBy])),
    ]);
    const ids = await store.positionIds(
      number,
      closed.map(({ opening }) => opening),
    );
    const chains = chainsOf(made);
    const entries = closed.map((each): HistoryEntry => {
      const intents = [...each.closedBy].flatMap((id) => ours.get(id) ?? []);
      const targets = intents.filter(({ kind, stopTrigger }) => kind !== 'close' && !stopTrigger).length;
      const positionId = ids.get(each.opening) ?? intents[0]?.positionId ?? null;
      return { ...each, positionId, targets, ...rolledOf(each, chains.get(each.opening), made) };
    });
    const today = exchangeDay(clock.now());
    const expired = made.held.filter(
      ({ instrument }) => instrument.option && instrument.option.expiration < today,
    );
    return {
      name,
      entries,
      steps: made.closings
        .filter(({ closedAt, instrument }) => closedAt >= since && isMeant(instrument))
        .map(({ closedAt, net }) => ({ at: closedAt, net })),
      unsure: made.unsure.filter(isMeant),
      odd: made.odd,
      unsettled: expired.map(({ instrument }) => instrument).filter(isMeant),
    };
  }
}

/** @param chain that it is part of */
function rolledOf(
  { closings }: ClosedPosition,
  chain: Chain | undefined,
  { openings }: Realised,
): Pick<HistoryEntry, 'ways' | 'goesOn'> {
  const rolls = new Set(chain?.rolls);
  const ways = new Set(
    closings.map(({ ending, closedBy }) => (closedBy !== null && rolls.has(closedBy) ? 'rolled' : ending)),
  );
  const legs = [...(chain?.openings ?? [])].flatMap((opening) => openings.get(opening) ?? []);
  return { ways, goesOn: ways.has('rolled') && legs.some(({ held }) => held > 0) };
}

/** The exchange's midnight a period begins at. */
export function beginningOf(period: Period, now: Date): Date {
  const today = exchangeDay(now);
  const days = DAYS[period];
  if (days === undefined) return new Date(exchangeMidnight(`${today.slice(0, 4)}-01-01`));
  return daysBefore(now, days - 1);
}
