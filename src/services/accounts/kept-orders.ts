import { z } from 'zod';
import { Decimal } from '../../domain/money.js';
import type { BrokerOrder } from '../../domain/types.js';
import type { KeptOrder, KeptReach } from '../../ports/order-archive.js';

/**
 * Ended orders as text. An order that gains a field must gain it here (the compiler asks for it), and what was kept
 * without it is then unreadable: such an archive is begun anew.
 */
const decimal = z.string().transform((text) => new Decimal(text));
const instant = z.number().transform((millis) => new Date(millis));

const instrument = z.object({
  symbol: z.string(),
  underlying: z.string(),
  multiplier: z.number(),
  option: z
    .object({ root: z.string(), expiration: z.string(), type: z.enum(['call', 'put']), strike: decimal })
    .nullable(),
});

const leg = z.object({
  instrument,
  action: z.enum(['buy-to-open', 'sell-to-open', 'buy-to-close', 'sell-to-close']),
  quantity: z.number(),
  remaining: z.number(),
  fills: z.array(z.object({ id: z.string(), quantity: z.number(), price: decimal, at: instant })),
});

const order = z.object({
  id: z.string(),
  account: z.string(),
  underlying: z.string(),
  state: z.enum(['filled', 'cancelled', 'rejected', 'expired']),
  status: z.string(),
  timeInForce: z.string(),
  orderType: z.string(),
  price: decimal.nullable(),
  effect: z.enum(['debit', 'credit']).nullable(),
  stopTrigger: decimal.nullable(),
  contingent: z.boolean(),
  complex: z.object({ id: z.string(), tag: z.string().nullable() }).nullable(),
  replaces: z.string().nullable(),
  size: z.number().nullable(),
  legs: z.array(leg),
  externalIdentifier: z.string().nullable(),
  rejectReason: z.string().nullable(),
  receivedAt: instant.nullable(),
  updatedAt: instant.nullable(),
});

const reach = z.object({
  version: z.literal(1),
  from: instant,
  until: instant,
  /** Orders received in between of which more may be told. */
  unsettled: z.array(z.string()),
  /** The order received last, by which is seen that the broker still knows this history. */
  newest: z.object({ id: z.string(), receivedAt: instant }).nullable(),
});

/** What says something of an order only while it works, or as it ends: an ended one is kept without. */
type OnItsWay = 'step' | 'cancellable' | 'replacedBy';

/** Every order received from `from` to `until` is kept, except those `unsettled`. */
export type Reach = Omit<z.output<typeof reach>, 'version'>;

/** What was kept can't be read by this version, or is damaged. */
export class ArchiveUnreadable extends Error {
  override readonly name = 'ArchiveUnreadable';
}

/** When an order last changed; the beginning of time where the broker doesn't say. */
export function changedAt({ updatedAt, receivedAt }: BrokerOrder): Date {
  return new Date(Math.max(updatedAt?.getTime() ?? 0, receivedAt?.getTime() ?? 0));
}

export function keepOrder(kept: BrokerOrder): KeptOrder {
  return {
    id: kept.id,
    changedAt: changedAt(kept),
    symbols: [...new Set(kept.legs.map(({ instrument }) => instrument.symbol))],
    payload: encode(kept),
  };
}

/** Odd orders are never kept, but asked for again. @throws ArchiveUnreadable */
export function readKept({ payload }: KeptOrder): BrokerOrder {
  const kept: Required<Omit<BrokerOrder, 'odd' | OnItsWay>> = decode(order, payload);
  return kept;
}

export function keepReach(generation: string, kept: Reach): KeptReach {
  return { generation, payload: encode({ version: 1, ...kept }) };
}

/** @throws ArchiveUnreadable */
export function readReach({ payload }: KeptReach): Reach {
  const { version: _version, ...kept } = decode(reach, payload);
  return kept;
}

/** Decimals turn themselves into strings; instants are milliseconds, as in every column. */
function encode(value: object): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, told: unknown) {
    const own = this[key];
    return own instanceof Date ? own.getTime() : told;
  });
}

function decode<T extends z.ZodType>(schema: T, text: string): z.output<T> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new ArchiveUnreadable('a kept order can’t be read', { cause: error });
  }
}
