import { pino } from 'pino';
import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import type { Broker } from '../../../src/ports/broker.js';
import type { Telling } from '../../../src/screens/reminders/telling.js';
import type { Book } from '../../../src/services/accounts/positions.js';
import type { Look } from '../../../src/services/reminders/kinds/kind.js';
import type { ReminderOptions } from '../../../src/services/reminders/options.js';
import { Reading } from '../../../src/services/reminders/reading.js';
import { NOW } from './book.js';

/** A broker that answers only what a test gives it; anything else is a test's mistake. */
export function brokerOf(answers: Partial<Broker> = {}): Broker {
  return new Proxy({} as Broker, {
    get(_, name) {
      const answer = answers[name as keyof Broker];
      if (answer) return answer;
      return () => {
        throw new Error(`nobody planned a call of ${String(name)}`);
      };
    },
  });
}

/** What a telling says beneath its first line. */
export function blocksText({ blocks }: Telling): string {
  return blocks.map((block) => (typeof block === 'string' ? block : block.text)).join('\n');
}

/** What the market tells when nobody asks for anything in particular: nothing. */
export const SILENT: Partial<Broker> = {
  underlying: async (symbol) => ({ symbol, isIndex: false, optionTicks: [] }),
  quotes: async () => new Map(),
  exDividends: async () => new Map(),
};

export function readingOf(book: Book | Error, answers: Partial<Broker> = SILENT): Reading {
  return new Reading({
    desks: {
      read: async () => {
        if (book instanceof Error) throw book;
        return book;
      },
    },
    broker: brokerOf(answers),
    store: { orderLinks: async () => new Map() },
    spreadTicks: new Map(),
    log: pino({ level: 'silent' }),
  });
}

export function lookAt(book: Book | Error, options: ReminderOptions = {}, more: Partial<Look> = {}): Look {
  const base = { options, now: NOW, dueAt: NOW, calendar: fallbackCalendar };
  return { ...base, reading: readingOf(book), ...more };
}
