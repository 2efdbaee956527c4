import {
  type Answer,
  type BrokerTrouble,
  type ConnectionTrouble,
  isBrokerTrouble,
  type OrderFault,
  type Said,
  type StreamReason,
} from '../../domain/broker-troubles.js';
import { rowFaultText } from '../row-faults.js';

const ANSWERS: { readonly [Each in Answer]: string } = {
  list: 'a list',
  options: 'a list of options',
  underlyings: 'underlyings',
  quotes: 'quotes',
  'market-metrics': 'market metrics',
  balances: 'balances',
  'trading-status': 'the trading status',
  'market-session': 'the market session',
  'market-sessions': 'market sessions',
  holidays: 'the holidays',
  notification: 'a notification',
  position: 'a position',
};

/** What is wrong between us and the broker; others’ words stay as they are. */
export function saidText(said: Said): string {
  return typeof said === 'string' ? said : troubleText(said);
}

function troubleText(trouble: BrokerTrouble): string {
  switch (trouble.code) {
    case 'UNREADABLE':
      return `The broker sent ${ANSWERS[trouble.answer]} I can’t read: ${rowFaultText(trouble.fault)}.`;
    case 'UNDERLYING_UNREADABLE':
      return `The broker’s facts about ${trouble.symbol} can’t be read: ${rowFaultText(trouble.fault)}.`;
    case 'UNDERLYING_UNLISTED':
      return `The broker’s list of underlyings misses ${trouble.symbol}.`;
    case 'NOT_JSON':
      return `The broker’s answer to ${trouble.where} is not JSON.`;
    case 'REDIRECTED':
      return `The broker redirects ${trouble.where} (HTTP ${trouble.status}); not followed.`;
    case 'TRIAL_SAYS_NOTHING':
      return 'The broker’s dry run says nothing.';
    case 'LIST_CUT_SHORT':
      return `The broker’s list says it has ${trouble.told} items and gave ${trouble.given}.`;
    case 'PAGES_MISSING':
      return 'The broker’s list has fewer pages than it says.';
    case 'PAGES_ENDLESS':
      return `The broker’s list does not end after ${trouble.pages} pages.`;
    case 'LOGIN_SILENT':
      return `The broker’s login did not answer: ${connectionText(trouble.because)}.`;
    case 'LOGIN_FAILED':
      return `The broker’s login answered with HTTP ${trouble.status}.`;
    case 'LOGIN_REFUSED':
      return `The broker refused the login: ${refusalText(trouble.because)}. Check the client secret, the refresh token and the environment.`;
    case 'LOGIN_NOT_ACCEPTED':
      return `The broker does not accept our login for ${trouble.where}.`;
    case 'BROKER_SILENT':
      return `The broker did not answer ${trouble.where}: ${connectionText(trouble.because)}.`;
    case 'BROKER_FAILED':
      return `The broker failed at ${trouble.where}: ${trouble.said}.`;
    case 'TIME_RAN_OUT':
      return `Its time to leave had run out; the ${trouble.what} was not sent.`;
    case 'NEVER_LEFT':
      return `The broker can’t be reached (${connectionText(trouble.because)}); the ${trouble.what} was not sent.`;
    case 'ANSWER_UNCLEAR':
      return `The ${trouble.what} was sent and no clear answer came: ${connectionText(trouble.because)}.`;
    case 'ANSWER_PROVES_NOTHING':
      return `The ${trouble.what} was sent and the answer proves nothing: ${trouble.said}.`;
    case 'NO_ORDER_ID':
      return `The broker answered the order with success but names none: ${[...trouble.said, 'no order id in it'].join('; ')}`;
    case 'ORDER_IMPOSSIBLE':
      return `The order was not sent: ${orderFaultText(trouble.fault)}.`;
    case 'READ_ONLY':
      return trouble.what === 'cancel'
        ? 'READ_ONLY is set, so this bot cancels nothing'
        : 'READ_ONLY is set, so no order leaves this bot';
  }
}

/** A trader reads these: what befalls an order on its way is said in words, with the code for whoever runs the bot. */
export function connectionText(trouble: ConnectionTrouble): string {
  switch (trouble.code) {
    case 'DEADLINE_PASSED':
      return 'its deadline had passed';
    case 'NO_ANSWER_WITHIN':
      return `no answer within ${trouble.ms} ms`;
    case 'ANSWER_TOO_LARGE':
      return `an answer of more than ${trouble.bytes} bytes`;
    case 'CONNECTION_CUT':
      return `the connection was cut (${trouble.named})`;
    case 'CONNECTION_FAILED':
      return trouble.named;
  }
}

/** Why the account’s stream is down, in half a sentence. */
export function streamText(reason: StreamReason): string {
  if (typeof reason === 'string' || isBrokerTrouble(reason)) return saidText(reason);
  switch (reason.code) {
    case 'NOT_STARTED':
      return 'not started';
    case 'NOT_CONNECTED':
      return 'not connected';
    case 'CLOSED_BY_US':
      return 'closed by us';
    case 'NOT_STARTABLE':
      return 'no connection could be started';
    case 'CLOSED':
      return `connection closed (${reason.status})`;
    case 'FAILED':
      return `connection failed: ${reason.said}`;
    case 'ACTION_REFUSED':
      return `${reason.action} refused: ${reason.said ?? 'no reason given'}`;
    case 'ACTION_UNACKNOWLEDGED':
      return `${reason.action} not acknowledged within ${reason.ms} ms`;
    case 'UNTOLD':
      return UNTOLD[reason.what];
  }
}

const UNTOLD = {
  message: 'a message could not be read',
  order: 'an order could not be read',
  'complex-order': 'a complex order changed',
  type: 'a message of an unknown type',
  account: 'a message of no known account',
};

function refusalText(because: Extract<BrokerTrouble, { code: 'LOGIN_REFUSED' }>['because']): string {
  if (because.why === 'no-token') return 'its answer holds no access token';
  return because.why === 'said' ? because.said : `it redirects elsewhere (HTTP ${because.status})`;
}

function orderFaultText(fault: OrderFault): string {
  switch (fault.is) {
    case 'legs':
      return `it has ${fault.legs} legs, one to four are possible`;
    case 'trigger-not-positive':
      return 'its trigger is not positive';
    case 'price-not-positive':
      return 'its price is not positive';
    case 'no-effect':
      return 'it says neither debit nor credit';
    case 'symbol-twice':
      return 'a symbol occurs twice';
    case 'odd-quantity':
      return 'a quantity is not a positive whole number';
  }
}
