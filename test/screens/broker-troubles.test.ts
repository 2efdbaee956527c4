import { describe, expect, it } from 'vitest';
import type { BrokerTrouble, ConnectionTrouble, OrderFault } from '../../src/domain/broker-troubles.js';
import { BrokerUnreachable } from '../../src/domain/errors.js';
import { becauseOf, keptReason, readReason } from '../../src/domain/reasons.js';
import type { CodedFault } from '../../src/domain/row-faults.js';
import { connectionText, saidText } from '../../src/screens/failures/broker.js';
import { reasonText } from '../../src/screens/reasons.js';
import { rowFaultText } from '../../src/screens/row-faults.js';

const PUT = 'QQQ   261218P00480000';
const SILENT: ConnectionTrouble = { code: 'NO_ANSWER_WITHIN', ms: 3_000 };
const fault: CodedFault = { code: 'MISSING', place: { field: 'status', leg: null, fill: false } };

/** Each code once, and what people read of it; the compiler asks for a new one. */
const TROUBLES: { [Code in BrokerTrouble['code']]: [Extract<BrokerTrouble, { code: Code }>, string] } = {
  UNREADABLE: [
    { code: 'UNREADABLE', answer: 'options', fault },
    'The broker sent a list of options I can’t read: its status is missing.',
  ],
  UNDERLYING_UNREADABLE: [
    { code: 'UNDERLYING_UNREADABLE', symbol: 'SPX', fault },
    'The broker’s facts about SPX can’t be read: its status is missing.',
  ],
  UNDERLYING_UNLISTED: [
    { code: 'UNDERLYING_UNLISTED', symbol: 'SPX' },
    'The broker’s list of underlyings misses SPX.',
  ],
  NOT_JSON: [{ code: 'NOT_JSON', where: '/x' }, 'The broker’s answer to /x is not JSON.'],
  REDIRECTED: [
    { code: 'REDIRECTED', where: '/x', status: 302 },
    'The broker redirects /x (HTTP 302); not followed.',
  ],
  TRIAL_SAYS_NOTHING: [{ code: 'TRIAL_SAYS_NOTHING' }, 'The broker’s dry run says nothing.'],
  LIST_CUT_SHORT: [
    { code: 'LIST_CUT_SHORT', told: 7, given: 5 },
    'The broker’s list says it has 7 items and gave 5.',
  ],
  PAGES_MISSING: [{ code: 'PAGES_MISSING' }, 'The broker’s list has fewer pages than it says.'],
  PAGES_ENDLESS: [
    { code: 'PAGES_ENDLESS', pages: 2_000 },
    'The broker’s list does not end after 2000 pages.',
  ],
  LOGIN_SILENT: [
    { code: 'LOGIN_SILENT', because: SILENT },
    'The broker’s login did not answer: no answer within 3000 ms.',
  ],
  LOGIN_FAILED: [{ code: 'LOGIN_FAILED', status: 503 }, 'The broker’s login answered with HTTP 503.'],
  LOGIN_REFUSED: [
    { code: 'LOGIN_REFUSED', because: { why: 'said', said: 'invalid_grant' } },
    'The broker refused the login: invalid_grant. Check the client secret, the refresh token and the environment.',
  ],
  LOGIN_NOT_ACCEPTED: [
    { code: 'LOGIN_NOT_ACCEPTED', where: '/x' },
    'The broker does not accept our login for /x.',
  ],
  BROKER_SILENT: [
    { code: 'BROKER_SILENT', where: '/x', because: SILENT },
    'The broker did not answer /x: no answer within 3000 ms.',
  ],
  BROKER_FAILED: [
    { code: 'BROKER_FAILED', where: '/x', said: 'HTTP 503' },
    'The broker failed at /x: HTTP 503.',
  ],
  TIME_RAN_OUT: [
    { code: 'TIME_RAN_OUT', what: 'order' },
    'Its time to leave had run out; the order was not sent.',
  ],
  NEVER_LEFT: [
    { code: 'NEVER_LEFT', what: 'cancel', because: { code: 'CONNECTION_FAILED', named: 'ECONNREFUSED' } },
    'The broker can’t be reached (ECONNREFUSED); the cancel was not sent.',
  ],
  ANSWER_UNCLEAR: [
    { code: 'ANSWER_UNCLEAR', what: 'order', because: { code: 'CONNECTION_CUT', named: 'ECONNRESET' } },
    'The order was sent and no clear answer came: the connection was cut (ECONNRESET).',
  ],
  ANSWER_PROVES_NOTHING: [
    { code: 'ANSWER_PROVES_NOTHING', what: 'order', said: 'HTTP 502' },
    'The order was sent and the answer proves nothing: HTTP 502.',
  ],
  NO_ORDER_ID: [
    { code: 'NO_ORDER_ID', said: ['Routes at the open'] },
    'The broker answered the order with success but names none: Routes at the open; no order id in it',
  ],
  ORDER_IMPOSSIBLE: [
    { code: 'ORDER_IMPOSSIBLE', fault: { is: 'legs', legs: 5 } },
    'The order was not sent: it has 5 legs, one to four are possible.',
  ],
  READ_ONLY: [{ code: 'READ_ONLY', what: 'cancel' }, 'READ_ONLY is set, so this bot cancels nothing'],
};

describe('a trouble with the broker', () => {
  it.each(Object.values(TROUBLES))('is told and kept: $code', (trouble, words) => {
    expect(saidText(trouble)).toBe(words);
    expect(reasonText(trouble)).toBe(words);
    expect(readReason(keptReason(trouble))).toEqual(trouble);
  });

  it('is told within other reasons, and as it was said where that is others’ words', () => {
    const [trouble, words] = TROUBLES.BROKER_FAILED;
    expect(reasonText({ code: 'NOT_SENT', said: trouble })).toBe(`Not sent: ${words}`);
    const because = becauseOf(new BrokerUnreachable(trouble));
    expect(reasonText({ code: 'NOT_PUT_TOGETHER', because })).toBe(`It could not be put together: ${words}`);
    expect(saidText('Not now')).toBe('Not now');
  });

  it.each<[OrderFault, string]>([
    [{ is: 'trigger-not-positive' }, 'its trigger is not positive'],
    [{ is: 'price-not-positive' }, 'its price is not positive'],
    [{ is: 'no-effect' }, 'it says neither debit nor credit'],
    [{ is: 'symbol-twice' }, 'a symbol occurs twice'],
    [{ is: 'odd-quantity' }, 'a quantity is not a positive whole number'],
  ])('says why an order can’t be sent: %o', (orderFault, words) => {
    expect(saidText({ code: 'ORDER_IMPOSSIBLE', fault: orderFault })).toBe(
      `The order was not sent: ${words}.`,
    );
  });

  it('says why no answer came', () => {
    expect(connectionText({ code: 'DEADLINE_PASSED' })).toBe('its deadline had passed');
    expect(connectionText({ code: 'ANSWER_TOO_LARGE', bytes: 9 })).toBe('an answer of more than 9 bytes');
    expect(saidText({ code: 'LOGIN_REFUSED', because: { why: 'no-token' } })).toContain(
      'its answer holds no access token',
    );
    expect(saidText({ code: 'LOGIN_REFUSED', because: { why: 'redirected', status: 302 } })).toContain(
      'it redirects elsewhere (HTTP 302)',
    );
    expect(saidText({ code: 'READ_ONLY', what: 'order' })).toBe(
      'READ_ONLY is set, so no order leaves this bot',
    );
  });
});

describe('why a row can’t be read', () => {
  const leg = { symbol: PUT, number: 2 };
  it.each<[CodedFault, string]>([
    [
      { code: 'UNRECOGNISABLE', place: { field: null, leg: null, fill: false } },
      'it can’t be made out at all',
    ],
    [
      { code: 'UNRECOGNISABLE', place: { field: null, leg, fill: true } },
      'a fill of QQQ 18 Dec 26 480 P can’t be made out at all',
    ],
    [
      { code: 'EMPTY', place: { field: 'action', leg: { symbol: null, number: 2 }, fill: false } },
      'the side (buy or sell, open or close) of leg 2 is empty',
    ],
    [
      {
        code: 'ODD_VALUE',
        place: { field: 'fill-price', leg, fill: true },
        value: 'NaN',
        wrong: 'no-number',
      },
      'the price of a fill of QQQ 18 Dec 26 480 P reads “NaN”, which is no number',
    ],
    [
      { code: 'ODD_VALUE', place: { field: 'status', leg: null, fill: false }, value: 'Foo', wrong: null },
      'its status reads “Foo”, which I don’t know',
    ],
    [
      { code: 'ODD_KIND', symbol: 'x y', kind: 'Thing', known: false },
      '“x y” is called “Thing”, which I don’t know',
    ],
    [
      { code: 'ODD_KIND', symbol: null, kind: 'Future', known: true },
      'it is called “Future”, which its symbol isn’t',
    ],
    [{ code: 'KIND_UNLIKE_SYMBOL' }, 'its symbol and its kind don’t fit'],
    [{ code: 'ID_TWICE' }, 'two different orders have this id'],
    [{ code: 'NONE_ORDERED', symbol: PUT }, 'it orders none of QQQ 18 Dec 26 480 P'],
    [{ code: 'FILL_WITHOUT_TIME', symbol: 'QQQ' }, 'a fill of QQQ has no time'],
  ])('%o', (rowFault, words) => {
    expect(rowFaultText(rowFault)).toBe(words);
  });

  it('stays as an earlier version said it', () => {
    expect(rowFaultText('its status is missing')).toBe('its status is missing');
  });
});
