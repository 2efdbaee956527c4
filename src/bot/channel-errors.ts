import { DiscordAPIError, HTTPError, RateLimitError, RESTJSONErrorCodes } from 'discord.js';
import { ChannelRefused, ChannelUnavailable } from '../ports/channel.js';

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
 * Any failure of a request to Discord in the terms of the channel. Only a clear no is a refusal; a lost token or "not
 * now" says nothing about the channel.
 */
export function channelError(error: unknown): ChannelRefused | ChannelUnavailable {
  if (error instanceof ChannelRefused || error instanceof ChannelUnavailable) return error;
  if (error instanceof RateLimitError) {
    return new ChannelUnavailable('it asks to slow down', {
      maybeSent: false,
      retryAfterMs: error.retryAfter,
      cause: error,
    });
  }
  if (error instanceof DiscordAPIError) return apiError(error);
  if (error instanceof HTTPError) {
    return new ChannelUnavailable(`it answers with ${error.status}`, { cause: error });
  }
  const text = error instanceof Error ? error.message : String(error);
  return new ChannelUnavailable(text, { maybeSent: !NEVER_LEFT.has(codeOf(error)), cause: error });
}

function apiError(error: DiscordAPIError): ChannelRefused | ChannelUnavailable {
  const { status, code, message } = error;
  const passing = status === 401 || status === 408 || status === 429 || status >= 500;
  // A slow mode or a limit of the moment comes as 429; a lost token is the whole bot's trouble.
  if (passing) return new ChannelUnavailable(message, { maybeSent: status >= 500, cause: error });
  const reason = REASONS[Number(code)] ?? `Discord says “${message.slice(0, 120)}”`;
  const closed = status === 403 || status === 404 ? 'forbidden' : 'odd';
  return new ChannelRefused(reason, code, code === RESTJSONErrorCodes.UnknownMessage ? 'gone' : closed);
}

function codeOf(error: unknown): string {
  const own = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = error instanceof Error && error.cause instanceof Error ? codeOf(error.cause) : '';
  return own || cause;
}
