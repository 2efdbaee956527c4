import { exchangeMidnight } from '../../domain/calendar/exchange.js';
import { DAY_MS, exchangeDay } from '../../domain/dates.js';
import { agreesWith, type LedgerRow, type Realised, realised } from '../../domain/realised.js';
import type { Holding, Instrument } from '../../domain/types.js';
import { dateOf } from '../../domain/when/wall.js';
import type { Broker, Ledger } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { PlacedOrders } from '../../ports/placed-orders.js';

/** What a short-dated trade was opened before it was closed: read along, so that most need no second look. */
const READ_ALONG_DAYS = 60;
/** No option that trades today was listed earlier. */
const OLDEST_DAYS = 4 * 366;
/** Beyond so many contracts the whole ledger is read at once instead. */
const MOST_CONTRACTS = 20;

export interface LedgerReaderDeps {
  broker: Pick<Broker, 'ledger' | 'holdings'>;
  store: Pick<PlacedOrders, 'orderLinks'>;
  clock: Pick<Clock, 'now'>;
}

/** What an account made from a moment on, and whatever leaves that unsure. */
export interface Made extends Realised {
  rows: LedgerRow[];
  held: Holding[];
  /** Of which contracts the rows lead to what is held now. */
  agrees(symbol: string): boolean;
  /** Contracts of which the rows don't lead to what is held now: some may still be missing. */
  unsure: Instrument[];
  /** Rows that can't be read. */
  odd: number;
}

/**
 * Reads what was made since a moment: a contract that was opened before what is read is read as far back as it can have
 * been.
 * @throws BrokerError
 */
export async function madeSince(
  { broker, store, clock }: LedgerReaderDeps,
  account: string,
  since: Date,
): Promise<Made> {
  const [near, { held }] = await Promise.all([
    broker.ledger(account, { since: daysBefore(since, READ_ALONG_DAYS) }),
    broker.holdings(account),
  ]);
  const madeOf = async ({ rows, odd }: Ledger): Promise<Made> => {
    const told = realised(rows, await linksOf(store, account, rows));
    const agrees = agreesWith(held, told);
    return { ...told, rows, odd, held, agrees, unsure: unclear(told, agrees, since) };
  };
  const made = await madeOf(near);
  const symbols = made.unsure.map(({ symbol }) => symbol);
  if (symbols.length === 0) return made;
  const oldest = daysBefore(clock.now(), OLDEST_DAYS);
  return madeOf(await farther(broker, account, { near, symbols, oldest }));
}

/** By order, the opening that a position of ours has for its key, where we placed the order for it. */
async function linksOf(
  store: LedgerReaderDeps['store'],
  account: string,
  rows: readonly LedgerRow[],
): Promise<Map<string, string>> {
  const links = await store.orderLinks(account, [...new Set(rows.flatMap(({ orderId }) => orderId ?? []))]);
  return new Map([...links].flatMap(([id, { key }]) => (key === null ? [] : [[id, key] as const])));
}

async function farther(
  broker: LedgerReaderDeps['broker'],
  account: string,
  { near, symbols, oldest }: { near: Ledger; symbols: readonly string[]; oldest: Date },
): Promise<Ledger> {
  if (symbols.length > MOST_CONTRACTS) return broker.ledger(account, { since: oldest });
  const whole = await Promise.all(symbols.map((symbol) => broker.ledger(account, { since: oldest, symbol })));
  const others = near.rows.filter(({ instrument }) => !symbols.includes(instrument.symbol));
  return { rows: [...others, ...whole.flatMap(({ rows }) => rows)], odd: near.odd };
}

/** At the exchange's midnight, so that no day is cut. */
export function daysBefore(at: Date, days: number): Date {
  return new Date(exchangeMidnight(dateOf(Date.parse(exchangeDay(at)) - days * DAY_MS)));
}

/**
 * Contracts that were traded since and of which the rows don't lead to what is held now: earlier ones are missing, or
 * later ones haven't come.
 */
function unclear(told: Realised, agrees: Made['agrees'], since: Date): Instrument[] {
  const off = told.closings.filter(
    ({ closedAt, instrument }) => closedAt >= since && !agrees(instrument.symbol),
  );
  const rows = [...off, ...told.unexplained.filter(({ at }) => at >= since)];
  return [...new Map(rows.map(({ instrument }) => [instrument.symbol, instrument])).values()];
}
