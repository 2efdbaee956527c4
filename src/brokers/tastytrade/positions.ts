import { z } from 'zod';
import { Decimal, ZERO } from '../../domain/money.js';
import { parseOcc } from '../../domain/occ.js';
import type { CodedFault, Wrong } from '../../domain/row-faults.js';
import type { Concern, Holding, Instrument, OddRow } from '../../domain/types.js';
import { underlyingOfRoot } from '../../domain/underlyings.js';
import type { Holdings } from '../../ports/broker.js';
import {
  type ContractSizes,
  instrumentOf,
  isForeign,
  isKnownType,
  shares,
  tickerOf,
} from './contract-sizes.js';
import { route, type TastytradeHttp } from './http.js';
import { KnownRows } from './known-rows.js';
import { allItems } from './pages.js';
import { fieldOf, instant, isOf, maybe, paid, quantity, text, textIn, tried, yesOrNo } from './wire.js';
import { faultAt, inShort } from './wrong-fields.js';

/** What says whether anything is held at all. */
const position = z.object({ quantity, 'quantity-direction': z.unknown().optional() });

/** What only a position that is really held must say. */
const held = z.object({
  symbol: text,
  'underlying-symbol': maybe(text),
  'instrument-type': text,
  quantity,
  'quantity-direction': z.enum(['Long', 'Short'], 'no-side' satisfies Wrong),
  'average-open-price': paid,
  multiplier: maybe(shares),
  'restricted-quantity': maybe(quantity),
  'is-frozen': yesOrNo,
  'created-at': instant,
});

/** All that coverage needs: the contract, its side and how many. */
const counted = held.pick({
  symbol: true,
  'underlying-symbol': true,
  'instrument-type': true,
  quantity: true,
  'quantity-direction': true,
});

/** Options and stock held now. Closed positions, which stay listed until the night, are left out. */
export async function readHoldings(
  http: TastytradeHttp,
  sizes: ContractSizes,
  account: string,
  known = knownHoldings(),
): Promise<Holdings> {
  const items = await allItems(http, route`/accounts/${account}/positions`);
  const rows = items.map((item) => {
    const row = known.of(account, item, () => rowOf(item, sizes, account));
    const instrument = row.odd ? null : row.holding?.instrument;
    // Orders don't state a contract's size.
    if (instrument?.option) sizes.learn(instrument.symbol, instrument.multiplier);
    return row;
  });
  const all = rows.flatMap(({ holding }) => holding ?? []).filter((holding) => holding.quantity >= 1);
  const bySymbol = new Map(all.map((holding) => [holding.instrument.symbol, holding]));
  // By their places: two rows that say the same are one object.
  const last = new Map(all.map(({ instrument }, place) => [instrument.symbol, place]));
  const twice = all.filter(({ instrument }, place) => last.get(instrument.symbol) !== place);
  const odd = [...rows.flatMap((row) => row.odd ?? []), ...twice.map(listedTwice)];
  return { held: [...bySymbol.values()], odd };
}

/** Remembers rows between reads; what an odd one is taken for hangs on more than it says. */
export function knownHoldings(): KnownRows<Row> {
  return new KnownRows(({ odd }) => odd === undefined);
}

interface Row {
  holding?: Holding;
  odd?: OddRow;
}

const ELSEWHERE: CodedFault = { code: 'OF_ANOTHER_ACCOUNT' };

function rowOf(item: unknown, sizes: ContractSizes, account: string): Row {
  if (isForeign(fieldOf(item, 'instrument-type'), fieldOf(item, 'symbol')) || isClosed(item)) return {};
  const row = tried(held, item);
  if (!('data' in row)) return oddRow(item, row.fault, sizes, account);
  const { symbol, multiplier } = row.data;
  const isOption = parseOcc(symbol) !== null;
  const why = isOf(account, item) ? faultOf(row.data, isOption) : ELSEWHERE;
  if (why !== null) return oddRow(item, why, sizes, account);
  if (isOption && multiplier !== null) sizes.learn(symbol, multiplier);
  const instrument = instrumentIn(row.data, multiplier ?? 1);
  return instrument
    ? { holding: toHolding(row.data, instrument) }
    : oddRow(item, { code: 'KIND_UNLIKE_SYMBOL' }, sizes, account);
}

/** Quantity and direction must agree on it, or the direction be left out. */
function isClosed(item: unknown): boolean {
  const row = tried(position, item);
  if (!('data' in row) || !row.data.quantity.isZero()) return false;
  return ['Long', 'Short', 'Zero', null, undefined].includes(
    row.data['quantity-direction'] as string | null | undefined,
  );
}

function faultOf(item: z.output<typeof held>, isOption: boolean): CodedFault | null {
  const type = item['instrument-type'];
  if (type !== (isOption ? 'Equity Option' : 'Equity'))
    return { code: 'ODD_KIND', symbol: null, kind: inShort(type), known: isKnownType(type) };
  // Positions are put together by it.
  const underlying = item['underlying-symbol'];
  if (isOption && underlying !== null && tickerOf(underlying) === null)
    return faultAt(item, ['underlying-symbol'], 'no-ticker' satisfies Wrong);
  if (isOption && item.multiplier === null) return faultAt(item, ['multiplier'], null);
  if (isOption && !item.quantity.isInteger())
    return faultAt(item, ['quantity'], 'no-whole-contracts' satisfies Wrong);
  return null;
}

function instrumentIn(item: z.output<typeof counted>, multiplier: number): Instrument | null {
  return instrumentOf(item['instrument-type'], item.symbol, item['underlying-symbol'], multiplier);
}

function toHolding(item: z.output<typeof held>, instrument: Instrument): Holding {
  // Fractional shares can't be delivered against a contract: only whole ones count.
  const count = item.quantity.floor().toNumber();
  return {
    instrument,
    side: item['quantity-direction'] === 'Long' ? 'long' : 'short',
    quantity: count,
    restricted: restricted(item['is-frozen'], item['restricted-quantity'], count),
    averageOpenPrice: item['average-open-price'],
    createdAt: item['created-at'],
  };
}

/** A frozen position can't be traded at all; a restricted part counts in full where it isn't whole. */
function restricted(isFrozen: boolean, part: Decimal | null, heldQuantity: number): number {
  return isFrozen ? heldQuantity : Math.min((part ?? ZERO).ceil().toNumber(), heldQuantity);
}

/** Where contract, side and count are clear, the holding is shown, its contract alone in doubt. */
function oddRow(item: unknown, why: CodedFault, sizes: ContractSizes, account: string): Row {
  const name = textIn(item, 'symbol');
  const holding = asCounted(item, sizes);
  const underlying = tickerOf(fieldOf(item, 'underlying-symbol'));
  const doubted = { what: 'holding', name, why } as const;
  if (!holding) return { odd: { ...doubted, doubts: 'coverage', concern: concernOf(name, underlying) } };
  const { symbol, option } = holding.instrument;
  // What shares were bought for decides no price; but those of another account cover nothing of this one.
  const doubts = option || !isOf(account, item) ? 'coverage' : 'nothing';
  return { holding, odd: { ...doubted, doubts, concern: { symbols: [symbol], kin: null } } };
}

function concernOf(symbol: string | null, underlying: string | null): Concern {
  const option = parseOcc(symbol ?? '');
  const symbols = symbol === null ? [] : [symbol];
  if (option)
    return { symbols, kin: { underlying: underlying ?? underlyingOfRoot(option.root), type: option.type } };
  const kin = underlying ?? tickerOf(symbol);
  return kin === null ? 'account' : { symbols, kin: { underlying: kin, type: null } };
}

function asCounted(item: unknown, sizes: ContractSizes): Holding | null {
  const row = tried(counted, item);
  if (!('data' in row)) return null;
  const instrument = instrumentIn(row.data, sizes.of(row.data.symbol));
  const count = row.data.quantity.floor().toNumber();
  const whole = instrument?.option ? row.data.quantity.isInteger() : true;
  if (!instrument || !whole || count < 1) return null;
  if (instrument.option && tickerOf(instrument.underlying) === null) return null;
  return {
    instrument,
    side: row.data['quantity-direction'] === 'Long' ? 'long' : 'short',
    quantity: count,
    // Nothing may be planned on it: none of it counts as free.
    restricted: instrument.option ? count : 0,
    averageOpenPrice: new Decimal(Number.NaN),
    createdAt: null,
  };
}

function listedTwice({ instrument: { symbol, underlying, option } }: Holding): OddRow {
  const kin = { underlying, type: option?.type ?? null };
  const concern = { symbols: [symbol], kin };
  return { what: 'holding', name: symbol, why: { code: 'LISTED_TWICE' }, doubts: 'coverage', concern };
}
