import type { InstrumentType } from '../state.js';

/** Most that one leg of an order may have, in contracts or shares, as the account's position limit tells. */
export const ORDER_SIZES: Record<InstrumentType, number> = { Equity: 100_000, 'Equity Option': 500 };
