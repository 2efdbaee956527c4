/** One reason of a refusal: preflight findings carry code and message, malformed requests domain and reason. */
export type Issue = { code: string; message: string } | { domain: string; reason: string };

/** A refusal with the broker's status and code; `code` is a number only for an unsupported version (406). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string | number,
    message: string,
    readonly issues: readonly Issue[] = [],
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export function notFound(what: string): ApiError {
  return new ApiError(404, 'record_not_found', `Couldn't find ${what}`);
}

/** A request that is malformed: nothing about the account was looked at. */
export function malformed(issues: readonly Issue[]): ApiError {
  return new ApiError(400, 'validation_error', 'Request validation failed', issues);
}

/** An order that was understood and refused. */
export function refusedOrder(issues: readonly Issue[]): ApiError {
  return new ApiError(422, 'preflight_check_failure', 'One or more preflight checks failed', issues);
}
