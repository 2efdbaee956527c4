import { DiscordAPIError, DiscordjsError, DiscordjsErrorCodes } from 'discord.js';
import { UserError } from '../services/errors.js';

const MISSING_ACCESS = 50001;

/** Why no connection came about, in words that name the setting to mend; the library's own name none. */
export function loginFailure(error: unknown): unknown {
  if (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) {
    return new UserError(
      'DISCORD_TOKEN_REFUSED',
      'Discord refuses the token in DISCORD_TOKEN.',
      'Bot page of your application > Reset Token, and put the new one into DISCORD_TOKEN.',
    );
  }
  if (error instanceof Error && 'syscall' in error) {
    return because(
      error,
      new UserError(
        'DISCORD_UNREACHABLE',
        `Discord doesn’t answer (${error.message || String(error)}).`,
        'Check the network, and DISCORD_API_URL if it is set.',
      ),
    );
  }
  return error;
}

/** Why the commands could not be registered in the server the settings name. */
export function registrationFailure(error: unknown): unknown {
  if (!(error instanceof DiscordAPIError && error.code === MISSING_ACCESS)) return error;
  return because(
    error,
    new UserError(
      'DISCORD_GUILD_REFUSED',
      'Discord takes no commands for the server of DISCORD_GUILD_ID: the bot is not in it.',
      'Correct DISCORD_GUILD_ID (Developer Mode > right-click the server > Copy Server ID), or invite the bot with ' +
        'the scopes bot and applications.commands.',
    ),
  );
}

function because(cause: unknown, failure: UserError): UserError {
  failure.cause = cause;
  return failure;
}
