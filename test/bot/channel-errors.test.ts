import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import { expect, test } from 'vitest';
import { channelError } from '../../src/bot/channel-errors.js';
import { ChannelRefused, ChannelUnavailable } from '../../src/ports/channel.js';
import { reasonText } from '../../src/screens/reasons.js';

const BODY = { body: {}, files: [] };
const api = (status: number, code: number) =>
  new DiscordAPIError({ code, message: 'Words of Discord' }, code, status, 'POST', 'http://local/', BODY);

test.each([
  [404, 10003, 'the channel is gone'],
  [403, 50001, 'I can’t see the channel (any more)'],
  [403, 50013, 'I may not write in the channel (any more)'],
  [403, 50007, 'the user takes no direct messages'],
  [403, 50278, 'Discord says “Words of Discord”'],
  [400, 50035, 'Discord says “Words of Discord”'],
])('%i with code %i is a refusal: %s', (status, code, reason) => {
  const error = channelError(api(status, code));
  expect(error).toBeInstanceOf(ChannelRefused);
  expect(error).toMatchObject({ code });
  expect(error instanceof ChannelRefused && reasonText(error.reason)).toBe(reason);
});

test.each([
  [403, 50013, 'forbidden'],
  [403, 50278, 'forbidden'],
  // Known by their code, whatever the status: a locked thread, a channel that takes no messages.
  [400, 160005, 'forbidden'],
  [400, 50008, 'forbidden'],
  [404, 10008, 'gone'],
  [400, 50035, 'odd'],
])('%i with code %i is %s', (status, code, fate) => {
  expect(channelError(api(status, code))).toMatchObject({ fate });
});

test.each([
  [401, 0, false],
  [429, 20016, false],
])('%i says nothing about the channel: try again later', (status, code, maybeSent) => {
  const error = channelError(api(status, code));
  expect(error).toBeInstanceOf(ChannelUnavailable);
  expect(error).toMatchObject({ maybeSent });
});

test('what may have been posted is told apart from what never left', () => {
  const http = new HTTPError(502, 'Bad Gateway', 'POST', 'http://local/', BODY);
  expect(channelError(http)).toMatchObject({ maybeSent: true });
  const refused = Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  });
  expect(channelError(refused)).toMatchObject({ maybeSent: false });
  const reset = Object.assign(new Error('socket'), { code: 'ECONNRESET' });
  expect(channelError(reset)).toMatchObject({ maybeSent: true });
});

test('a rate limit carries how long to wait', () => {
  const limit = new RateLimitError({
    timeToReset: 5000,
    limit: 5,
    method: 'POST',
    hash: 'h',
    url: 'u',
    route: 'r',
    majorParameter: 'm',
    global: false,
    retryAfter: 5000,
    sublimitTimeout: 0,
    scope: 'user' as const,
  });
  expect(channelError(limit)).toMatchObject({ retryAfterMs: 5000, maybeSent: false });
});
