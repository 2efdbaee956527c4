import { startPaperBroker } from '@profit-target/paper-broker';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBroker } from '../../src/brokers/index.js';
import type { Broker } from '../../src/ports/broker.js';
import { realClock } from './support/clocks.js';
import { brokerOn, data, FakeApi, failure, items } from './support/fake-api.js';
import { told } from './support/told.js';

const METRICS = 'GET /market-metrics';

let api: FakeApi;
let sut: Broker;
beforeEach(async () => {
  api = await FakeApi.start();
  sut = brokerOn(api);
});
afterEach(() => api.close());

it('asks with one comma-separated list, slashes escaped, each symbol once', async () => {
  api.on(METRICS, items([]));
  await sut.exDividends(['AAPL', 'BRK/B', 'AAPL']);
  expect(api.asked(METRICS).map(({ url }) => url.split('?')[1])).toEqual(['symbols=AAPL,BRK%2FB']);
});

it('reads ex-date and amount, and never the stale next date', async () => {
  api.on(
    METRICS,
    items([
      {
        symbol: 'AAPL',
        'dividend-ex-date': '2026-11-09',
        'dividend-next-date': '2022-08-05',
        'dividend-rate-per-share': '0.26',
      },
      { symbol: 'TSLA' },
      { symbol: 'ODD', 'dividend-ex-date': 'soon', 'dividend-rate-per-share': 'NaN' },
    ]),
  );
  const told = await sut.exDividends(['AAPL', 'TSLA', 'ODD', 'GONE']);
  expect(told.get('AAPL')?.date).toBe('2026-11-09');
  expect(told.get('AAPL')?.amount?.toFixed()).toBe('0.26');
  expect(told.get('TSLA')).toEqual({ date: null, amount: null });
  expect(told.get('ODD')).toEqual({ date: null, amount: null });
  expect(told.has('GONE')).toBe(false);
});

it('takes a refusal for absence, asks nothing for nothing, and rejects an answer that is none', async () => {
  expect((await sut.exDividends([])).size).toBe(0);
  api.on(METRICS, failure(403, 'not_permitted', 'no metrics for you'));
  expect((await sut.exDividends(['AAPL'])).size).toBe(0);
  api.on(METRICS, data({ nothing: true }));
  expect(await told(sut.exDividends(['MSFT']))).toMatch(/market metrics/);
});

it('asks for 51 symbols in two requests', async () => {
  api.on(METRICS, items([]));
  await sut.exDividends(Array.from({ length: 51 }, (_, index) => `S${index}`));
  expect(api.asked(METRICS)).toHaveLength(2);
});

it.each([
  ['2026-11-09T15:00:00Z', '2026-09-10'],
  ['2026-11-10T15:00:00Z', '2026-12-10'],
  ['2026-12-10T15:00:00Z', '2026-12-10'],
])('the paper broker at %s tells %s, a coming one a month ahead', async (startAt, exDate) => {
  const paper = await startPaperBroker({ startAt, speed: 0, scenario: 'empty' });
  try {
    const broker = createBroker({
      name: 'paper',
      apiUrl: paper.url,
      streamerUrl: paper.streamerUrl,
      clientSecret: paper.clientSecret,
      refreshToken: paper.refreshToken,
      userAgent: 'test/1',
      clock: realClock,
      logger: pino({ level: 'silent' }),
    });
    const told = await broker.exDividends(['AAPL', 'TSLA', 'SPX']);
    expect(told.get('AAPL')).toMatchObject({ date: exDate });
    expect(told.get('TSLA')).toEqual({ date: null, amount: null });
    expect(told.get('SPX')).toEqual({ date: null, amount: null });
  } finally {
    await paper.close();
  }
});
