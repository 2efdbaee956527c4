import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import type { FailureCode, Failures, WhenFault } from '../../src/domain/failures.js';
import type { OddRow } from '../../src/domain/types.js';
import { failureOf } from '../../src/screens/failure.js';
import { wordsOf } from '../../src/screens/failures/index.js';
import { d, option, x } from '../domain/build.js';

const ACCOUNTS = [
  { digits: '1111', nickname: 'Margin', oneOfSeveral: true },
  { digits: '2222', nickname: null, oneOfSeveral: true },
];

const PUT = option('QQQ 2026-12-18 480 P');
const LOT = { instrument: PUT, contracts: 2 };
const ODD: OddRow = {
  what: 'order',
  name: '41',
  why: 'its price reads “x”, which is no number',
  concern: 'account',
  doubts: 'coverage',
};

const WHEN_FAULTS: WhenFault[] = [
  ...(['nothing', 'no-time', 'time', 'seconds', 'no-length', 'length', 'now'] as const).map((fault) => ({
    fault,
  })),
  ...(['every', 'market-edge', 'market-offset', 'cron-day'] as const).map((fault) => ({ fault })),
  { fault: 'too-long', most: 120 },
  { fault: 'too-far', days: 366 },
  { fault: 'market-too-far', hours: 12 },
  { fault: 'no-such-day', years: [2000, 2099] },
  { fault: 'cron-fields', fields: 4 },
  { fault: 'cron-field', field: 'hour' },
];

/** Facts of every code, a variant each where the words differ; the compiler asks for those of a new one. */
const SAMPLES: { readonly [Code in FailureCode]: readonly Failures[Code][] } = {
  HALTED: [
    { halt: { by: '7', at: new Date('2026-11-23T15:00:00Z'), reason: null } },
    { halt: { by: 'cli', at: new Date('2026-11-23T15:00:00Z'), reason: 'Fed at 2' } },
  ],
  HALTED_MEANWHILE: [{ halt: { by: '7', at: new Date('2026-11-23T15:00:00Z'), reason: null } }],
  READ_ONLY: [{}],
  NOBODY_MAY_TRADE: [{ to: 'trade' }, { to: 'schedule' }],
  NOT_A_TRADER: [{ to: 'trade' }, { to: 'schedule' }],
  NOT_A_VIEWER: [{ where: 'server' }, { where: 'direct-message' }],
  WRONG_CHANNEL: [{ channelIds: ['1', '2'] }],
  WRONG_SERVER: [{}],
  SERVER_NOT_KNOWN: [{}],
  TOO_MUCH_AT_ONCE: [{ underWay: 2 }],
  ACCOUNT_UNKNOWN: [
    { there: ['0001', null], named: 1 },
    { there: [], named: 2 },
  ],
  ACCOUNT_NONE: [{}],
  ACCOUNT_UNREADABLE: [{ count: 1 }, { count: 2 }],
  ACCOUNT_NOT_OURS: [{ typed: '9999', accounts: ACCOUNTS }],
  STILL_READING: [{}],
  ACCOUNT_NEEDED: [{ accounts: ACCOUNTS }],
  ACCOUNT_GONE: [{ digits: '9999' }],
  POSITION_ELSEWHERE: [{ id: 37, account: { digits: '2222', nickname: 'Roth IRA', oneOfSeveral: true } }],
  POSITION_NOT_OURS: [{ id: 37, digits: '9999' }],
  POSITIONS_APART: [{ accounts: ACCOUNTS }],
  NOT_YOUR_PREVIEW: [{ ownerId: '7' }],
  PLAN_MISSING: [{}],
  ALREADY_SUBMITTED: [{}],
  PLAN_SUPERSEDED: [{}],
  PLAN_CANCELLED: [{}],
  PLAN_EXPIRED: [{}],
  PLAN_STALE: [{}],
  LOOKALIKE_SETTLED: [{}],
  LOOKALIKE_CHANGED: [{}],
  LOOKALIKE_TAKEN: [{ orderId: '99' }],
  ORDERS_UNDER_WAY: [{}],
  DRY_RUN: [{}],
  NOT_ACKNOWLEDGED: [{ asked: 'press' }, { asked: 'command' }],
  OUTDATED: [{}],
  PLAN_OUTDATED: [{}],
  PLAN_OFF_TICK: [{ label: 'Put verticals (1 of 2)' }],
  NOTHING_TO_SEND: [{}],
  STOPPING: [{}],
  POSITION_CHANGED: [
    { orderIds: [] },
    { orderIds: ['41'] },
    {
      changes: [
        { what: 'held', symbol: 'QQQ', before: 1, now: 0 },
        { what: 'restricted', symbol: 'QQQ', before: 0, now: 1 },
        { what: 'closing', symbol: 'QQQ', orderId: '41', before: 0, now: 1 },
        { what: 'closing', symbol: 'QQQ', orderId: '41', before: 2, now: 1 },
        { what: 'closing', symbol: 'QQQ', orderId: '41', before: 1, now: 0 },
        { what: 'unreadable', row: ODD },
      ],
    },
  ],
  NOT_SENT: [
    { because: 'unexpected' },
    { because: { database: 'locked' } },
    { because: { unread: 'accounts' } },
    { because: { unread: { said: null } } },
    { because: { unread: { said: 'no answer' } } },
  ],
  OVER_COVERED: [{ planned: 3, instrument: PUT, held: 4, restricted: 1, working: 2 }],
  ENTRY_IMPLAUSIBLE: [
    { doubt: { kind: 'credit', why: 'unknown' } },
    { doubt: { kind: 'debit', why: 'not-above-zero', amount: x('-1') } },
    { doubt: { kind: 'credit', why: 'not-below-width', amount: x('11'), width: d(10) } },
  ],
  PERCENT_OUT_OF_RANGE: [{ percent: d(101), of: 'credit', most: d(100) }],
  NO_PROFIT_ON_TICK: [{ limit: d('0.05') }],
  PRICE_OFF_TICK: [
    { price: d(0), valid: null },
    { price: d('1.23'), valid: { tick: d('0.05'), below: d('1.20'), above: d('1.25') } },
    { price: d('0.01'), valid: { tick: d('0.05'), below: null, above: d('0.05') } },
  ],
  PRICE_ABOVE_WIDTH: [{ price: d(11), width: d(10) }],
  PRICE_OUT_OF_REACH: [
    { percent: d(90), of: 'debit', price: x('20'), most: d(15), isWorth: true, highest: d(25) },
    { percent: d(90), of: 'debit', price: x('20'), most: d(15), isWorth: false, highest: null },
  ],
  LADDER_TOO_LONG: [
    { label: 'Short put', asked: 3, free: 2, dealt: [] },
    { label: 'Put verticals', asked: 3, free: 2, dealt: [{ label: 'Put verticals', percents: [d(40)] }] },
  ],
  PERCENT_NEEDED: [{ label: 'Custom', opened: 'debit' }],
  PRICE_NEEDS_ONE_TARGET: [
    { positions: 2 },
    { targets: ['Put verticals', 'Call verticals'], unpriced: 0 },
    { targets: ['Put verticals', 'Call verticals'], unpriced: 2 },
  ],
  STOP_IMPOSSIBLE: [
    { label: 'Put vertical', because: { why: 'percent', percent: d(0), of: 'credit' } },
    { label: 'Put vertical', because: { why: 'percent', percent: d(100), of: 'debit' } },
    { label: 'Put vertical', because: { why: 'width', trigger: d(5), width: d(5), highest: d(395) } },
    { label: 'Put vertical', because: { why: 'width', trigger: d(5), width: d(5), highest: null } },
    { label: 'Put vertical', because: { why: 'past', trigger: d(2), now: d('2.10') } },
    { label: 'Put vertical', because: { why: 'target', trigger: d('0.50'), target: d('0.50') } },
  ],
  OPTIONS_CONFLICT: [{ asked: 'several-overrides' }, { asked: 'two-ladders' }, { asked: 'naked-all' }],
  TOO_MANY_LEGS: [{ label: 'Custom', legs: 5, most: 4 }],
  MIXED_MULTIPLIERS: [{ label: 'Custom' }],
  ORDER_TOO_LARGE: [{ label: 'Short put', contracts: 9, most: 5 }],
  CLOSE_UNQUOTED: [{ at: 'mid' }, { at: 'mark' }, { at: 'natural' }, { at: 'step' }],
  CLOSE_AT_MARKET: [{ orderId: '701', price: d('0.85') }],
  CLOSE_IMPOSSIBLE: [
    { id: 37, why: 'no-options' },
    { id: 37, why: 'stuck' },
    { id: 37, why: 'uneven' },
  ],
  PORTION_IMPOSSIBLE: [
    { id: 37, asked: 0, most: 3, held: 3 },
    { id: 37, asked: 5, most: 2, held: 3 },
  ],
  CLOSE_UNREADABLE: [
    { typed: 'cheap', what: 'at' },
    { typed: 'some', what: 'portion' },
  ],
  TICKS_UNKNOWN: [{ symbol: 'QQQ' }],
  NOT_A_NUMBER: [{ typed: null }, { typed: 'many', what: 'ladder' }],
  COMMA_UNCLEAR: [
    { typed: '37,5', numbers: ['37', '5'] },
    { typed: '1,250', prices: ['1.250', '1250'] },
    { typed: '1,2,3', prices: [] },
  ],
  NOTHING_UNCOVERED: [
    { odd: [], why: 'no-positions' },
    { odd: [ODD], why: 'no-positions' },
    { odd: [ODD, ODD, ODD, ODD], why: 'all-covered' },
    { odd: [], why: 'expired' },
    { odd: [], why: { stuck: [37] } },
    { odd: [], why: { stuck: [37, 38] } },
  ],
  LEAVES_SHORT_NAKED: [
    { id: 37, parts: [{ sold: [LOT], leaves: [LOT] }], unsure: null },
    { id: 37, parts: [{ sold: [LOT], leaves: [LOT] }], unsure: ODD },
  ],
  POSITION_UNKNOWN: [{ typed: 'mine' }, { id: 37, odd: null }, { id: 37, odd: ODD }],
  ORDER_UNKNOWN: [{ id: '41' }],
  ORDER_UNREADABLE: [{ row: ODD }],
  NOTHING_TO_CANCEL: [
    { positionId: 37, order: null },
    { positionId: null, order: { id: '701', status: 'Filled' } },
    { positionId: null, order: null },
  ],
  ADOPT_IMPOSSIBLE: (['ours', 'ended', 'no-target', 'several', 'under-way', 'linked'] as const).map(
    (why) => ({
      orderId: '701',
      why,
    }),
  ),
  FORGET_IMPOSSIBLE: [{ orderId: '701' }, { orderId: null }],
  CANCEL_NOT_YOURS: [{ ownerId: '7' }],
  CANCEL_MISSING: [{}],
  CANCEL_CONFIRMED: [{}],
  CANCEL_WITHDRAWN: [{}],
  CANCEL_EXPIRED: [{}],
  CANCEL_OVER: [{ orderIds: ['701'] }, { orderIds: ['701', '702'] }],
  CANCEL_UNDER_WAY: [{ orderIds: ['701'] }, { orderIds: ['701', '702'] }],
  CHANGE_IMPOSSIBLE: (['unknown', 'no-target', 'linked', 'stuck', 'filled', 'replaced'] as const).map(
    (why) => ({
      orderId: '701',
      why,
    }),
  ),
  CHANGE_STOPPED: [
    ...[true, false].flatMap((asked) => [
      { orderId: '701', status: 'Filled', traded: false, replacedBy: null, asked },
      { orderId: '701', status: null, traded: false, replacedBy: null, asked },
      { orderId: '701', status: 'Cancelled', traded: true, replacedBy: null, asked },
      { orderId: '701', status: 'Cancelled', traded: false, replacedBy: '709', asked },
    ]),
  ],
  CHANGE_UNPLACED: [{ orderIds: ['701'], because: new UserError('PLAN_EXPIRED', {}) }],
  PREVIEW_UNCHANGED: [{ because: new UserError('NOT_AN_UNDERLYING', { typed: 'a b c' }) }],
  REMINDER_REMOVED: [{}],
  REMINDER_NOT_HERE: [{ id: 4 }],
  REMINDER_NOT_READ: [{ typed: 'what' }],
  REMINDER_ENDED: [{ id: 4 }],
  REMINDER_HANDLED: [{ at: new Date('2026-11-23T15:00:00Z') }],
  TOO_MANY_REMINDERS: [{ most: 100 }],
  WHEN_NEVER: [
    { when: '2026-11-26 9:00', marketDaysOnly: true },
    { when: '0 0 30 2 *', marketDaysOnly: false },
  ],
  ZONE_UNKNOWN: [{ typed: 'Mars' }],
  DAYS_UNREADABLE: [{ typed: 'soon' }],
  NOT_AN_UNDERLYING: [{ typed: '???' }],
  DATABASE_OF_ANOTHER_ENVIRONMENT: [{ owner: 'PAPER', environment: 'SANDBOX' }],
  DATABASE_NEWER: [{ migrations: ['Later2099'] }],
  WHEN_UNREADABLE: [{ part: '', why: null }, ...WHEN_FAULTS.map((why) => ({ part: 'soonish', why }))],
  WHEN_PAST: [
    { when: '2026-12-18 10:00', zone: 'Europe/Berlin' },
    { when: '2026-12-18T10:00:00Z', zone: null },
  ],
  OPTION_UNUSED: [{ kind: 'expiry', unused: ['text'], takes: ['dte', 'position'] }],
  OPTION_MISSING: [{ kind: 'note', missing: ['text'] }],
  KIND_UNKNOWN: [{ typed: 'alarm', known: ['expiry', 'note'] }],
  SETTINGS_INVALID: [{ problems: [{ name: 'BROKER', fault: { is: 'missing' }, example: 'BROKER=paper' }] }],
  DATABASE_UNREACHABLE: [{ name: './data/bot.sqlite', said: 'it is a directory.' }],
  DATABASE_URL_INVALID: [
    ...(['scheme', 'no-file', 'sqlite-host', 'sqlite-query', 'no-url', 'no-database'] as const).map(
      (why) => ({ why }),
    ),
  ],
  PAPER_STATE_IN_USE: [{ stateFile: './data/paper-broker.json' }],
  LOCAL_SERVER_FAILED: [
    { name: 'paper-broker', said: 'The folder is not writable.', named: 'EACCES', exit: null },
    { name: 'local-discord', said: null, named: null, exit: 1 },
  ],
  PROFIT_TARGETS_INVALID: [
    { fault: 'form', part: 'x' },
    { fault: 'twice', id: 'x' },
    { fault: 'unknown', id: 'x', known: ['y'] },
    { fault: 'too-many', id: 'x', count: 11, most: 10 },
    { fault: 'trident-needs-two' },
    { fault: 'no-percentage', id: 'x', piece: 'y' },
    { fault: 'out-of-range', id: 'x', piece: '101', most: 100 },
  ],
  BROKER_URL_REFUSED: [
    { fault: 'no-address' },
    { fault: 'more-than-host' },
    { fault: 'scheme', secure: 'https:' },
    { fault: 'plain', host: 'x.example', secure: 'https:', plain: 'http:' },
    { fault: 'not-theirs', host: 'x.example' },
  ],
  DATABASE_NOT_DURABLE: [{}],
  DISCORD_TOKEN_REFUSED: [{}],
  DISCORD_GATEWAY_REFUSED: [{ said: 'Used invalid intents' }],
  DISCORD_GUILD_REFUSED: [{}],
  DISCORD_COMMANDS_REFUSED: [{ said: 'Invalid Form Body' }],
};

const SENT = /\b(was sent|sent nothing|never sends)\b/gi;

const all = Object.entries(SAMPLES).flatMap(([code, samples]) =>
  samples.map((facts) => new UserError(code as FailureCode, facts as Failures[FailureCode])),
);

describe('the words of a failure', () => {
  it.each(all.map((error) => [error.message, error] as const))('%s', (_, error) => {
    const { what, hint, saysSent } = wordsOf(error);
    const said = `${what}\n${hint ?? ''}`;
    // Whether anything was sent is told once: by the words that claim to, else by the sentence that is added.
    expect(said.match(SENT) !== null).toBe(saysSent === true);
    expect(failureOf(error, true).text.match(SENT)).toHaveLength(1);
    expect(said).not.toMatch(/undefined|\[object|NaN/);
    // A list stands below its sentence.
    expect(what.split(/\n(?:•| {2}-) /)[0]).toMatch(/[.!?]$|Form Body$|\(nothing was started\):$/);
  });

  it('a slip leaves the preview as it was, and keeps its own words', () => {
    const because = new UserError('DAYS_UNREADABLE', { typed: 'soon' });
    expect(wordsOf(new UserError('PREVIEW_UNCHANGED', { because }))).toEqual({
      what: `${wordsOf(because).what} The preview is unchanged and nothing was sent.`,
      hint: wordsOf(because).hint,
      saysSent: true,
    });
  });
});
