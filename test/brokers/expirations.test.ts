import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Broker } from '../../src/ports/broker.js';
import { VirtualClock } from './support/clocks.js';
import { brokerOn, FakeApi, failure, items } from './support/fake-api.js';

const OPTIONS = 'GET /instruments/equity-options';
const AM = 'SPX   261218C05800000';
const PM = 'SPXW  261218P05800000';

let api: FakeApi;
let clock: VirtualClock;
let sut: Broker;

beforeEach(async () => {
  api = await FakeApi.start();
  clock = new VirtualClock('2026-11-23T15:00:00Z');
  sut = brokerOn(api, { clock });
});
afterEach(() => api.close());

const row = (symbol: string, more = {}) => ({
  symbol,
  'stops-trading-at': '2026-12-17T21:15:00.000+00:00',
  'expires-at': '2026-12-18T14:30:00.000+00:00',
  'settlement-type': 'AM',
  ...more,
});

it('reads when options stop trading and how they settle', async () => {
  api.on(OPTIONS, items([row(AM)]));
  const told = await sut.expirations([AM]);
  expect(told.get(AM)).toEqual({
    stopsTradingAt: new Date('2026-12-17T21:15:00Z'),
    expiresAt: new Date('2026-12-18T14:30:00Z'),
    settlement: 'AM',
  });
});

it('a row, a field or a word that can’t be read tells nothing, and the others do', async () => {
  const odd = row(PM, { 'settlement-type': 'Physical', 'stops-trading-at': 'soon', 'expires-at': null });
  api.on(OPTIONS, items([{ nothing: true }, odd, row(AM)]));
  const told = await sut.expirations([PM, AM]);
  expect(told.get(PM)).toEqual({ stopsTradingAt: null, expiresAt: null, settlement: null });
  expect(told.get(AM)?.settlement).toBe('AM');
});

it('asks once for each symbol, fifty at a time, and again after some hours', async () => {
  api.on(OPTIONS, items([]));
  const many = Array.from({ length: 51 }, (_, index) => `SPX   261218C0${5000 + index}000`);
  await sut.expirations(many);
  expect(api.asked(OPTIONS)).toHaveLength(2);
  await sut.expirations(many);
  expect(api.asked(OPTIONS)).toHaveLength(2);
  clock.advance(6 * 3_600_000);
  await sut.expirations(many);
  expect(api.asked(OPTIONS)).toHaveLength(4);
});

it('a no is an answer, a failure is not', async () => {
  api.on(OPTIONS, failure(404, 'not_found', 'none'));
  expect((await sut.expirations([AM])).size).toBe(0);
  api.on(OPTIONS, failure(500, 'x', 'not now'));
  await expect(sut.expirations([PM])).rejects.toMatchObject({ retryable: true });
});
