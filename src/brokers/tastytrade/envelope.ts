import { z } from 'zod';
import type { Remark } from '../../ports/broker.js';
import { type Json, parseLossless } from './json.js';
import { fieldOf } from './wire.js';

/** tastytrade's own error answer. Its presence proves that the broker itself, not a proxy, refused. */
export interface ErrorEnvelope {
  code: string;
  message: string;
  details: Remark[];
}

/** Preflight items say `code` and `message`, validation items `domain` and `reason`. */
const item = z.object({
  code: z.string().nullish(),
  message: z.string().nullish(),
  domain: z.string().nullish(),
  reason: z.string().nullish(),
});

const envelope = z.object({
  error: z.object({
    code: z.string(),
    message: z.string().nullish(),
    errors: z.array(z.unknown()).nullish(),
  }),
});

/** The error in an answer's body, or null if it has none in tastytrade's shape. */
export function errorEnvelope(body: Json | undefined): ErrorEnvelope | null {
  // Most answers have none, and a schema's no is dear.
  if (fieldOf(body, 'error') === undefined) return null;
  const parsed = envelope.safeParse(body);
  if (!parsed.success) return null;
  const { code, message, errors } = parsed.data.error;
  return { code, message: message ?? code, details: remarks(errors) };
}

/** Items of `errors` and `warnings` lists. What has an unknown shape is kept as its text, never dropped. */
export function remarks(items: unknown): Remark[] {
  if (items === undefined || items === null || items === false) return [];
  return Array.isArray(items) ? items.map(remark) : [remark(items)];
}

function remark(value: unknown): Remark {
  if (typeof value === 'string') return { code: value, message: value };
  const parsed = item.safeParse(value);
  const { code, message, domain, reason } = parsed.success ? parsed.data : {};
  const name = code ?? domain ?? 'unspecified';
  return { code: name, message: message ?? reason ?? (code || domain ? name : JSON.stringify(value)) };
}

/** The body as JSON, or undefined if it isn't JSON (an edge proxy's page, a cut-off answer). */
export function bodyOf(text: string): Json | undefined {
  try {
    return parseLossless(text);
  } catch {
    return undefined;
  }
}
