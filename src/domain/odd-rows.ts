import { shortDay } from './dates.js';
import { parseOcc } from './occ.js';
import type { BrokerOrder, OddRow, Position } from './types.js';
import { isSameUnderlying } from './underlyings.js';

/** Whether rows leave unsure what is held or works. */
export function leaveUnsure(rows: readonly OddRow[]): boolean {
  return rows.some(({ doubts }) => doubts === 'coverage');
}

/** A row that may be a holding of anything that isn't there: it is no proof that it is gone. */
export function hidesHoldings(rows: readonly OddRow[]): boolean {
  return rows.some(({ what, doubts }) => what === 'holding' && doubts === 'coverage');
}

/** Odd rows among orders. */
export function oddOrders(orders: readonly BrokerOrder[]): OddRow[] {
  return orders.flatMap(({ odd }) => odd ?? []);
}

/** An order that was read in full. */
export function isSound({ odd }: BrokerOrder): boolean {
  return odd === undefined;
}

/** An ended order can't cover anything any more; what it did may still explain a price. */
export function asPast(row: OddRow): OddRow {
  return row.doubts === 'coverage' ? { ...row, doubts: 'price' } : row;
}

/** Whether what a position consists of, or was opened for, may depend on the row. */
export function concernsPosition(
  { concern, doubts }: OddRow,
  { underlying, legs, inferred }: Pick<Position, 'underlying' | 'legs' | 'inferred'>,
): boolean {
  if (doubts === 'nothing') return false;
  if (concern === 'account') return doubts === 'coverage' || inferred;
  const { symbols, kin } = concern;
  if (legs.some(({ instrument }) => symbols.includes(instrument.symbol))) return true;
  if (kin === null || !isSameUnderlying(kin.underlying, underlying)) return false;
  // Legs that no order explains are put together by what is held, so a missing one changes them all.
  if (inferred) return true;
  const related = ({ instrument, held }: Position['legs'][number]) =>
    held > 0 && instrument.option !== null && (kin.type === null || instrument.option.type === kin.type);
  return doubts === 'coverage' && legs.some(related);
}

/** Whether the row leaves unsure how many of these contracts can be closed. */
export function concernsContracts(
  { concern, doubts }: OddRow,
  symbols: readonly string[],
  underlyings: readonly string[],
): boolean {
  if (doubts !== 'coverage') return false;
  if (concern === 'account') return true;
  if (symbols.some((symbol) => concern.symbols.includes(symbol))) return true;
  const { kin } = concern;
  if (!kin || !underlyings.some((each) => isSameUnderlying(kin.underlying, each))) return false;
  return kin.type === null || symbols.some((symbol) => parseOcc(symbol)?.type === kin.type);
}

/** Each row once, what matters most first. */
export function mergedRows(rows: readonly OddRow[]): OddRow[] {
  const weight = { coverage: 0, price: 1, nothing: 2 };
  const sorted = rows.toSorted((a, b) => weight[a.doubts] - weight[b.doubts]);
  const once = new Map<string, OddRow>();
  for (const row of sorted) {
    const key = row.name === null ? JSON.stringify(row) : `${row.what} ${row.name}`;
    if (!once.has(key)) once.set(key, row);
  }
  return [...once.values()];
}

/** `QQQ 18 Dec 26 480 P`; what is no option's symbol stays as it is, in one short line. */
export function contractText(name: string): string {
  const option = parseOcc(name);
  if (!option) return name.length <= 24 ? name : `${name.slice(0, 23)}…`;
  const { root, expiration, strike, type } = option;
  return `${root} ${shortDay(expiration)} ${strike.toString()} ${type === 'call' ? 'C' : 'P'}`;
}
