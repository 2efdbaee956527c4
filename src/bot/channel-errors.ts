import { DiscordAPIError, HTTPError, RateLimitError, RESTJSONErrorCodes } from 'discord.js';
import type { ChannelReason } from '../domain/reasons.js';
import { ChannelRefused, ChannelUnavailable } from '../ports/channel.js';

/** What Discord's refusals mean to whoever wanted to be told something. */
const CLOSED: Readonly<Record<number, Extract<ChannelReason, { code: 'CLOSED' }>['why']>> = {
  [RESTJSONErrorCodes.UnknownChannel]: 'channel-gone',
  [RESTJSONErrorCodes.UnknownGuild]: 'server-gone',
  [RESTJSONErrorCodes.UnknownUser]: 'user-gone',
  [RESTJSONErrorCodes.MissingAccess]: 'not-seen',
  [RESTJSONErrorCodes.MissingPermissions]: 'not-writable',
  [RESTJSONErrorCodes.ThreadLocked]: 'not-writable',
  [RESTJSONErrorCodes.CannotSendMessagesToThisUser]: 'takes-no-direct-messages',
  [RESTJSONErrorCodes.CannotSendMessagesInNonTextChannel]: 'takes-no-messages',
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
    return new ChannelUnavailable(
      { code: 'SLOW_DOWN' },
      {
        maybeSent: false,
        retryAfterMs: error.retryAfter,
        cause: error,
      },
    );
  }
  if (error instanceof DiscordAPIError) return apiError(error);
  if (error instanceof HTTPError) {
    return new ChannelUnavailable({ code: 'ANSWERS_WITH', status: error.status }, { cause: error });
  }
  const text = error instanceof Error ? error.message : String(error);
  return new ChannelUnavailable(text, { maybeSent: !NEVER_LEFT.has(codeOf(error)), cause: error });
}

function apiError(error: DiscordAPIError): ChannelRefused | ChannelUnavailable {
  const { status, code, message } = error;
  const passing = status === 401 || status === 408 || status === 429 || status >= 500;
  // A slow mode or a limit of the moment comes as 429; a lost token is the whole bot's trouble.
  if (passing) return new ChannelUnavailable(message, { maybeSent: status >= 500, cause: error });
  const why = CLOSED[Number(code)];
  const reason = why ? ({ code: 'CLOSED', why } as const) : said(message);
  const closed = why || status === 403 || status === 404 ? 'forbidden' : 'odd';
  return new ChannelRefused(reason, code, code === RESTJSONErrorCodes.UnknownMessage ? 'gone' : closed);
}

function said(message: string): ChannelReason {
  return { code: 'DISCORD_SAYS', said: message.slice(0, 120) };
}

function codeOf(error: unknown): string {
  const own = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = error instanceof Error && error.cause instanceof Error ? codeOf(error.cause) : '';
  return own || cause;
}
