import { Writable } from 'node:stream';
import { DiscordAPIError, HTTPError } from 'discord.js';
import fc from 'fast-check';
import { type Logger, type LoggerOptions, pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { errorForLog, logOptions } from '../../src/app/log.js';
import type { StreamReason } from '../../src/domain/broker-troubles.js';
import { BrokerUnreachable } from '../../src/domain/errors.js';
import type { CodedFault } from '../../src/domain/row-faults.js';
import { Secrets } from '../../src/ports/secrets.js';

/** What a line of the real logger would hold. */
function logged(error: unknown): string {
  return written({ serializers: { err: errorForLog } }, (log) => log.error({ err: error }, 'failed'));
}

function written(options: LoggerOptions, write: (log: Logger) => void): string {
  let line = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      line += String(chunk);
      done();
    },
  });
  write(pino(options, sink));
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
  it('names an account by its last four digits and holds no secret, wherever an event has them', () => {
    const secrets = new Secrets();
    secrets.addAccount('5WX98765');
    secrets.add('hunter2hunter2');
    const report = { account: '5WX98765', lines: [{ reason: 'acct 5WX98765, hunter2hunter2' }] };
    const line = written(logOptions('info', secrets), (log) => log.info({ report }, 'of 5WX98765'));
    expect(line.endsWith('\n')).toBe(true);
    expect(JSON.parse(line)).toMatchObject({
      report: { account: '…8765', lines: [{ reason: 'acct …8765, [secret]' }] },
      msg: 'of …8765',
    });
  });

  it('tells what is wrong with the broker by code and facts, and in the words that people read', () => {
    const err = new BrokerUnreachable({ code: 'LOGIN_FAILED', status: 503 });
    const fault: CodedFault = { code: 'MISSING', place: { field: 'status', leg: null, fill: false } };
    const trouble: StreamReason = { code: 'CLOSED', status: 1006 };
    const line = written(logOptions('info', new Secrets()), (log) => log.error({ err, fault, trouble }, 'x'));
    expect(JSON.parse(line)).toMatchObject({
      err: {
        trouble: { code: 'LOGIN_FAILED', status: 503 },
        words: 'The broker’s login answered with HTTP 503.',
      },
      fault: { code: 'MISSING', words: 'its status is missing' },
      trouble: { code: 'CLOSED', words: 'connection closed (1006)' },
    });
  });

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
