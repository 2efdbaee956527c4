import { describe, expect, it } from 'vitest';
import type { BrokerOrder, Quote } from '../../../src/domain/types.js';
import { workingOrders } from '../../../src/services/orders/working-orders.js';
import { d, holding, option, stock, workingOrder } from '../../domain/build.js';
import { bookOf } from '../support/scene.js';

const CALL = option('QQQ 2026-12-18 500 C');
const PUT = option('QQQ 2026-12-18 480 P');
const at = (mark: string): Quote => ({ bid: d(mark), ask: d(mark), mark: d(mark) });

function toMark(order: BrokerOrder): string | null {
  const quotes = new Map([
    [CALL.symbol, at('2.00')],
    [PUT.symbol, at('3.00')],
    ['QQQ', at('490')],
  ]);
  const held = [holding('100 QQQ @ 480'), holding('-1 QQQ 2026-12-18 500 C @ 4')];
  const [working] = workingOrders(bookOf(held, [], [order], quotes));
  return working?.toMark?.toString() ?? null;
}

describe('the distance of a working order to the mark', () => {
  it('is per unit and share', () => {
    const legs = ['buy-to-close 2 QQQ 2026-12-18 500 C @ 1'];
    expect(toMark(workingOrder('1', legs, { price: d('1.50'), effect: 'debit' }))).toBe('0.5');
  });

  it('is not known where shares or contracts of another size are part of the price', () => {
    const calls = workingOrder('1', ['buy-to-close 1 QQQ 2026-12-18 500 C @ 1'], {
      price: d('489'),
      effect: 'credit',
    });
    const [call] = calls.legs;
    if (!call) throw new Error('no leg');
    const shares = { ...call, instrument: stock('QQQ'), action: 'sell-to-close' as const, quantity: 100 };
    expect(toMark({ ...calls, legs: [call, { ...shares, remaining: 100 }] })).toBeNull();
    const mini = { ...call, instrument: { ...PUT, multiplier: 10 } };
    expect(toMark({ ...calls, legs: [call, mini] })).toBeNull();
  });

  it('is not known of a roll', () => {
    const legs = ['buy-to-close 1 QQQ 2026-12-18 500 C @ 1', 'sell-to-open 1 QQQ 2026-12-18 480 P @ 1'];
    expect(toMark(workingOrder('1', legs, { price: d('1'), effect: 'debit' }))).toBeNull();
  });
});
