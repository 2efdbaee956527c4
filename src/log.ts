import { destination, type Logger, pino } from 'pino';

/** One JSON line per event on standard error, so that standard output stays for what people asked for. */
export function createLogger(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ fd: 2, sync: true }),
  );
}
