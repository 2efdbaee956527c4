import { Writable } from 'node:stream';
import { DiscordAPIError, HTTPError } from 'discord.js';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { errorForLog } from '../../src/log.js';

/** What a line of the real logger would hold. */
function logged(error: unknown): string {
  let line = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      line += String(chunk);
      done();
    },
  });
  pino({ serializers: { err: errorForLog } }, sink).error({ err: error }, 'failed');
  return line;
}

const TOKEN = 'aW50ZXJhY3Rpb246dG9rZW4';
const BODY = {
  files: undefined,
  body: { content: 'what was written', embeds: [{ description: 'positions' }] },
};

function apiError(path: string): DiscordAPIError {
  const raw = { code: 10062, message: 'Unknown interaction' };
  return new DiscordAPIError(raw, 10062, 404, 'POST', `https://discord.com/api/v10${path}`, BODY);
}

describe('the log', () => {
  it.each([
    [`/interactions/123456789012345678/${TOKEN}/callback`],
    [`/webhooks/123456789012345678/${TOKEN}`],
    [`/webhooks/123456789012345678/${TOKEN}/messages/@original`],
    [`/webhooks/123456789012345678/${TOKEN}?wait=true`],
  ])('of a refused request to %s holds neither token nor what was written', (path) => {
    const url = `https://discord.com/api/v10${path}`;
    const errors = [apiError(path), new HTTPError(500, 'Internal Server Error', 'POST', url, BODY)];
    for (const error of errors) {
      const line = logged(error);
      expect(line).not.toContain(TOKEN);
      expect(line).not.toContain('what was written');
      expect(line).toContain('123456789012345678/…');
      expect(JSON.parse(line).err).toMatchObject({ method: 'POST', status: error.status });
    }
  });

  it('keeps what helps: code, message, status, route', () => {
    expect(JSON.parse(logged(apiError('/channels/1/messages'))).err).toMatchObject({
      code: 10062,
      message: 'Unknown interaction',
      status: 404,
      url: 'https://discord.com/api/v10/channels/1/messages',
    });
  });

  it('hides the token also where such an error is the cause of another one, or one of several', () => {
    const inner = apiError(`/webhooks/123456789012345678/${TOKEN}`);
    for (const error of [
      new Error('could not answer', { cause: inner }),
      new AggregateError([inner], 'several'),
      new Error('outer', { cause: new Error('middle', { cause: inner }) }),
    ]) {
      const line = logged(error);
      expect(line).not.toContain(TOKEN);
      expect(line).not.toContain('what was written');
    }
  });

  it('takes whatever is thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(() => logged(thrown)).not.toThrow();
      }),
    );
    expect(JSON.parse(logged(new TypeError('bug'))).err).toMatchObject({ type: 'TypeError', message: 'bug' });
  });
});
