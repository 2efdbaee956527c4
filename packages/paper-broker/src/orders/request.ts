import { z } from 'zod';
import { type Issue, malformed } from '../errors.js';
import { type Decimal, dec, type Effect } from '../money.js';
import type { InstrumentType, LegAction } from '../state.js';

/** One leg as asked for; whether symbol and quantity make sense is for the rules to say. */
interface DraftLeg {
  instrumentType: InstrumentType;
  symbol: string;
  action: LegAction;
  quantity: Decimal;
}

/** A well-formed order, not yet checked against account and market. */
export interface OrderDraft {
  timeInForce: string;
  orderType: string;
  /** Unsigned, per share of one unit; direction is `priceEffect`. */
  price: Decimal | null;
  priceEffect: Effect | null;
  /** Dollars instead of a price, for notional orders. */
  value: Decimal | null;
  stopTrigger: Decimal | null;
  gtcDate: string | null;
  legs: DraftLeg[];
  source: string | null;
  externalIdentifier: string | null;
  /** Refuse, rather than turn into an open, a close without a position. */
  strict: boolean;
}

/** What a replacement may change; everything else stays. */
export type OrderChange = Partial<
  Pick<
    OrderDraft,
    | 'timeInForce'
    | 'orderType'
    | 'price'
    | 'priceEffect'
    | 'stopTrigger'
    | 'gtcDate'
    | 'source'
    | 'externalIdentifier'
  >
> & { legs?: DraftLeg[] };

const unsigned = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((value) => /^\d+(\.\d+)?$/.test(value), 'must be an unsigned decimal number')
  .transform((value) => dec(value));

const ORDER_TYPES = ['Limit', 'Market', 'Marketable Limit', 'Stop', 'Stop Limit', 'Notional Market'] as const;
const TIMES_IN_FORCE = [
  'Day',
  'GTC',
  'GTD',
  'Ext',
  'GTC Ext',
  'Ext Overnight',
  'GTC Ext Overnight',
  'IOC',
] as const;

const leg = z.object({
  'instrument-type': z.enum(['Equity', 'Equity Option']),
  symbol: z.string().min(1),
  action: z.enum(['Buy to Open', 'Buy to Close', 'Sell to Open', 'Sell to Close']),
  quantity: unsigned.refine((value) => value.gt(0), 'must be greater than 0'),
});

const terms = {
  'time-in-force': z.enum(TIMES_IN_FORCE),
  'order-type': z.enum(ORDER_TYPES),
  price: unsigned.nullish(),
  'price-effect': z.enum(['Credit', 'Debit']).nullish(),
  'stop-trigger': unsigned.nullish(),
  'gtc-date': z.iso.date('must be a date, YYYY-MM-DD').nullish(),
};

const order = z.object({
  ...terms,
  value: unsigned.nullish(),
  legs: z.array(leg).min(1),
  source: z.string().nullish(),
  'external-identifier': z.string().nullish(),
  'advanced-instructions': z.object({ 'strict-position-effect-validation': z.boolean().nullish() }).nullish(),
});

const change = z.object({
  ...terms,
  'time-in-force': terms['time-in-force'].optional(),
  'order-type': terms['order-type'].optional(),
  legs: z.array(leg).optional(),
  source: z.string().optional(),
  'external-identifier': z.string().optional(),
});

function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.map((issue) => ({ domain: issue.path.join('.') || 'order', reason: issue.message }));
}

function draftLeg(input: z.infer<typeof leg>): DraftLeg {
  return {
    instrumentType: input['instrument-type'],
    symbol: input.symbol,
    action: input.action,
    quantity: input.quantity,
  };
}

/** Reads the body of a new order. @throws ApiError 400 naming each malformed field. */
export function readOrder(body: unknown): OrderDraft {
  const result = order.safeParse(body);
  if (!result.success) throw malformed(issuesOf(result.error));
  const input = result.data;
  return {
    timeInForce: input['time-in-force'],
    orderType: input['order-type'],
    price: input.price ?? null,
    priceEffect: input['price-effect'] ?? null,
    value: input.value ?? null,
    stopTrigger: input['stop-trigger'] ?? null,
    gtcDate: input['gtc-date'] ?? null,
    legs: input.legs.map(draftLeg),
    source: input.source ?? null,
    externalIdentifier: input['external-identifier'] ?? null,
    strict: input['advanced-instructions']?.['strict-position-effect-validation'] ?? false,
  };
}

/** Reads the body of an OCO. @throws ApiError 400 naming each malformed field */
export function readOco(body: unknown): OrderDraft[] {
  const result = z.object({ type: z.literal('OCO'), orders: z.array(z.unknown()) }).safeParse(body);
  if (!result.success) throw malformed(issuesOf(result.error));
  return result.data.orders.map(readOrder);
}

/** Reads the body of a replacement or an edit. @throws ApiError 400 naming each malformed field. */
export function readChange(body: unknown): OrderChange {
  const result = change.safeParse(body);
  if (!result.success) throw malformed(issuesOf(result.error));
  const input = result.data;
  return {
    ...(input['time-in-force'] && { timeInForce: input['time-in-force'] }),
    ...(input['order-type'] && { orderType: input['order-type'] }),
    ...(input.price !== undefined && { price: input.price }),
    ...(input['price-effect'] !== undefined && { priceEffect: input['price-effect'] }),
    ...(input['stop-trigger'] !== undefined && { stopTrigger: input['stop-trigger'] }),
    ...(input['gtc-date'] !== undefined && { gtcDate: input['gtc-date'] }),
    ...(input.source !== undefined && { source: input.source }),
    ...(input['external-identifier'] !== undefined && { externalIdentifier: input['external-identifier'] }),
    ...(input.legs && { legs: input.legs.map(draftLeg) }),
  };
}
