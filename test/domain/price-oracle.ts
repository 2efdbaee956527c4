/**
 * What a closing limit must be, in whole numbers only: prices in hundredths of a cent, as `bigint`. Shares nothing
 * with the product: it counts all valid prices out and compares by cross-multiplication.
 */

/** Steps in hundredths of a cent: `[below, tick]`, the last without an end. */
export type WholeGrid = readonly (readonly [below: bigint | null, tick: bigint])[];

export interface WholeEntry {
  kind: 'credit' | 'debit' | 'debit-vertical';
  /** Sum over all fills of price times contracts: what came in less what was paid. */
  amount: bigint;
  /** Units opened. */
  units: bigint;
  /** The most a unit can be worth, null where there is no bound. */
  width: bigint | null;
}

export type Told = { limit: bigint } | { refused: string };

/** @param percent in hundredths of a percent */
export function oracle(
  entry: WholeEntry,
  percent: bigint,
  grid: WholeGrid,
  rounding: 'nearest' | 'profit',
): Told {
  const { kind, units, width } = entry;
  const paid = kind === 'credit' ? entry.amount : -entry.amount;
  if (paid <= 0n || (width !== null && paid >= width * units)) return { refused: 'ENTRY_IMPLAUSIBLE' };
  // The exact price is top / bottom.
  const bottom = units * 10_000n;
  const top =
    kind === 'credit'
      ? paid * (10_000n - percent)
      : kind === 'debit'
        ? paid * (10_000n + percent)
        : paid * (10_000n - percent) + (width ?? 0n) * units * percent;
  if (width !== null && top > width * bottom) return { refused: 'PRICE_OUT_OF_REACH' };
  const { below, above } = around(grid, top, bottom);
  const buys = kind === 'credit';
  let limit: bigint;
  if (below === null) limit = above;
  else if (below * bottom === top) limit = below;
  else if (rounding === 'profit') limit = buys ? below : above;
  else {
    const [down, up] = [top - below * bottom, above * bottom - top];
    limit = down === up ? (buys ? below : above) : down < up ? below : above;
  }
  if (width !== null && limit > width) limit = below ?? above;
  const gain = buys ? paid - limit * units : limit * units - paid;
  return gain > 0n ? { limit } : { refused: 'NO_PROFIT_ON_TICK' };
}

/** The highest valid price at or below, and the lowest above. */
function around(grid: WholeGrid, top: bigint, bottom: bigint): { below: bigint | null; above: bigint } {
  let below: bigint | null = null;
  let price = 0n;
  for (;;) {
    price = nextValid(grid, price);
    if (price * bottom > top) return { below, above: price };
    below = price;
  }
}

/** The lowest price above this one that is a whole multiple of the tick that applies at it. */
function nextValid(grid: WholeGrid, from: bigint): bigint {
  const finest = grid.reduce((least, [, tick]) => (tick < least ? tick : least), grid[0]?.[1] ?? 1n);
  for (let price = from + finest; ; price += finest) {
    const [, tick] = grid.find(([below]) => below === null || price < below) ?? [null, 1n];
    if (price % tick === 0n) return price;
  }
}

/** `top / bottom` with so many digits behind the point, halves to the even one; a real minus sign and no `-0`. */
export function rounded(top: bigint, bottom: bigint, places: number): string {
  const scaled = (top < 0n ? -top : top) * 10n ** BigInt(places);
  let whole = scaled / bottom;
  const twice = (scaled % bottom) * 2n;
  if (twice > bottom || (twice === bottom && whole % 2n === 1n)) whole += 1n;
  const digits = whole.toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return top < 0n && whole > 0n ? `−${text}` : text;
}
