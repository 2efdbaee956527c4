import { findPosition, movePosition } from '../account/ledger.js';
import { addAdjusted, type Contract, findContract, occSymbol } from '../market/listing.js';
import { dec, text } from '../money.js';
import { type AccountBook, isTerminal, type PositionRecord } from '../state.js';
import type { World } from '../world.js';
import { end } from './book.js';
import { bookDelivery } from './settlement.js';

/** What happens to a company's shares, and so to the options on them. */
export interface CorporateAction {
  underlying: string;
  /** `rename`: the same terms under the root with a digit. `split`: `ratio` shares for one, strikes and prices in proportion. */
  kind: 'rename' | 'split';
  ratio: number;
  /** Whether orders on the old contracts stay as they are: what the broker does isn't published. */
  keepOrders: boolean;
}

const ADJUSTED = '1';
const ROWS = { rename: 'Symbol Change', split: 'Forward Split' } as const;
/** The rows read as if what is held were closed and opened anew, at no price. */
const LONG_MOVES = ['Sell to Close', 'Buy to Open'] as const;
const SHORT_MOVES = ['Buy to Close', 'Sell to Open'] as const;
const KINDS: readonly string[] = Object.values(ROWS);

/** The series that earlier actions made, as the ledger has them, exist in a new process as well. */
export function recallAdjusted({ transactions }: AccountBook): void {
  for (const { subType, symbol } of transactions) if (KINDS.includes(subType)) addAdjusted(symbol);
}

/**
 * Carries out a corporate action: each position on the underlying leaves under its old symbol and comes under its new one, by a
 * pair of ledger rows without an order, and the price follows a split.
 */
export function act(world: World, action: CorporateAction): void {
  const { state, market } = world;
  if (!action.keepOrders) {
    for (const order of [...state.orders]) {
      if (order.underlying === action.underlying && !isTerminal(order)) {
        end(world, order, 'Cancelled', 'Corporate action');
      }
    }
  }
  const held = state.positions.filter(
    ({ underlying, quantity }) => underlying === action.underlying && quantity !== 0,
  );
  for (const position of held) move(world, position, action);
  const contract = held.map(({ symbol }) => findContract(symbol)).find((each) => each !== undefined);
  if (action.kind === 'split' && contract) {
    const { underlying } = contract;
    market.setSpot(underlying, market.spot(underlying).div(action.ratio).toNumber(), false);
  }
}

function move(world: World, position: PositionRecord, { kind, ratio }: CorporateAction): void {
  const contract = findContract(position.symbol);
  if (kind === 'rename' && !contract) return;
  const times = kind === 'split' ? ratio : 1;
  const { quantity, averageOpenPrice, instrumentType } = position;
  const at = world.clock.now();
  const symbol = contract ? adjusted(contract, kind, times) : position.symbol;
  addAdjusted(symbol);
  const subType = ROWS[kind];
  const [leaves, comes] = quantity > 0 ? LONG_MOVES : SHORT_MOVES;
  bookDelivery(world, position, { subType, action: leaves, quantity });
  movePosition(world.state, position, -quantity, averageOpenPrice, at);
  const price = text(dec(averageOpenPrice).div(times).toDecimalPlaces(6));
  const moved = movePosition(world.state, { symbol, instrumentType }, quantity * times, price, at);
  moved.averageOpenPrice = price;
  bookDelivery(world, moved, { subType, action: comes, quantity: quantity * times });
  for (const each of new Set([position, findPosition(world.state, symbol) ?? position])) {
    world.publish({ type: 'CurrentPosition', position: each });
  }
}

function adjusted({ root, expiration, right, strike }: Contract, kind: 'rename' | 'split', ratio: number) {
  return kind === 'rename'
    ? occSymbol(root + ADJUSTED, expiration, right, strike)
    : occSymbol(root, expiration, right, strike / ratio);
}
