import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { singleLegTicks } from '../../src/domain/ticks.js';
import type { Broker } from '../../src/ports/broker.js';
import { d } from '../domain/build.js';
import { VirtualClock } from './support/clocks.js';
import { brokerOn, data, FakeApi, failure, items } from './support/fake-api.js';
import { SHORT_PUT } from './support/wire.js';

const QUOTES = 'GET /market-data/by-type';
const SESSION = 'GET /market-time/equities/sessions/current';

let api: FakeApi;
let clock: VirtualClock;
let sut: Broker;

beforeEach(async () => {
  api = await FakeApi.start();
  clock = new VirtualClock('2026-11-23T15:00:00Z');
  sut = brokerOn(api, { clock });
});
afterEach(() => api.close());

describe('quotes', () => {
  it('asks by type, encoding the spaces of option symbols as %20', async () => {
    api.on(QUOTES, items([{ symbol: SHORT_PUT, bid: '1.05', ask: 1.15, mark: '1.10', 'bid-size': '0.0' }]));
    const quotes = await sut.quotes([
      { symbol: SHORT_PUT, kind: 'option' },
      { symbol: 'SPX', kind: 'index' },
      { symbol: 'BRK/B', kind: 'equity' },
    ]);
    expect(quotes.get(SHORT_PUT)?.ask?.toFixed()).toBe('1.15');
    expect([...quotes.keys()]).toEqual([SHORT_PUT]);
    expect(api.asked(QUOTES)[0]?.url.split('?')[1]).toBe(
      'equity-option%5B%5D=SPXW%20%20261218P05800000&index%5B%5D=SPX&equity%5B%5D=BRK%2FB',
    );
  });

  it.each([
    [100, 1],
    [101, 2],
    [200, 2],
  ])('asks for %i symbols in %i requests of at most 100', async (symbols, requests) => {
    api.on(QUOTES, items([]));
    await sut.quotes(
      Array.from({ length: symbols }, (_, index) => ({ symbol: `S${index}`, kind: 'equity' })),
    );
    const counts = api.asked(QUOTES).map(({ url }) => url.split('&').length);
    expect(counts).toHaveLength(requests);
    expect(Math.max(...counts)).toBeLessThanOrEqual(100);
    expect(counts.reduce((sum, count) => sum + count)).toBe(symbols);
  });

  it('asks for a symbol once and for nothing not at all', async () => {
    api.on(QUOTES, items([]));
    expect((await sut.quotes([])).size).toBe(0);
    await sut.quotes([
      { symbol: 'A', kind: 'equity' },
      { symbol: 'A', kind: 'equity' },
    ]);
    expect(api.asked(QUOTES).map(({ url }) => url.split('?')[1])).toEqual(['equity%5B%5D=A']);
  });

  it('takes missing, null and NaN prices for not served', async () => {
    api.on(QUOTES, items([{ symbol: 'VIX', bid: 'NaN', ask: null, 'bid-size': '0.0', mark: '' }]));
    const quotes = await sut.quotes([{ symbol: 'VIX', kind: 'index' }]);
    const none = { bid: null, ask: null, mark: null, at: null, previousClose: null };
    expect(quotes.get('VIX')).toEqual({ ...none, halted: false });
  });

  it('tells where it closed before, if price and day can both be read', async () => {
    const rows = [
      { symbol: 'A', 'prev-close': '5.10', 'prev-close-date': '2026-11-20' },
      { symbol: 'B', 'prev-close': 'NaN', 'prev-close-date': '2026-11-20' },
      { symbol: 'C', 'prev-close': '5.10', 'prev-close-date': '2026-02-30' },
      { symbol: 'D', 'prev-close': '5.10', 'prev-close-date': 20261120 },
    ];
    api.on(QUOTES, items(rows));
    const quotes = await sut.quotes(rows.map(({ symbol }) => ({ symbol, kind: 'equity' })));
    expect([...quotes.values()].map(({ previousClose }) => previousClose)).toEqual([
      { price: d('5.10'), day: '2026-11-20' },
      null,
      null,
      null,
    ]);
  });

  it('tells since when a quote stands, and that trading is halted', async () => {
    const told = { symbol: 'A', mark: '5', 'updated-at': '2026-11-23T14:59:58Z', 'is-trading-halted': true };
    api.on(QUOTES, items([told]));
    const quotes = await sut.quotes([{ symbol: 'A', kind: 'equity' }]);
    expect(quotes.get('A')).toMatchObject({ at: new Date('2026-11-23T14:59:58Z'), halted: true });
  });

  it.each([400, 403, 404])('takes HTTP %i for absence', async (status) => {
    api.on(QUOTES, failure(status, 'none', 'Nothing here'));
    expect((await sut.quotes([{ symbol: 'A', kind: 'equity' }])).size).toBe(0);
  });

  it.each([429, 500])('does not take HTTP %i for absence', async (status) => {
    api.on(QUOTES, failure(status, 'x', 'Not now'));
    await expect(sut.quotes([{ symbol: 'A', kind: 'equity' }])).rejects.toMatchObject({ retryable: true });
  });
});

describe('underlying', () => {
  it('reads the option schedule in ascending order whatever order it came in', async () => {
    api.on(
      'GET /instruments/equities/SPX',
      data({
        symbol: 'SPX',
        'is-index': true,
        active: false,
        'option-tick-sizes': [
          { value: '0.1' },
          { threshold: '3.0', value: '0.05' },
          { value: 0.01, threshold: 1 },
        ],
      }),
    );
    const spx = await sut.underlying('SPX');
    expect(spx.isIndex).toBe(true);
    expect(
      singleLegTicks(spx)?.map(({ below, increment }) => [below?.toFixed() ?? null, increment.toFixed()]),
    ).toEqual([
      ['1', '0.01'],
      ['3', '0.05'],
      [null, '0.1'],
    ]);
  });

  it('keeps a symbol with a slash in one path segment', async () => {
    api.on('GET /instruments/equities/BRK/B', data({ symbol: 'BRK/B', 'is-index': false }));
    expect((await sut.underlying('BRK/B')).optionTicks).toEqual([]);
    expect(api.seen.at(-1)?.url).toBe('/instruments/equities/BRK%2FB');
  });

  it('refuses a tick of zero', async () => {
    api.on('GET /instruments/equities/X', data({ symbol: 'X', 'option-tick-sizes': [{ value: '0' }] }));
    await expect(sut.underlying('X')).rejects.toMatchObject({ name: 'BrokerProtocolError' });
  });

  it('asks for several at once in one request, and misses none', async () => {
    const listed = ['A', 'BRK/B'].map((symbol) => ({ symbol, 'is-index': false }));
    api.on('GET /instruments/equities', items(listed));
    const asked = ['A', 'BRK/B', 'C'].map((symbol) => sut.underlying(symbol));
    expect((await asked[1])?.symbol).toBe('BRK/B');
    await expect(asked[2]).rejects.toMatchObject({ name: 'BrokerProtocolError' });
    expect(api.asked('GET /instruments/equities')[0]?.url).toContain('symbol%5B%5D=A&symbol%5B%5D=BRK%2FB');
    expect(api.seen.filter(({ url }) => url.startsWith('/instruments'))).toHaveLength(1);
  });

  it('asks once an hour however many ask, but keeps no failure', async () => {
    const route = 'GET /instruments/equities/A';
    api.on(route, failure(404, 'x', 'No'), data({ symbol: 'A' }));
    await expect(sut.underlying('A')).rejects.toThrow();
    await Promise.all([sut.underlying('A'), sut.underlying('A')]);
    clock.advance(3_599_000);
    await sut.underlying('A');
    expect(api.asked(route)).toHaveLength(2);
    clock.advance(2_000);
    await sut.underlying('A');
    expect(api.asked(route)).toHaveLength(3);
  });
});

describe('marketSession', () => {
  const today = { 'open-at': '2026-11-23T14:30:00.000Z', 'close-at': '2026-11-23T21:00:00.000Z' };
  const next = { 'open-at': '2026-11-24T14:30:00.000Z', 'close-at': '2026-11-24T21:00:00.000Z' };

  it('is open on the exact word only', async () => {
    api.on(SESSION, data({ state: 'Open', ...today, 'next-session': next }));
    expect(await sut.marketSession()).toEqual({
      open: true,
      opensAt: new Date(today['open-at']),
      closesAt: new Date(today['close-at']),
    });
    for (const state of ['Closed', 'Pre-market', 'Pre-Market', 'Extended', 'After-Hours', 'Opening']) {
      api.on(SESSION, data({ state, ...today, 'next-session': next }));
      expect((await sut.marketSession()).open).toBe(false);
    }
  });

  it("tells today's session while it lies ahead, the next one after it", async () => {
    api.on(SESSION, data({ state: 'Pre-market', ...today, 'next-session': next }));
    expect((await sut.marketSession()).opensAt).toEqual(new Date(next['open-at']));
    clock.set(Date.parse('2026-11-23T14:29:59Z'));
    expect((await sut.marketSession()).opensAt).toEqual(new Date(today['open-at']));
  });

  it('tells the next session on a closed day, and nothing where nothing is told', async () => {
    api.on(SESSION, data({ state: 'Closed', 'open-at': null, 'next-session': next }));
    expect(await sut.marketSession()).toMatchObject({ open: false, opensAt: new Date(next['open-at']) });
    api.on(SESSION, data({ state: 'Closed' }));
    expect(await sut.marketSession()).toEqual({ open: false, opensAt: null, closesAt: null });
  });
});
