import { BrokerLoginError, BrokerRefusal, BrokerUnreachable, UserError } from '../services/errors.js';

/** An error as a person reads it: what happened, whether anything was sent, what to do next. */
export interface Failure {
  title: string;
  text: string;
  /** How the log takes it: a user's slip is no incident. */
  level: 'info' | 'warn' | 'error';
}

/** Texts from outside have no promised length; this fits a message's plain content. */
const MOST_TEXT = 1_700;

/**
 * The one place where any error becomes words.
 * @param money the failing action could have sent orders, so an unexpected error must not claim otherwise
 */
export function failureOf(error: unknown, money: boolean): Failure {
  const { title, text, level } = wordsFor(error, money);
  return { title, text: text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text, level };
}

function wordsFor(error: unknown, money: boolean): Failure {
  if (error instanceof UserError) {
    return { title: titleOf(error.code), text: lines(error.message, error.hint), level: 'info' };
  }
  if (error instanceof BrokerUnreachable) {
    return {
      title: 'The broker doesn’t answer',
      text: lines(
        `${sentence(error.message)} Nothing was sent.`,
        'Try again in a minute; `/status` shows when it is back.',
      ),
      level: 'warn',
    };
  }
  if (error instanceof BrokerLoginError) {
    return {
      title: 'The broker login failed',
      text: lines(
        `${sentence(error.message)} Nothing was sent.`,
        'Whoever runs the bot checks TASTYTRADE_CLIENT_SECRET and TASTYTRADE_REFRESH_TOKEN with `npm run doctor`.',
      ),
      level: 'error',
    };
  }
  if (error instanceof BrokerRefusal) {
    const details = error.details.map(({ message }) => message).filter(Boolean);
    return {
      title: 'The broker said no',
      text: lines(`${[error.message, ...details].join('\n• ')}\nNothing was sent.`),
      level: 'warn',
    };
  }
  return unexpected(money);
}

/** Messages from outside may or may not end in a full stop. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function unexpected(money: boolean): Failure {
  const sent = money
    ? 'I can’t say for sure whether an order was sent. Look at `/orders` before you do anything else; what I find out is posted in this channel.'
    : 'Nothing was sent.';
  return {
    title: 'Something went wrong on my side',
    text: lines(sent, 'The details are in the bot’s log.'),
    level: 'error',
  };
}

const TITLES: Record<string, string> = {
  NOT_YOUR_PREVIEW: 'Not your preview',
  NOT_A_TRADER: 'Traders only',
  NOBODY_MAY_TRADE: 'No traders set up yet',
  READ_ONLY: 'Read-only',
  WRONG_CHANNEL: 'Not here',
  POSITION_CHANGED: 'The position changed',
  PLAN_EXPIRED: 'Preview expired',
  PLAN_SUPERSEDED: 'Preview replaced',
  PLAN_CANCELLED: 'Preview cancelled',
  PLAN_STALE: 'The position changed',
  NOT_SENT: 'Nothing was sent',
  STOPPING: 'Restarting',
  ALREADY_SUBMITTED: 'Already submitted',
  ORDERS_UNDER_WAY: 'Orders under way',
  WHEN_UNREADABLE: 'When?',
  WHEN_PAST: 'That time has passed',
  REMINDER_UNKNOWN: 'No such reminder',
  REMINDER_HANDLED: 'Dealt with already',
};

function titleOf(code: string): string {
  return TITLES[code] ?? 'That didn’t work';
}

function lines(...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join('\n');
}
