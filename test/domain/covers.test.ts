import { describe, expect, it } from 'vitest';
import { assertCovered, coverage, workingToClose } from '../../src/domain/coverage.js';
import { coversOf } from '../../src/domain/covers.js';
import type { BrokerOrder } from '../../src/domain/types.js';
import { differences, fingerprint } from '../../src/services/previews/fingerprint.js';
import { saying } from '../support/saying.js';
import { d, holding, leg, type OrderOptions, option, workingOrder } from './build.js';

const CALL = 'NVDA 2026-12-18 200 C';
const { symbol, ...instrument } = option(CALL);
const HELD = [holding(`2 ${CALL}`)];
const close = (id: string, options: OrderOptions = {}, count = 2) =>
  workingOrder(id, [`sell-to-close ${count} ${CALL}`], options);
const STOP: OrderOptions = {
  orderType: 'Stop Limit',
  price: d('1.1'),
  stopTrigger: d('1.2'),
  effect: 'credit',
};
const tagged = (tag: string | null, id = '90') => ({ complex: { id, tag } });
const working = (...orders: BrokerOrder[]) => workingToClose(orders).get(symbol);

describe('a limit and a stop of one complex order', () => {
  it.each(['OCO::order', null])('claim the contracts once (tag %s)', (tag) => {
    const pair = [close('8', { ...STOP, ...tagged(tag) }), close('7', tagged(tag))];
    expect(working(...pair)).toBe(2);
    expect(coversOf(pair)).toMatchObject([{ lead: { id: '7' }, others: [{ id: '8' }] }]);
    const covers = coverage([leg(`2 ${CALL}`)], HELD, pair);
    expect(covers.get(symbol)).toMatchObject({ held: 2, working: 2, free: 0 });
    expect(fingerprint([symbol], HELD, pair)[symbol]?.closing).toEqual({ 7: 2 });
  });

  it('of an OTOCO claim once when its trigger has opened them', () => {
    const trigger = workingOrder('6', [`buy-to-open 2 ${CALL}`], tagged('OTOCO::trigger-order'));
    const pair = [
      close('7', tagged('OTOCO::oco-1-order')),
      close('8', { ...STOP, ...tagged('OTOCO::oco-2-order') }),
    ];
    expect(working(trigger, ...pair)).toBe(2);
  });

  it('claim as much as the larger of the two', () => {
    expect(
      working(close('7', tagged('OCO::order'), 1), close('8', { ...STOP, ...tagged('OCO::order') }, 2)),
    ).toBe(2);
  });

  it('free nothing twice: two contracts beside a pair over two of four fit, three do not', () => {
    const pair = [close('7', tagged('OCO::order')), close('8', { ...STOP, ...tagged('OCO::order') })];
    const covers = coverage([leg(`4 ${CALL}`)], [holding(`4 ${CALL}`)], pair);
    const planned = (contracts: number) => [
      { instrument: { symbol, ...instrument }, action: 'sell-to-close' as const, contracts },
    ];
    expect(() => assertCovered(planned(2), covers)).not.toThrow();
    expect(() => assertCovered(planned(3), covers)).toThrow(
      saying({ what: expect.stringContaining('4 held, 2 already working to close') }),
    );
  });

  it('tell no change when only the stop is moved, and one when the limit is gone', () => {
    const pair = [close('7', tagged('OCO::order')), close('8', { ...STOP, ...tagged('OCO::order') })];
    const shown = fingerprint([symbol], HELD, pair);
    const moved = [close('7', tagged('OCO::order')), close('9', { ...STOP, ...tagged('OCO::order') })];
    expect(differences(shown, fingerprint([symbol], HELD, moved))).toEqual([]);
    expect(differences(shown, fingerprint([symbol], HELD, pair.slice(1)))).not.toEqual([]);
  });
});

describe('orders that stand for themselves', () => {
  it.each<[string, BrokerOrder[]]>([
    ['simple orders', [close('7'), close('8', STOP)]],
    [
      'parts of different complex orders',
      [close('7', tagged('OCO::order')), close('8', tagged('OCO::order', '91'))],
    ],
    ['parts of an OTO', [close('7', tagged('OTO::order')), close('8', { ...STOP, ...tagged('OTO::order') })]],
    ['two limits without a tag', [close('7', tagged(null)), close('8', tagged(null))]],
    [
      'a limit and a stop of other sizes without a tag',
      [close('7', tagged(null)), close('8', { ...STOP, ...tagged(null) }, 2)].map((each, i) =>
        i ? { ...each, legs: each.legs.map((l) => ({ ...l, quantity: 3, remaining: 2 })) } : each,
      ),
    ],
  ])('%s claim together', (_what, orders) => {
    expect(working(...orders)).toBeGreaterThanOrEqual(4);
    expect(coversOf(orders)).toHaveLength(2);
  });
});

it('a replacement and what it replaces claim once, until one of them is gone', () => {
  const old = close('7', { status: 'Replace Requested' });
  const next = close('8', { replaces: '7', contingent: true, status: 'Contingent', state: 'submitted' });
  expect(working(old, next)).toBe(2);
  expect(coversOf([old, next])).toMatchObject([{ lead: { id: '8' }, others: [{ id: '7' }] }]);
  expect(working({ ...old, state: 'cancelled' }, next)).toBe(2);
});
