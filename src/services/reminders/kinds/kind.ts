import type { MarketCalendar } from '../../../domain/calendar/calendar.js';
import type { OptionName, ReminderOptions } from '../options.js';
import type { Reading } from '../reading.js';

/** One run of a reminder, from a kind's point of view. */
export interface Look {
  options: ReminderOptions;
  /** The account, read now and only as far as asked. */
  reading: Reading;
  now: Date;
  /** When it was to run; earlier than now where it is late. */
  dueAt: Date;
  calendar: MarketCalendar;
}

/**
 * Something to be reminded of, in one file: what it looks at, and what it finds. Findings are plain data with `Decimal`
 * money; `screens/reminders` puts them into words.
 */
export interface Kind<Findings> {
  /** About trading: runs on market days only unless told otherwise. */
  trading: boolean;
  uses: readonly OptionName[];
  /** Without these it makes no sense. */
  needs?: readonly OptionName[];
  /** A `when` that suits it, offered first. */
  usually: string;
  /**
   * Looks now. Null if there is nothing to tell, unless `sayWhenEmpty` asks for that too.
   * @throws BrokerError if the account can't be read
   */
  look(look: Look): Promise<Findings | null>;
}
