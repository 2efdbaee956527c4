import { z } from 'zod';
import { BrokerProtocolError } from '../../domain/errors.js';
import { type Decimal, ZERO } from '../../domain/money.js';
import type { DryRun } from '../../ports/broker.js';
import type { Secrets } from '../../ports/secrets.js';
import { errorEnvelope, remarks } from './envelope.js';
import type { Verdict } from './http.js';
import { effect, fieldOf, lenientDecimal, maybe } from './wire.js';

const placed = z.object({
  // That it is one is enough: what it says was ours.
  order: maybe(z.custom<object>((value) => typeof value === 'object' && !Array.isArray(value))),
  'fee-calculation': maybe(z.object({ 'total-fees': lenientDecimal, 'total-fees-effect': effect })),
  'buying-power-effect': maybe(
    z.object({ 'change-in-buying-power': lenientDecimal, 'change-in-buying-power-effect': effect }),
  ),
  warnings: z.unknown().optional(),
  errors: z.unknown().optional(),
});

/** The answer to a dry run: the order beside fees, buying power, warnings and errors. */
const answerShape = z.object({ data: maybe(placed) });

/**
 * Reads a dry run. A failed one comes as a 422, as a 200 with `errors`, or as `data` beside `error`; all end
 * as `errors` here.
 *
 * @throws BrokerProtocolError if the answer is neither an order nor an error
 */
export function toDryRun({ body }: Verdict, secrets: Secrets): DryRun {
  const parsed = answerShape.safeParse(body);
  const data = parsed.success ? parsed.data.data : null;
  const own = errorEnvelope(body);
  if (data === null && own === null) throw new BrokerProtocolError({ code: 'TRIAL_SAYS_NOTHING' });
  // An `error` of another shape is one all the same.
  const outer = own === null ? remarks(fieldOf(body, 'error')) : own.details.length > 0 ? own.details : [own];
  const clean = (code: string, message: string) => ({
    code: secrets.scrub(code),
    message: secrets.scrub(message),
  });
  return {
    fees: negated(
      signed(data?.['fee-calculation']?.['total-fees'], data?.['fee-calculation']?.['total-fees-effect']),
    ),
    buyingPowerChange: signed(
      data?.['buying-power-effect']?.['change-in-buying-power'],
      data?.['buying-power-effect']?.['change-in-buying-power-effect'],
    ),
    warnings: remarks(data?.warnings).map(({ code, message }) => clean(code, message)),
    errors: [...outer, ...remarks(data?.errors)].map(({ code, message }) => clean(code, message)),
  };
}

/** Credit positive, debit negative; an amount without direction is only known if it is nothing. */
function signed(amount: Decimal | null | undefined, direction: 'credit' | 'debit' | null | undefined) {
  if (amount === null || amount === undefined) return null;
  if (amount.isZero()) return ZERO;
  if (direction === null || direction === undefined) return null;
  return direction === 'credit' ? amount.abs() : amount.abs().negated();
}

function negated(amount: Decimal | null): Decimal | null {
  return amount === null || amount.isZero() ? amount : amount.negated();
}
