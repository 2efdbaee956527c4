import { DiscordAPIError, HTTPError, RateLimitError, RESTJSONErrorCodes } from 'discord.js';
import { MessengerRefused, MessengerUnavailable } from '../ports/messenger.js';

/** What Discord's refusals mean to whoever wanted to be told something. */
const REASONS: Readonly<Record<number, string>> = {
  [RESTJSONErrorCodes.UnknownChannel]: 'the channel is gone',
  [RESTJSONErrorCodes.UnknownGuild]: 'the server is gone',
  [RESTJSONErrorCodes.UnknownUser]: 'the user is gone',
  [RESTJSONErrorCodes.MissingAccess]: 'I can’t see the channel (any more)',
  [RESTJSONErrorCodes.MissingPermissions]: 'I may not write in the channel (any more)',
  [RESTJSONErrorCodes.CannotSendMessagesToThisUser]: 'the user takes no direct messages',
  [RESTJSONErrorCodes.CannotSendMessagesInNonTextChannel]: 'the channel takes no messages',
};

/** Failures before a connection stood: nothing can have been posted. */
const NEVER_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * Any failure of a request to Discord in the terms of reminders. Only a clear no is a refusal; a lost token or "not
 * now" says nothing about the channel.
 */
export function messengerError(error: unknown): MessengerRefused | MessengerUnavailable {
  if (error instanceof MessengerRefused || error instanceof MessengerUnavailable) return error;
  if (error instanceof RateLimitError) {
    return new MessengerUnavailable('it asks to slow down', {
      maybeSent: false,
      retryAfterMs: error.retryAfter,
      cause: error,
    });
  }
  if (error instanceof DiscordAPIError) return apiError(error);
  if (error instanceof HTTPError) {
    return new MessengerUnavailable(`it answers with ${error.status}`, { cause: error });
  }
  const text = error instanceof Error ? error.message : String(error);
  return new MessengerUnavailable(text, { maybeSent: !NEVER_LEFT.has(codeOf(error)), cause: error });
}

/** A failure after a first page is out: whatever it says, it isn't that nothing was posted. */
export function begunAnyway(error: unknown): MessengerUnavailable {
  const known = messengerError(error);
  const retryAfterMs = known instanceof MessengerUnavailable ? known.retryAfterMs : null;
  return new MessengerUnavailable(`${known.message}, with part of the message posted`, {
    maybeSent: true,
    retryAfterMs,
    cause: error,
  });
}

function apiError(error: DiscordAPIError): MessengerRefused | MessengerUnavailable {
  const { status, code, message } = error;
  const passing = status === 401 || status === 408 || status === 429 || status >= 500;
  // A slow mode or a limit of the moment comes as 429; a lost token is the whole bot's trouble.
  if (passing) return new MessengerUnavailable(message, { maybeSent: status >= 500, cause: error });
  const reason = REASONS[Number(code)] ?? `Discord says “${message.slice(0, 120)}”`;
  return new MessengerRefused(reason, code);
}

function codeOf(error: unknown): string {
  const own = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = error instanceof Error && error.cause instanceof Error ? codeOf(error.cause) : '';
  return own || cause;
}
