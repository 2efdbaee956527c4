import { z } from 'zod';
import { Exact } from '../../domain/exact.js';
import { Decimal } from '../../domain/money.js';

/**
 * What a preview showed, kept with its plan so that a press (also after a restart) can send exactly that and
 * nothing else. Stored as JSON text; decimals and fractions as strings.
 */
const decimal = z.string().transform((text) => new Decimal(text));
const exact = z.string().transform((text) => Exact.parse(text));

const closeSchema = z.object({
  at: z.union([z.enum(['mid', 'mark', 'natural', 'step']), z.object({ price: decimal })]),
  portion: z.union([z.object({ units: z.number().int().positive() }), z.object({ share: exact })]).nullable(),
});

const orderSchema = z.object({
  positionId: z.number().int(),
  targetKey: z.string(),
  label: z.string(),
  underlying: z.string(),
  legs: z.array(
    z.object({
      symbol: z.string(),
      kind: z.enum(['option', 'equity']),
      action: z.enum(['buy-to-open', 'sell-to-open', 'buy-to-close', 'sell-to-close']),
      quantity: z.number().int().positive(),
    }),
  ),
  units: z.number().int().positive(),
  price: decimal,
  effect: z.enum(['debit', 'credit']),
  percent: exact.nullable(),
  profit: exact.nullable(),
  /** The stop limit beside it, of the same contracts: where it wakes up, its limit, and what filling at that makes. */
  stop: z.object({ trigger: decimal, price: decimal, profit: exact.nullable() }).optional(),
  /** The price grid the prices were checked against, to check them once more before they leave. */
  grid: z.array(z.object({ below: decimal.nullable(), increment: decimal })),
});

const payloadSchema = z.object({
  /** `all`, or the position's id. */
  which: z.union([z.literal('all'), z.number().int()]),
  /** The positions shown, in order: a re-price keeps to them. */
  positionIds: z.array(z.number().int()),
  overrides: z.object({
    percent: decimal.optional(),
    price: decimal.optional(),
    ladder: z.array(decimal).optional(),
    stop: z.union([z.object({ percent: decimal }), z.object({ price: decimal })]).optional(),
    leaveNaked: z.boolean().optional(),
  }),
  dryRun: z.boolean(),
  /** The order that this one is in place of; absent for most. */
  instead: z.string().optional(),
  /** Closing now, at which price and how much of it; absent for targets. */
  close: closeSchema.optional(),
  /**
   * Orders that have to end before these may leave, each with the contracts that it had not traded when this was shown,
   * and the positions that it closes. Absent in what earlier versions kept.
   */
  givingWay: z
    .array(
      z.object({
        orderId: z.string(),
        untraded: z.record(z.string(), z.number().int()),
        positionIds: z.array(z.number().int()).optional(),
      }),
    )
    .optional(),
  /** The account watch's mark from before the reads behind this preview. */
  mark: z.string(),
  orders: z.array(orderSchema),
  fingerprint: z.record(
    z.string(),
    z.object({ held: z.number(), restricted: z.number(), closing: z.record(z.string(), z.number()) }),
  ),
});

export type PlanPayload = z.output<typeof payloadSchema>;
export type GivingWay = NonNullable<PlanPayload['givingWay']>[number];
export type PlannedOrder = z.output<typeof orderSchema>;
export type PlannedStop = NonNullable<PlannedOrder['stop']>;

export function encodePayload(payload: PlanPayload): string {
  // Decimals and fractions turn themselves into strings.
  return JSON.stringify(payload);
}

/** @throws if the text isn't a payload this version wrote. */
export function decodePayload(text: string): PlanPayload {
  return payloadSchema.parse(JSON.parse(text));
}
