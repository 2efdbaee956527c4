import { DiscordAPIError, HTTPError } from 'discord.js';
import { type Logger, pino, stdSerializers } from 'pino';
import { LogSink, standardError } from './log-sink.js';

/**
 * One JSON line per event on standard error, so that standard output stays for what people asked for. Logging never
 * throws and never blocks: the bot outlives its log.
 */
export function createLogger(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: errorForLog } },
    new LogSink({ write: standardError(), missing }),
  );
}

function missing(count: number): string {
  const msg = `${count} log lines could not be written and are missing here`;
  return `${JSON.stringify({ level: pino.levels.values.warn, time: new Date().toISOString(), missing: count, msg })}\n`;
}

/** Discord's errors carry the request: its address holds an interaction's token, its body what was written. */
export function errorForLog(error: unknown): unknown {
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    const { name, message, status, method, url, stack } = error;
    const code = error instanceof DiscordAPIError ? error.code : undefined;
    return { type: name, message, code, status, method, url: withoutTokens(url), stack };
  }
  if (error instanceof AggregateError) {
    const { name, message, stack, errors } = error;
    return { type: name, message, stack, errors: errors.map(errorForLog) };
  }
  return error instanceof Error ? stdSerializers.err(error) : error;
}

function withoutTokens(url: string): string {
  return url.replace(/\/(webhooks|interactions)\/(\d+)\/[^/?]+/, '/$1/$2/…');
}
