import { BrokerProtocolError } from '../../domain/errors.js';
import { type Decimal, ZERO } from '../../domain/money.js';
import type { DryRun } from '../../ports/broker.js';
import type { Secrets } from '../../ports/secrets.js';
import { errorEnvelope, remarks } from './envelope.js';
import type { Verdict } from './http.js';
import type { Json } from './json.js';
import { decimalOrNull, effectOrNull, fieldOf } from './wire.js';

const PARTS = ['order', 'fee-calculation', 'buying-power-effect'] as const;
type Part = (typeof PARTS)[number];

/**
 * The order beside fees and buying power, or null where that isn't what the answer says. Read by hand: a preview asks for
 * hundreds, and a schema of nested fields that may all be missing took as long as sending the request.
 */
function placedIn(body: Json | undefined): Partial<Record<Part, unknown>> | null {
  const data = fieldOf(body, 'data');
  const isWhole =
    isRow(data) &&
    PARTS.every((part) => data[part] === undefined || data[part] === null || isRow(data[part]));
  return isWhole ? data : null;
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a dry run. A failed one comes as a 422, as a 200 with `errors`, or as `data` beside `error`; all end
 * as `errors` here.
 *
 * @throws BrokerProtocolError if the answer is neither an order nor an error
 */
export function toDryRun({ body }: Verdict, secrets: Secrets): DryRun {
  const data = placedIn(body);
  const own = errorEnvelope(body);
  if (data === null && own === null) throw new BrokerProtocolError({ code: 'TRIAL_SAYS_NOTHING' });
  // An `error` of another shape is one all the same.
  const outer = own === null ? remarks(fieldOf(body, 'error')) : own.details.length > 0 ? own.details : [own];
  const clean = (code: string, message: string) => ({
    code: secrets.scrub(code),
    message: secrets.scrub(message),
  });
  return {
    fees: negated(signed(data?.['fee-calculation'], 'total-fees')),
    buyingPowerChange: signed(data?.['buying-power-effect'], 'change-in-buying-power'),
    warnings: remarks(fieldOf(data, 'warnings')).map(({ code, message }) => clean(code, message)),
    errors: [...outer, ...remarks(fieldOf(data, 'errors'))].map(({ code, message }) => clean(code, message)),
  };
}

/** Credit positive, debit negative; an amount without direction is only known if it is nothing. */
function signed(part: unknown, name: string): Decimal | null {
  const amount = decimalOrNull(fieldOf(part, name));
  if (amount === null) return null;
  if (amount.isZero()) return ZERO;
  const direction = effectOrNull(fieldOf(part, `${name}-effect`));
  if (direction === null) return null;
  return direction === 'credit' ? amount.abs() : amount.abs().negated();
}

function negated(amount: Decimal | null): Decimal | null {
  return amount === null || amount.isZero() ? amount : amount.negated();
}
