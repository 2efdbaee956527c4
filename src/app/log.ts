import { DiscordAPIError, HTTPError } from 'discord.js';
import { type Logger, type LoggerOptions, pino, stdSerializers } from 'pino';
import type { StreamReason } from '../domain/broker-troubles.js';
import { BrokerError, UserError } from '../domain/errors.js';
import type { CodedFault, RowFault } from '../domain/row-faults.js';
import { Secrets } from '../ports/secrets.js';
import { streamText } from '../screens/failures/broker.js';
import { reasonOf } from '../screens/failures/index.js';
import { rowFaultText } from '../screens/row-faults.js';
import { LogSink, standardError } from './log-sink.js';

/**
 * One JSON line per event on standard error, so that standard output stays for what people asked for. Logging never
 * throws and never blocks: the bot outlives its log.
 * @param secrets never written, whatever an event holds
 */
export function createLogger(level: string, secrets = new Secrets()): Logger {
  return pino(logOptions(level, secrets), new LogSink({ write: standardError(), missing }));
}

/** How events become lines, wherever these go. */
export function logOptions(level: string, secrets: Secrets): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: errorForLog, fault: faultForLog, trouble: troubleForLog },
    hooks: { streamWrite: (line) => withoutSecrets(line, secrets) },
  };
}

function missing(count: number): string {
  const line = {
    level: pino.levels.values.warn,
    time: new Date().toISOString(),
    missing: count,
    msg: `${count} log lines could not be written and are missing here`,
  };
  return `${JSON.stringify(line)}\n`;
}

/** Discord's errors carry the request: its address holds an interaction's token, its body what was written. */
export function errorForLog(error: unknown): unknown {
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    const { name, message, status, method, url, stack } = error;
    const code = error instanceof DiscordAPIError ? error.code : undefined;
    return { type: name, message, code, status, method, url: withoutTokens(url), stack };
  }
  if (error instanceof UserError || error instanceof BrokerError)
    return { ...stdSerializers.err(error), words: reasonOf(error).what };
  if (error instanceof AggregateError) {
    const { name, message, stack, errors } = error;
    return { type: name, message, stack, errors: errors.map(errorForLog) };
  }
  return error instanceof Error ? stdSerializers.err(error) : error;
}

/** Why a row of the broker's can't be read. */
function faultForLog(fault: RowFault): string | (CodedFault & { words: string }) {
  return typeof fault === 'string' ? fault : { ...fault, words: rowFaultText(fault) };
}

/** Why an account's stream is down. */
function troubleForLog(reason: StreamReason): unknown {
  return typeof reason === 'string' ? reason : { ...reason, words: streamText(reason) };
}

/** A line ends in a line break, which is no part of its JSON. */
function withoutSecrets(line: string, secrets: Secrets): string {
  return `${secrets.scrubJson(line.trimEnd())}\n`;
}

function withoutTokens(url: string): string {
  return url.replace(/\/(webhooks|interactions)\/(\d+)\/[^/?]+/, '/$1/$2/…');
}
