import { z } from 'zod';

/** Bodies of the admin routes. Unknown members are refused: a misspelt fault would otherwise do nothing. */

export const clock = z.strictObject({
  at: z.iso.datetime({ offset: true }).optional(),
  advanceMs: z.number().min(0).optional(),
  speed: z.number().min(0).max(100_000).optional(),
});

export const session = z.strictObject({
  forced: z.enum(['open', 'closed']).nullable().optional(),
  alwaysOpen: z.boolean().optional(),
});

export const freeze = z.strictObject({ frozen: z.boolean() });

export const underlying = z.strictObject({
  price: z.number().positive().optional(),
  /** A share of the price: 0.01 is one per cent up. */
  nudge: z.number().gt(-1).optional(),
  pin: z.boolean().optional(),
  /** Factor on implied volatility. */
  volatility: z.number().positive().optional(),
});

/** Fields of the market data of a symbol as they go over the wire; null is missing, an empty object ends it. */
export const quote = z.record(z.string(), z.union([z.string(), z.boolean(), z.null()]));

/** Fields in wire form that a row shows instead, with any value; an empty object ends it. */
export const odd = z.record(z.string(), z.unknown());

/** Whether something stays as it is. */
export const hold = z.strictObject({ held: z.boolean() });

/** What a complex order of two closing orders may be, and what a part of it that fills does to the other. */
export const brackets = z.strictObject({
  refuseSpreads: z.boolean().default(false),
  partsKeep: z.boolean().default(false),
});

export const corporateAction = z.strictObject({
  underlying: z.string(),
  kind: z.enum(['rename', 'split']),
  /** So many new shares for an old one. */
  ratio: z.number().int().min(2).max(10).default(2),
  keepOrders: z.boolean().default(false),
});

export const fill = z.strictObject({ units: z.number().int().positive().optional() });

export const end = z.strictObject({
  status: z.enum(['Cancelled', 'Rejected', 'Expired']).default('Cancelled'),
  reason: z.string().optional(),
});

export const position = z.strictObject({
  /** Signed: negative is short. */
  quantity: z.number().int(),
  price: z.string().optional(),
  restricted: z.number().int().min(0).optional(),
  frozen: z.boolean().optional(),
});

export const tradingStatus = z.strictObject({
  isClosed: z.boolean().optional(),
  isFrozen: z.boolean().optional(),
  isClosingOnly: z.boolean().optional(),
  isRiskReducingOnly: z.boolean().optional(),
  isInMarginCall: z.boolean().optional(),
  isInDayTradeCall: z.boolean().optional(),
});

export const fault = z
  .strictObject({
    kind: z.enum([
      'latency',
      'slow-answer',
      'status',
      'error-after-commit',
      'hang-after-commit',
      'hang-before-commit',
      'drop-before-commit',
      'drop-after-commit',
      'garbage',
      'no-market-data',
      'venue-reject',
      'late-fill',
      'split-fill',
      'slow-legs',
      'beat-cancel',
      'lost-frame',
      'twice-frame',
      'late-frame',
    ]),
    method: z.string(),
    path: z.string().refine(isPattern, 'is not a regular expression'),
    skip: z.number().int().min(0),
    times: z.number().int().positive().nullable(),
    ms: z.number().min(0),
    status: z.number().int().min(200).max(599),
    code: z.string(),
    reason: z.string(),
    parts: z.number().int().min(1),
  })
  .partial()
  .required({ kind: true });

function isPattern(value: string): boolean {
  try {
    return new RegExp(value) instanceof RegExp;
  } catch {
    return false;
  }
}

export const stream = z.strictObject({ action: z.enum(['drop', 'mute', 'silence', 'resume']) });
