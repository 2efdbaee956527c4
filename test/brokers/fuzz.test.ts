import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAck, readFrame } from '../../src/brokers/tastytrade/stream-wire.js';
import { BrokerError } from '../../src/domain/errors.js';
import { oddOrders } from '../../src/domain/odd-rows.js';
import type { OddRow } from '../../src/domain/types.js';
import type { Broker } from '../../src/ports/broker.js';
import { rowFaultText } from '../../src/screens/row-faults.js';
import { brokerOf } from './support/canned.js';
import { NO_DEADLINE } from './support/clocks.js';
import { ACCOUNT } from './support/fake-api.js';
import { mutated } from './support/mutations.js';
import { closing, LONG_PUT, placedAnswer, SHORT_PUT, wireOrder, wirePosition } from './support/wire.js';

/** Every answer of the broker, field by field made odd: a typed result or a typed error, and no row lost in silence. */

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
const ADJUSTED = 'SPXW1 261218P05800000';
const WINDOW = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-23T15:00:00Z') };

const list = (...items: unknown[]) => ({
  data: { items },
  pagination: { 'total-pages': 1, 'total-items': items.length, 'page-offset': 0 },
  context: '/x',
});
const filled = wireOrder({
  id: 7,
  status: 'Filled',
  legs: [
    {
      'instrument-type': 'Equity Option',
      symbol: SHORT_PUT,
      quantity: 2,
      'remaining-quantity': 0,
      action: 'Sell to Open',
      fills: [
        { 'fill-id': 'a', quantity: 2, 'fill-price': '12.35', 'filled-at': '2026-11-02T15:31:07.041+00:00' },
      ],
    },
  ],
});
const ORDERS = list(
  wireOrder({ 'complex-order-id': 9, 'complex-order-tag': 'OCO::1', 'stop-trigger': '1.2' }),
  filled,
);
const HOLDINGS = list(wirePosition(), wirePosition({ symbol: LONG_PUT, 'quantity-direction': 'Long' }));
const PLACED = {
  data: placedAnswer(wireOrder(), { warnings: [{ code: 'c', message: 'm' }] }),
  context: '/x',
};

type Call = (broker: Omit<Broker, 'watch'>) => Promise<unknown>;

const ANSWERS: [string, unknown, Call][] = [
  [
    'accounts',
    list({
      account: { 'account-number': ACCOUNT, nickname: 'n', 'margin-or-cash': 'Margin', 'is-closed': false },
    }),
    (broker) => broker.accounts(),
  ],
  [
    'balances',
    { data: { 'net-liquidating-value': '1.0', 'cash-balance': '2', 'derivative-buying-power': 3 } },
    (broker) => broker.balances(ACCOUNT),
  ],
  [
    'trading status',
    { data: { 'is-closed': false, 'is-frozen': false, 'is-closing-only': true, 'is-in-margin-call': true } },
    (broker) => broker.tradingStatus(ACCOUNT),
  ],
  ['positions', HOLDINGS, (broker) => broker.holdings(ACCOUNT)],
  ['open orders', ORDERS, (broker) => broker.openOrders(ACCOUNT)],
  ['the history', ORDERS, (broker) => broker.searchOrders(ACCOUNT, WINDOW)],
  ['an order', { data: filled }, (broker) => broker.order(ACCOUNT, '7')],
  ['a dry run', PLACED, (broker) => broker.dryRun(ACCOUNT, closing(), 'trader')],
  ['a receipt', PLACED, (broker) => broker.submit(ACCOUNT, closing(), 'ptb-1', NO_DEADLINE)],
  [
    'an underlying',
    {
      data: {
        symbol: 'SPX',
        'is-index': true,
        'option-tick-sizes': [{ value: '0.05', threshold: '3.0' }, { value: '0.1' }],
      },
    },
    (broker) => broker.underlying('SPX'),
  ],
  [
    'option instruments',
    list({
      symbol: SHORT_PUT,
      'stops-trading-at': '2026-12-18T21:15:00.000+00:00',
      'expires-at': '2026-12-18T21:15:00.000+00:00',
      'settlement-type': 'PM',
    }),
    (broker) => broker.expirations([SHORT_PUT, LONG_PUT]),
  ],
  [
    'quotes',
    list({
      symbol: SHORT_PUT,
      bid: '1.1',
      ask: '1.2',
      mark: '1.15',
      'is-trading-halted': false,
      'updated-at': '2026-11-23T15:00:00.000+00:00',
    }),
    (broker) => broker.quotes([{ symbol: SHORT_PUT, kind: 'option' }]),
  ],
  [
    'dividends',
    list({ symbol: 'SPY', 'dividend-ex-date': '2026-12-18', 'dividend-rate-per-share': '1.9' }),
    (broker) => broker.exDividends(['SPY']),
  ],
  [
    'the session',
    {
      data: {
        state: 'Open',
        'open-at': '2026-11-23T14:30:00Z',
        'close-at': '2026-11-23T21:00:00Z',
        'next-session': { 'open-at': '2026-11-24T14:30:00Z', 'close-at': '2026-11-24T21:00:00Z' },
      },
    },
    (broker) => broker.marketSession(),
  ],
];

/** Of a test, in milliseconds. */
const timeout = 20_000 + RUNS * 100;

describe('an answer with an odd field is a typed result or a typed error', { timeout }, () => {
  it.each(ANSWERS)('%s', async (_, answer, call) => {
    await fc.assert(
      fc.asyncProperty(mutated(answer), async (odd) => {
        // What is asked for in pages ends after the first one.
        const broker = brokerOf((path) =>
          path.includes('page-offset=') && !path.includes('page-offset=0') ? list() : odd.answer,
        );
        await call(broker).catch((error: unknown) => expect(error).toBeInstanceOf(BrokerError));
      }),
      { numRuns: RUNS },
    );
  });

  it('market days', async () => {
    const holidays = {
      data: { 'market-holidays': ['2026-11-26', '2026-12-25'], 'market-half-days': ['2026-11-27'] },
    };
    const sessions = list({ 'open-at': '2026-11-23T14:30:00Z', 'close-at': '2026-11-23T21:00:00Z' });
    await fc.assert(
      fc.asyncProperty(mutated(holidays), mutated(sessions), async (one, other) => {
        const broker = brokerOf((path) => (path.includes('holidays') ? one.answer : other.answer));
        await broker
          .marketDays('2026-11-20', '2026-12-31')
          .catch((error: unknown) => expect(error).toBeInstanceOf(BrokerError));
      }),
      { numRuns: RUNS },
    );
  });

  it('sizes of special contracts', async () => {
    const legs = [
      {
        'instrument-type': 'Equity Option',
        symbol: ADJUSTED,
        quantity: 1,
        action: 'Buy to Close',
        fills: [],
      },
    ];
    await fc.assert(
      fc.asyncProperty(mutated(list({ symbol: ADJUSTED, 'shares-per-contract': 120 })), async (odd) => {
        const broker = brokerOf((path) =>
          path.startsWith('/instruments') ? odd.answer : list(wireOrder({ legs })),
        );
        const found = await broker.openOrders(ACCOUNT).catch((error: unknown) => {
          expect(error).toBeInstanceOf(BrokerError);
          return [];
        });
        for (const { legs: read } of found) {
          for (const { instrument } of read)
            expect(instrument.multiplier).toSatisfy((n: number) => Number.isInteger(n) && n > 0);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('a frame of the stream', () => {
    const note = { type: 'Order', data: wireOrder(), timestamp: 1795446000456 };
    const batch = { results: [note, { status: 'ok', action: 'connect', message: 'm' }] };
    fc.assert(
      fc.property(mutated(batch), (odd) => {
        const text = JSON.stringify(odd.answer) ?? '';
        const read = readFrame(text);
        // Each message of a batch is one, or tells that there was one.
        const sent = (odd.answer as { results?: unknown } | null | undefined)?.results;
        if (Array.isArray(sent))
          expect(read.length).toBeGreaterThanOrEqual(sent.filter((each) => !isEmptyBatch(each)).length);
        else expect(read.length).toBeGreaterThan(0);
        for (const each of read) if (each !== null && !isAck(each)) expect(typeof each.type).toBe('string');
      }),
      { numRuns: RUNS },
    );
  });
});

function isEmptyBatch(value: unknown): boolean {
  const inner = (value as { results?: unknown } | null | undefined)?.results;
  return Array.isArray(inner) && inner.length === 0;
}

/** A person can read it: nothing of a schema's own words, nor of the wire's. */
function expectPlainWords(odd: readonly OddRow[]): void {
  for (const { why: fault } of odd) {
    const why = rowFaultText(fault);
    expect(why.replaceAll(/“[^”]*”/g, '')).not.toMatch(
      /invalid|expected|received|undefined|null|object|array|string|[a-z]-[a-z]/i,
    );
    expect(why.length).toBeLessThan(200);
  }
}

describe('no row is lost in silence', { timeout }, () => {
  const rowsOf = (answer: unknown): unknown[] => {
    const items = (answer as { data?: { items?: unknown } } | null | undefined)?.data?.items;
    return Array.isArray(items) ? items : [];
  };
  const isZero = (value: unknown) =>
    ['string', 'number'].includes(typeof value) && String(value).trim() !== '' && Number(value) === 0;

  it('of what is held', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(HOLDINGS), async ({ answer }) => {
        const broker = brokerOf(() => answer);
        const read = await broker.holdings(ACCOUNT).catch(() => null);
        if (read === null) return;
        const told = new Set([
          ...read.held.map(({ instrument }) => instrument.symbol),
          ...read.odd.map(({ name }) => name),
        ]);
        for (const row of rowsOf(answer) as (Record<string, unknown> | null | undefined)[]) {
          if (isZero(row?.quantity)) continue;
          const symbol = row?.symbol;
          if (typeof symbol === 'string' && symbol !== '') expect(told).toContain(symbol);
          else expect(read.odd.length).toBeGreaterThan(0);
        }
        expectPlainWords(read.odd);
        for (const { quantity, restricted } of read.held) {
          expect(
            Number.isInteger(quantity) && quantity > 0 && restricted >= 0 && restricted <= quantity,
          ).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('of the orders, and what is read of one is possible', async () => {
    const ended = ['Filled', 'Cancelled', 'Canceled', 'Removed', 'Partially Removed', 'Rejected', 'Expired'];
    await fc.assert(
      fc.asyncProperty(mutated(ORDERS), async ({ answer }) => {
        const broker = brokerOf(() => answer);
        const read = await broker.openOrders(ACCOUNT).catch(() => null);
        if (read === null) return;
        const open = (rowsOf(answer) as (Record<string, unknown> | null | undefined)[]).filter(
          (row) => !ended.includes(String(row?.status)),
        );
        const ids = new Set(open.map((row) => JSON.stringify(row?.id ?? row ?? null)));
        expect(read.length).toBe(ids.size);
        expectPlainWords(oddOrders(read));
        for (const { legs, odd } of read) {
          if (odd) expect(legs).toEqual([]);
          for (const { quantity, remaining, fills } of legs) {
            expect(
              Number.isInteger(quantity) && quantity > 0 && remaining >= 0 && remaining <= quantity,
            ).toBe(true);
            for (const fill of fills) expect(fill.price.isFinite() && fill.quantity > 0).toBe(true);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('of an order that may have been placed: placed with its id, or of unknown fate', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(PLACED), async ({ answer }) => {
        const told = (answer as { data?: { order?: { id?: unknown } } } | null | undefined)?.data?.order?.id;
        const result = await brokerOf(() => answer)
          .submit(ACCOUNT, closing(), 'ptb-1', NO_DEADLINE)
          .then(
            ({ order }) => order.id,
            (error: Error) => error.name,
          );
        const isId =
          (typeof told === 'string' && told !== '' && told !== '0') ||
          (typeof told === 'number' && told !== 0);
        if (!isId) expect(result).toBe('OutcomeUnknown');
        else if (typeof told === 'string' || Number.isSafeInteger(told)) expect(result).toBe(String(told));
      }),
      { numRuns: RUNS },
    );
  });
});
