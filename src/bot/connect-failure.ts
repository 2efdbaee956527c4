import { DiscordAPIError, RESTJSONErrorCodes } from 'discord.js';
import { UserError } from '../domain/errors.js';

/**
 * What the gateway's client says when Discord closed the connection for good while it was being made (close codes 4004
 * and 4010 to 4014). All else passes.
 */
const CLOSED_FOR_GOOD =
  /^(Invalid shard|Sharding is required|Used (an invalid API version|invalid intents|disallowed intents))$/;

/**
 * Why no connection can come about however long one waits, in words that name what to mend; null for what passes by
 * itself: no answer, an answer of 5xx or 429, a proxy's page, no sessions left for today.
 */
export function finalLoginFailure(error: unknown): UserError | null {
  const told = error instanceof Error ? error.message : '';
  if (isTokenRefusal(error) || told === 'Authentication failed') return because(error, tokenRefused());
  if (!CLOSED_FOR_GOOD.test(told)) return null;
  return because(error, new UserError('DISCORD_GATEWAY_REFUSED', { said: told }));
}

/** Why the commands can't ever be registered as things are; null for what passes by itself. */
export function finalRegistrationFailure(error: unknown): UserError | null {
  if (isTokenRefusal(error)) return because(error, tokenRefused());
  if (!(error instanceof DiscordAPIError) || !isOwnAnswer(error)) return null;
  if (error.code === RESTJSONErrorCodes.MissingAccess) {
    return because(error, new UserError('DISCORD_GUILD_REFUSED', {}));
  }
  return because(error, new UserError('DISCORD_COMMANDS_REFUSED', { said: error.message }));
}

function tokenRefused(): UserError {
  return new UserError('DISCORD_TOKEN_REFUSED', {});
}

function isTokenRefusal(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status === 401 && isOwnAnswer(error);
}

/** Discord's own no, with a code of its own; a page of whatever stands before Discord has none. */
function isOwnAnswer({ code, status }: DiscordAPIError): boolean {
  const passing = status === 408 || status === 429 || status >= 500;
  return typeof code === 'number' && !passing;
}

function because(cause: unknown, failure: UserError): UserError {
  failure.cause = cause;
  return failure;
}
