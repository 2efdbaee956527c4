import type { AccountName } from './account-names.js';
import type { Said } from './broker-troubles.js';
import type { EntryDoubt } from './doubts.js';
import type { Exact } from './exact.js';
import type { Decimal } from './money.js';
import type { Instrument, OddRow } from './types.js';

/**
 * What can go wrong for a person, as codes with their facts: ids, names, numbers, what was typed; never a sentence.
 * `screens/failures/` has the words, and the compiler asks for those of each code here.
 */

/**
 * What is known about orders when something was given up.
 * - `nothing`: nothing was sent
 * - `nothing-more`: this press sent nothing; an earlier one may have
 */
export type Sent = 'nothing' | 'nothing-more';

/** An error as facts of another: what a `UserError` is made of. */
export interface Coded {
  readonly code: FailureCode;
  readonly facts: object;
}

/**
 * What is wrong with the bot's own database.
 * - `locked`: another program holds it, so it takes no writes
 * - `full`: no room left where it is
 * - `read-only`: it may be read only
 * - `busy`: more is asked of it at once than it takes
 * - `away`: it can't be reached
 * - `broken`: the disk fails or the file is damaged
 */
export type DatabaseTrouble = 'locked' | 'full' | 'read-only' | 'busy' | 'away' | 'broken';

/** Why a part of a `when` can't be read. */
export type WhenFault =
  | { fault: 'nothing' | 'no-time' | 'time' | 'seconds' | 'no-length' | 'length' | 'now' }
  | { fault: 'every' | 'market-edge' | 'market-offset' | 'cron-day' }
  | { fault: 'too-long'; most: number }
  | { fault: 'too-far'; days: number }
  | { fault: 'market-too-far'; hours: number }
  | { fault: 'no-such-day'; years: readonly [first: number, last: number] }
  | { fault: 'cron-fields'; fields: number }
  | { fault: 'cron-field'; field: 'minute' | 'hour' | 'day of month' | 'month' | 'day of week' };

/** What is wrong with the environment; `example` says how a variable may be set, up to the `=` of a secret. */
export type SettingsProblem =
  | { name: string; fault: SettingFault; example: string }
  | { fault: 'pair'; names: readonly string[]; examples: readonly string[] };

/** What is wrong with one variable. Values are not among the facts where they may be secret. */
export type SettingFault =
  | { is: 'missing' | 'token' | 'not-an-id' | 'not-whole' | 'not-yes-no' | 'more-than-host' | 'not-a-host' }
  | { is: 'not-in-list'; item: string; of: 'account-number' | 'id' | 'id-or-everyone' }
  | { is: 'out-of-range'; least: number; most: number }
  | { is: 'not-one-of'; values: readonly string[] }
  | { is: 'not-a-url'; secure: string; plain: string }
  | { is: 'not-an-increment'; entry: string }
  | { is: 'not-by-underlying'; entry: string; symbol: string; underlying: string }
  | { is: 'database-url'; why: Failures['DATABASE_URL_INVALID']['why'] }
  | { is: 'profit-targets'; fault: ProfitTargetsFault }
  | { is: 'login-needs-it' | 'not-local' }
  | { is: 'address-refused'; refusal: Failures['BROKER_URL_REFUSED'] }
  | { is: 'of-the-other'; other: 'sandbox' | 'production'; said: 'sandbox' | 'production' };

/** Which part of `PROFIT_TARGETS` is wrong, and how. */
export type ProfitTargetsFault =
  | { fault: 'form'; part: string }
  | { fault: 'twice'; id: string }
  | { fault: 'unknown'; id: string; known: readonly string[] }
  | { fault: 'too-many'; id: string; count: number; most: number }
  | { fault: 'trident-needs-two' }
  | { fault: 'no-percentage'; id: string; piece: string }
  | { fault: 'out-of-range'; id: string; piece: string; most: number };

/** What is other than it was shown, of one contract. Contracts held are negative when short. */
export type AccountChange =
  | { what: 'held'; symbol: string; before: number; now: number }
  | { what: 'restricted'; symbol: string; before: number; now: number }
  /** A closing order's contracts still to be filled; 0 where it doesn't work. */
  | { what: 'closing'; symbol: string; orderId: string; before: number; now: number }
  | { what: 'unreadable'; row: OddRow };

/** The code alone says it all. */
type None = Readonly<Record<never, never>>;

interface AccessFailures {
  /** Somebody said that nothing is to be sent. */
  HALTED: { halt: { by: string; at: Date; reason: string | null } };
  /** Said while the press was under way; the preview is given up. */
  HALTED_MEANWHILE: { halt: { by: string; at: Date; reason: string | null } };
  READ_ONLY: None;
  NOBODY_MAY_TRADE: { to: 'trade' | 'schedule' };
  NOT_A_TRADER: { to: 'trade' | 'schedule' };
  NOT_A_VIEWER: { where: 'server' | 'direct-message' };
  WRONG_CHANNEL: { channelIds: readonly string[] };
  WRONG_SERVER: None;
  SERVER_NOT_KNOWN: None;
  TOO_MUCH_AT_ONCE: { underWay: number };
}

/** Which of the login's accounts it is about. */
interface AccountFailures {
  /** None of the accounts named in the settings is open; of each that is the last digits, null where unreadable. */
  ACCOUNT_UNKNOWN: { there: readonly (string | null)[]; named: number };
  ACCOUNT_NONE: None;
  ACCOUNT_UNREADABLE: { count: number };
  /** This bot doesn't work for an account that is called so, or several are. */
  ACCOUNT_NOT_OURS: { typed: string; accounts: readonly AccountName[] };
  /** It has to be said for which account. */
  ACCOUNT_NEEDED: { accounts: readonly AccountName[] };
  /** This bot doesn't work for it (any more). */
  ACCOUNT_GONE: { digits: string };
  /** A position is in another account than the one that was named. */
  POSITION_ELSEWHERE: { id: number; account: AccountName };
  /** A position is in an account that this bot doesn't work for (any more). */
  POSITION_NOT_OURS: { id: number; digits: string };
  /** Positions that are meant together are in several accounts. */
  POSITIONS_APART: { accounts: readonly AccountName[] };
  /** The account’s first read since the start isn’t back yet. */
  STILL_READING: None;
}

/** A press on a preview, or on what asks about its orders. */
interface PressFailures {
  NOT_YOUR_PREVIEW: { ownerId: string };
  PLAN_MISSING: None;
  ALREADY_SUBMITTED: None;
  PLAN_SUPERSEDED: None;
  PLAN_CANCELLED: None;
  PLAN_EXPIRED: None;
  /** An earlier press was given up: a change, an account that couldn't be read, a bot that ended in between. */
  PLAN_STALE: None;
  LOOKALIKE_SETTLED: None;
  LOOKALIKE_CHANGED: None;
  LOOKALIKE_TAKEN: { orderId: string };
  ORDERS_UNDER_WAY: None;
  DRY_RUN: None;
  /** Discord took no acknowledgement of it, so nothing was begun. */
  NOT_ACKNOWLEDGED: { asked: 'press' | 'command' };
  OUTDATED: None;
  PLAN_OUTDATED: None;
  PLAN_OFF_TICK: { label: string };
  NOTHING_TO_SEND: None;
  STOPPING: None;
  /** The account isn't as it was shown: what changed, or the orders of another preview that came first. */
  POSITION_CHANGED: { changes: readonly AccountChange[] } | { orderIds: readonly string[] };
  /** Given up before the first order left. */
  NOT_SENT: {
    because: 'unexpected' | { database: DatabaseTrouble } | { unread: 'accounts' | { said: Said | null } };
  };
}

/**
 * What keeps an order that was placed elsewhere from being taken for the bot's own.
 * - `ours`: it is already, or may be one whose answer is lost
 * - `ended`: it works no more
 * - `no-target`: it is no profit target; its flaws say why
 * - `several`: it closes several positions, or none
 * - `under-way`: an order of the bot's for these contracts is on its way, and may be this one
 * - `linked`: it excludes others in another way than a target and its stop do
 */
export type Unadoptable = 'ours' | 'ended' | 'no-target' | 'several' | 'under-way' | 'linked';

/** Orders that are to be cancelled, or a press on the question about that. */
interface CancelFailures {
  /** Of a position no target works; or one order has ended already; or nothing of a preview works any more. */
  NOTHING_TO_CANCEL: { positionId: number | null; order: { id: string; status: string } | null };
  ADOPT_IMPOSSIBLE: { orderId: string; why: Unadoptable };
  /** The broker knows it, or it has ended; null where no order is known by that number. */
  FORGET_IMPOSSIBLE: { orderId: string | null };
  CANCEL_NOT_YOURS: { ownerId: string };
  CANCEL_MISSING: None;
  CANCEL_CONFIRMED: None;
  CANCEL_WITHDRAWN: None;
  CANCEL_EXPIRED: None;
  /** Each has ended since the question was asked. */
  CANCEL_OVER: { orderIds: readonly string[] };
  /** An order can't be placed anew: not known, no plain target, one of several that end together, on its way, filled, or replaced. */
  CHANGE_IMPOSSIBLE: {
    orderId: string;
    why: 'unknown' | 'no-target' | 'linked' | 'stuck' | 'filled' | 'replaced';
  };
  /** An order that was to give way is not surely gone, or what was to be placed was traded; so nothing was placed. */
  CHANGE_STOPPED: {
    orderId: string;
    status: string | null;
    /** It is gone, and had traded what was to be placed. */
    traded: boolean;
    replacedBy: string | null;
    /** This press had its cancel asked for. */
    asked: boolean;
  };
  /** The old order has ended, and the new one was not placed. */
  CHANGE_UNPLACED: { orderIds: readonly string[]; because: Coded };
  /** Another cancel of these is under way. */
  CANCEL_UNDER_WAY: { orderIds: readonly string[] };
}

/** Contracts of one instrument. */
interface Contracts {
  instrument: Instrument;
  contracts: number;
}

/** A limit, or an order of it, that can't be or makes no sense. Prices are per share. */
interface PricingFailures {
  OVER_COVERED: {
    planned: number;
    instrument: Instrument;
    held: number;
    restricted: number;
    working: number;
  };
  ENTRY_IMPLAUSIBLE: { doubt: EntryDoubt };
  PERCENT_OUT_OF_RANGE: { percent: Decimal; of: 'credit' | 'maximum profit' | 'debit'; most: Decimal };
  /** The nearest valid price takes all of the profit. */
  NO_PROFIT_ON_TICK: { limit: Decimal };
  /** `valid` has the tick and the valid prices beside it; null where no price could be so low. */
  PRICE_OFF_TICK: {
    price: Decimal;
    valid: { tick: Decimal; below: Decimal | null; above: Decimal } | null;
  };
  PRICE_ABOVE_WIDTH: { price: Decimal; width: Decimal };
  /** `most` is what it can be worth, or the distance of its strikes; `highest` the percentage that gets there. */
  PRICE_OUT_OF_REACH: {
    percent: Decimal;
    of: 'credit' | 'maximum profit' | 'debit';
    price: Exact;
    most: Decimal;
    isWorth: boolean;
    highest: Decimal | null;
  };
  /** `dealt` are the parts of the position with their own percentages, where a ladder may be dealt over them. */
  LADDER_TOO_LONG: {
    label: string;
    asked: number;
    free: number;
    dealt: readonly { label: string; percents: readonly Decimal[] }[];
  };
  PERCENT_NEEDED: { label: string; opened: 'credit' | 'debit' };
  /** Of targets `unpriced` is how many have no percentage to be taken of. */
  PRICE_NEEDS_ONE_TARGET: { targets: readonly string[]; unpriced: number } | { positions: number };
  /**
   * A stop beside a target: a percentage of what can't be lost, a price beyond what it can cost (`highest` is the
   * percentage that stays below), one that the market has passed already (`now` is what closing costs or brings), or one that isn't
   * behind the target.
   */
  STOP_IMPOSSIBLE: {
    label: string;
    because:
      | { why: 'percent'; percent: Decimal; of: 'credit' | 'debit' }
      | { why: 'width'; trigger: Decimal; width: Decimal; highest: Decimal | null }
      | { why: 'past'; trigger: Decimal; now: Decimal }
      | { why: 'target'; trigger: Decimal; target: Decimal };
  };
  /** Which of what was asked for exclude each other. */
  OPTIONS_CONFLICT: { asked: 'several-overrides' | 'two-ladders' | 'naked-all' };
  TOO_MANY_LEGS: { label: string; legs: number; most: number };
  MIXED_MULTIPLIERS: { label: string };
  ORDER_TOO_LARGE: { label: string; contracts: number; most: number };
  TICKS_UNKNOWN: { symbol: string };
  /** Closing now: no price by which to do it is known. */
  CLOSE_UNQUOTED: { at: 'mid' | 'mark' | 'natural' | 'step' };
  /** The order is as near to the market as a step can bring it. */
  CLOSE_AT_MARKET: { orderId: string; price: Decimal };
  /** It holds no options, what of it works can't be cancelled or all is restricted, or its legs are uneven by now. */
  CLOSE_IMPOSSIBLE: { id: number; why: 'no-options' | 'stuck' | 'uneven' };
  /** So many units of it can't be closed: none, or more than `most` of those held. */
  PORTION_IMPOSSIBLE: { id: number; asked: number; most: number; held: number };
}

/** What was asked of a preview can't be read, or isn't there. */
interface PreviewFailures {
  CLOSE_UNREADABLE: { typed: string; what: 'at' | 'portion' };
  NOT_A_NUMBER: { typed: string; what: 'percent' | 'price' | 'ladder' | 'stop' } | { typed: null };
  /** A comma that can be read two ways: in percentages the numbers it parts, in a price what it may mean. */
  COMMA_UNCLEAR: { typed: string } & ({ numbers: readonly string[] } | { prices: readonly string[] });
  /** Nothing for `all`; `odd` are the rows that may keep something out. */
  NOTHING_UNCOVERED: {
    odd: readonly OddRow[];
    why: 'no-positions' | 'all-covered' | 'expired' | { stuck: readonly number[] };
  };
  /** Nothing of it can be closed without taking the cover from shorts; `unsure` is a row that might be cover. */
  LEAVES_SHORT_NAKED: {
    id: number;
    parts: readonly { sold: readonly Contracts[]; leaves: readonly Contracts[] }[];
    unsure: OddRow | null;
  };
  /** As typed, or an id that none has now; `odd` is a row that may be it. */
  POSITION_UNKNOWN: { typed: string } | { id: number; odd: OddRow | null };
  ORDER_UNKNOWN: { id: string };
  ORDER_UNREADABLE: { row: OddRow };
  /** The slip itself; the preview stays as it was. */
  PREVIEW_UNCHANGED: { because: Coded };
}

interface ReminderFailures {
  REMINDER_REMOVED: None;
  REMINDER_NOT_HERE: { id: number };
  REMINDER_NOT_READ: { typed: string };
  REMINDER_ENDED: { id: number };
  REMINDER_HANDLED: { at: Date };
  TOO_MANY_REMINDERS: { most: number };
  WHEN_NEVER: { when: string; marketDaysOnly: boolean };
  ZONE_UNKNOWN: { typed: string };
  DAYS_UNREADABLE: { typed: string };
  NOT_AN_UNDERLYING: { typed: string };
  /** What could not be read of when it shall run; empty if something is missing. */
  WHEN_UNREADABLE: { part: string; why: WhenFault | null };
  /** The one time it means is over; `zone` is null for an instant. */
  WHEN_PAST: { when: string; zone: string | null };
  /** Options as they are typed. */
  OPTION_UNUSED: { kind: string; unused: readonly string[]; takes: readonly string[] };
  OPTION_MISSING: { kind: string; missing: readonly string[] };
  KIND_UNKNOWN: { typed: string; known: readonly string[] };
}

/** What keeps the bot from starting. */
interface StartFailures {
  DATABASE_OF_ANOTHER_ENVIRONMENT: { owner: string; environment: string };
  DATABASE_NEWER: { migrations: readonly string[] };
  SETTINGS_INVALID: { problems: readonly SettingsProblem[] };
  DATABASE_NOT_DURABLE: None;
  /** Never the URL, which may hold a password. */
  DATABASE_UNREACHABLE: { name: string; said: string };
  DATABASE_URL_INVALID: {
    why: 'scheme' | 'no-file' | 'sqlite-host' | 'sqlite-query' | 'no-url' | 'no-database';
  };
  /** Another process runs a paper broker on this file. */
  PAPER_STATE_IN_USE: { stateFile: string };
  /** A package of ours didn't start: `said` and `named` are its own words and code, null where it just ended. */
  LOCAL_SERVER_FAILED: {
    name: 'paper-broker' | 'local-discord';
    said: string | null;
    named: string | null;
    /** What it ended with; null if it was killed, or runs still. */
    exit: number | null;
  };
  PROFIT_TARGETS_INVALID: ProfitTargetsFault;
  /** An address to which no credentials go; schemes end in a colon. */
  BROKER_URL_REFUSED:
    | { fault: 'no-address' | 'more-than-host' }
    | { fault: 'scheme'; secure: string }
    | { fault: 'plain'; host: string; secure: string; plain: string }
    | { fault: 'not-theirs'; host: string };
  DISCORD_TOKEN_REFUSED: None;
  DISCORD_GATEWAY_REFUSED: { said: string };
  DISCORD_GUILD_REFUSED: None;
  DISCORD_COMMANDS_REFUSED: { said: string };
}

export interface Failures
  extends AccessFailures,
    AccountFailures,
    PressFailures,
    PricingFailures,
    CancelFailures,
    PreviewFailures,
    ReminderFailures,
    StartFailures {}

export type FailureCode = keyof Failures;
