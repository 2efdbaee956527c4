import { describe, expect, it, vi } from 'vitest';
import { readOnly } from '../../src/brokers/index.js';
import { BrokerRefusal } from '../../src/domain/errors.js';
import type { Broker } from '../../src/ports/broker.js';

/** Every method of a broker; the compiler keeps the list whole. */
const METHODS = Object.keys({
  accounts: 0,
  balances: 0,
  tradingStatus: 0,
  holdings: 0,
  underlying: 0,
  quotes: 0,
  expirations: 0,
  exDividends: 0,
  marketSession: 0,
  marketDays: 0,
  openOrders: 0,
  searchOrders: 0,
  order: 0,
  ledger: 0,
  dryRun: 0,
  dryRunPair: 0,
  ready: 0,
  submit: 0,
  submitPair: 0,
  cancel: 0,
  watch: 0,
} satisfies Record<keyof Broker, 0>) as (keyof Broker)[];

const asked = vi.fn((name: string, args: unknown[]) => ({ name, args }));
const broker = Object.fromEntries(
  METHODS.map((name) => [name, (...args: unknown[]) => asked(name, args)]),
) as unknown as Broker;
const call = (name: keyof Broker, ...args: unknown[]) =>
  (readOnly(broker)[name] as (...args: unknown[]) => unknown)(...args);

describe('a broker that only looks', () => {
  const MOVES: readonly (keyof Broker)[] = ['submit', 'submitPair', 'cancel'];
  it.each(METHODS.filter((name) => !MOVES.includes(name)))('passes %s on with all it was given', (name) => {
    const given = ['a', 'b', 'c'].slice(0, readOnly(broker)[name].length);
    expect(call(name, ...given)).toEqual({ name, args: given });
  });

  it('sends nothing', async () => {
    asked.mockClear();
    await expect(call('submit', 'a', {}, 'ptb-1', { passed: () => false })).rejects.toThrow(BrokerRefusal);
    await expect(call('submitPair', 'a', {}, {}, { passed: () => false })).rejects.toThrow(BrokerRefusal);
    await expect(call('cancel', 'a', {}, { passed: () => false })).rejects.toThrow(BrokerRefusal);
    expect(asked).not.toHaveBeenCalled();
  });
});
