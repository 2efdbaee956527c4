import type { BrokerTrouble, Said } from './broker-troubles.js';
import type { DatabaseTrouble, FailureCode, Failures, Sent } from './failures.js';

/**
 * Every error a trader can meet says what happened, whether anything was sent, and what to do next: as a code with facts.
 * Kinds follow who must act: the user (`UserError`), the outside world (`Broker…`), or us (anything else).
 */
export class UserError<Code extends FailureCode = FailureCode> extends Error {
  override readonly name = 'UserError';

  /** A code of `domain/failures.ts` with its facts; its words are in `screens/failures/`. */
  constructor(
    readonly code: Code,
    readonly facts: Failures[Code],
    readonly sent: Sent = 'nothing',
  ) {
    super(`${code} ${JSON.stringify(facts)}`);
  }
}

/** Whether it is a `UserError` of this code. */
export function isFailure<Code extends FailureCode>(error: unknown, code: Code): error is UserError<Code> {
  return error instanceof UserError && error.code === code;
}

/** Base of everything that goes wrong between us and the broker. */
export abstract class BrokerError extends Error {
  /** A repeated *read* can help. Says nothing about orders: those are never repeated. */
  abstract readonly retryable: boolean;

  /** @param trouble worded by `screens/failures/broker.ts` */
  constructor(readonly trouble: Said) {
    super(typeof trouble === 'string' ? trouble : coded(trouble));
  }
}

function coded({ code, ...facts }: BrokerTrouble): string {
  return `${code} ${JSON.stringify(facts)}`;
}

/** The broker understood and said no. Nothing was placed. */
export class BrokerRefusal extends BrokerError {
  override readonly name = 'BrokerRefusal';
  constructor(
    readonly status: number,
    readonly code: string,
    trouble: Said,
    readonly details: readonly { code: string; message: string }[] = [],
    readonly retryable = false,
  ) {
    super(trouble);
  }

  /** The broker's reasons where it gives any. */
  get said(): Said {
    return this.details.flatMap(({ message }) => message || []).join('; ') || this.trouble;
  }
}

/** No answer, and nothing can have been placed: the request was a read, or it never left. */
export class BrokerUnreachable extends BrokerError {
  override readonly name = 'BrokerUnreachable';
  readonly retryable = true;
}

/** An order may or may not exist. Only reading the broker's orders can tell. */
export class OutcomeUnknown extends BrokerError {
  override readonly name = 'OutcomeUnknown';
  readonly retryable = false;
}

/** The order's time to leave had run out, so no byte of it left. */
export class BrokerTooLate extends BrokerError {
  override readonly name = 'BrokerTooLate';
  readonly retryable = false;
}

/** The credentials don't work; a person has to mend them. */
export class BrokerLoginError extends BrokerError {
  override readonly name = 'BrokerLoginError';
  readonly retryable = false;
}

/** An answer that makes no sense to us. */
export class BrokerProtocolError extends BrokerError {
  override readonly name = 'BrokerProtocolError';
  readonly retryable = false;
}

/** The bot's own database failed, and nothing of the failed write was kept. It may work again later. */
export class DatabaseFailure extends Error {
  override readonly name = 'DatabaseFailure';
  constructor(
    readonly trouble: DatabaseTrouble,
    cause: unknown,
  ) {
    super(`the database fails (${trouble}): ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** Why something couldn't be read: a code gets its words on the screen, others speak for themselves. */
export type Why = string | UserError | DatabaseFailure | BrokerError;

export function whyOf(error: unknown): Why {
  if (error instanceof UserError || error instanceof DatabaseFailure) return error;
  if (error instanceof BrokerError) return error;
  return error instanceof Error ? error.message : String(error);
}

/** What an error says: by the code of a trouble with the broker, else in its own words. */
export function saidBy(error: unknown): Said {
  if (error instanceof BrokerError) return error.trouble;
  return error instanceof Error ? error.message : String(error);
}
