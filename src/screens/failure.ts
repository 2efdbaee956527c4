import {
  BrokerLoginError,
  BrokerProtocolError,
  BrokerRefusal,
  BrokerUnreachable,
  DatabaseFailure,
  UserError,
} from '../domain/errors.js';
import { databaseTroubleText } from './database-trouble.js';
import { saidText } from './failures/broker.js';
import { wordsOf } from './failures/index.js';
import { clip } from './format.js';

/** An error as a person reads it: what happened, whether anything was sent, what to do next. */
export interface Failure {
  title: string;
  text: string;
  /** How the log takes it: a user's slip is no incident. */
  level: 'info' | 'warn' | 'error';
}

/** Discord’s limit for a choice. */
const MOST_CHOICE = 100;

/** Texts from outside have no promised length; what happened and the way on together fit a message's plain content. */
const MOST = { what: 1_200, hint: 400 };

/**
 * The one place where any error becomes words.
 * @param money the failing action could have sent orders, so an unexpected error must not claim otherwise
 */
export function failureOf(error: unknown, money: boolean): Failure {
  if (error instanceof UserError) {
    const words = wordsOf(error);
    const what = clip(words.what, MOST.what);
    const hint = words.hint && clip(words.hint, MOST.hint);
    return {
      title: words.title ?? 'That didn’t work',
      text: lines(what, words.saysSent ? '' : NOTHING, hint),
      level: 'info',
    };
  }
  if (error instanceof BrokerUnreachable) {
    return {
      title: 'The broker doesn’t answer',
      text: lines(
        `${sentence(clip(saidText(error.trouble), MOST.what))} ${NOTHING}`,
        'Try again in a minute; `/status` shows when it is back.',
      ),
      level: 'warn',
    };
  }
  if (error instanceof BrokerLoginError) {
    return {
      title: 'The broker login failed',
      text: lines(
        `${sentence(clip(saidText(error.trouble), MOST.what))} ${NOTHING}`,
        'Whoever runs the bot checks TASTYTRADE_CLIENT_SECRET and TASTYTRADE_REFRESH_TOKEN with `npm run doctor`.',
      ),
      level: 'error',
    };
  }
  if (error instanceof BrokerRefusal) {
    const details = error.details.map(({ message }) => message).filter(Boolean);
    return {
      title: 'The broker said no',
      text: lines(clip([saidText(error.trouble), ...details].join('\n• '), MOST.what), NOTHING),
      level: 'warn',
    };
  }
  if (error instanceof BrokerProtocolError) {
    return {
      title: 'The broker’s answer can’t be read',
      text: lines(
        sentence(clip(saidText(error.trouble), MOST.what)),
        money ? UNSURE : `${NOTHING} Try again in a minute.`,
        'If it stays so, whoever runs the bot finds the details in its log.',
      ),
      level: 'error',
    };
  }
  if (error instanceof DatabaseFailure) {
    return {
      title: 'My database doesn’t work right now',
      // Once an order has left, a failing database is never an error any more: its ids are told all the same.
      text: lines(
        `${databaseTroubleText(error.trouble)}. ${NOTHING}`,
        'Try again in a minute; `/status` tests whether it works again.',
      ),
      level: 'error',
    };
  }
  return unexpected(money);
}

/** The same as a message: it says what happened, whether anything was sent and what to do, to a lock screen the first. */
export function failureText({ title, text }: Pick<Failure, 'title' | 'text'>): string {
  return `⚠️ **${title}**\n${text}`;
}

/** The only choice while typing, where what there is to choose from can’t be read. */
export function unreadChoice(error: unknown): string {
  const { title, text } = failureOf(error, false);
  return clip(`⚠️ ${title}: ${text.replaceAll(/\s+/g, ' ')}`, MOST_CHOICE);
}

const NOTHING = 'Nothing was sent.';
const UNSURE =
  'I can’t say for sure whether an order was sent. Look at `/orders` before you do anything else; what I find out is posted in this channel.';

/** Messages from outside may or may not end in a full stop. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function unexpected(money: boolean): Failure {
  return {
    title: 'Something went wrong on my side',
    text: lines(money ? UNSURE : NOTHING, 'The details are in the bot’s log.'),
    level: 'error',
  };
}

function lines(...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join('\n');
}
