import { describe, expect, it } from 'vitest';
import { assertCovered, coverage, workingToClose } from '../../src/domain/coverage.js';
import type { LegAction } from '../../src/domain/types.js';
import { saying } from '../support/saying.js';
import { filledOrder, holding, leg, option, order, orderLeg, workingOrder } from './build.js';

const P480 = 'QQQ 2026-12-18 480 P';
const P470 = 'QQQ 2026-12-18 470 P';
const LEGS = [leg(`-4 ${P480}`), leg(`4 ${P470}`)];
const symbol = option(P480).symbol;
const code = (expected: string) => expect.objectContaining({ code: expected });
const closing = (text: string, contracts: number, action: LegAction = 'buy-to-close') => ({
  instrument: option(text),
  action,
  contracts,
});

describe('coverage of a contract', () => {
  it('is what is held, less what is restricted, less what works to close', () => {
    const holdings = [holding(`-4 ${P480}`, { restricted: 1 }), holding(`4 ${P470}`)];
    const covers = coverage(LEGS, holdings, [workingOrder('1', [`buy-to-close 2 ${P480}`])]);
    expect(covers.get(symbol)).toMatchObject({ held: 4, restricted: 1, working: 2, free: 1 });
    expect(covers.get(option(P470).symbol)).toMatchObject({ held: 4, restricted: 0, working: 0, free: 4 });
  });

  it('counts what remains of every order not yet ended, even in a state unknown to us', () => {
    const partly = order('1', [orderLeg(`buy-to-close 3 ${P480}`, 2)], { state: 'working' });
    const sent = workingOrder('2', [`buy-to-close 1 ${P480}`], { state: 'submitted' });
    const odd = workingOrder('3', [`buy-to-close 1 ${P480}`], { state: 'unrecognised' });
    expect(workingToClose([partly, sent, odd]).get(symbol)).toBe(3);
  });

  it('counts neither ended nor opening orders, and the same order once', () => {
    const working = workingOrder('1', [`buy-to-close 1 ${P480}`]);
    const others = [
      filledOrder('2', [`buy-to-close 1 ${P480}`]),
      ...(['cancelled', 'rejected', 'expired'] as const).map((state, index) =>
        workingOrder(String(3 + index), [`buy-to-close 1 ${P480}`], { state }),
      ),
      workingOrder('6', [`sell-to-open 1 ${P480}`]),
    ];
    expect(workingToClose([working, working, ...others]).get(symbol)).toBe(1);
  });

  it('has nothing for contracts not held, or held on the other side', () => {
    expect(coverage(LEGS, [], []).get(symbol)).toMatchObject({ held: 0, free: 0 });
    expect(coverage(LEGS, [holding(`4 ${P480}`)], []).get(symbol)).toMatchObject({ held: 0, free: 0 });
  });

  it('is that of the side held, when a closed leg of another position had the other', () => {
    const both = [leg(`-4 ${P480}`), leg(`1 ${P480}`, 0)];
    for (const legs of [both, both.toReversed()]) {
      expect(coverage(legs, [holding(`-4 ${P480}`)], []).get(symbol)).toMatchObject({
        side: 'short',
        free: 4,
      });
    }
  });

  it('is never below zero', () => {
    const covers = coverage(LEGS, [holding(`-1 ${P480}`)], [workingOrder('1', [`buy-to-close 2 ${P480}`])]);
    expect(covers.get(symbol)).toMatchObject({ held: 1, working: 2, free: 0 });
  });
});

describe('planned orders', () => {
  const covers = coverage(LEGS, [holding(`-2 ${P480}`), holding(`2 ${P470}`)], []);

  it('pass while they fit together', () => {
    expect(() => assertCovered([closing(P480, 1), closing(P480, 1)], covers)).not.toThrow();
  });

  it('are refused when together they close more than is free', () => {
    expect(() => assertCovered([closing(P480, 1), closing(P480, 2)], covers)).toThrow(
      saying({
        code: 'OVER_COVERED',
        what: expect.stringContaining('3 contracts of QQQ 18 Dec 26 480 P'),
      }),
    );
  });

  it('are refused when working orders leave too little', () => {
    const busy = coverage(LEGS, [holding(`-2 ${P480}`)], [workingOrder('1', [`buy-to-close 1 ${P480}`])]);
    expect(() => assertCovered([closing(P480, 1)], busy)).not.toThrow();
    expect(() => assertCovered([closing(P480, 2)], busy)).toThrow(code('OVER_COVERED'));
  });

  it('are refused on the wrong side, when opening, and for contracts nobody looked up', () => {
    expect(() => assertCovered([closing(P480, 1, 'sell-to-close')], covers)).toThrow(code('OVER_COVERED'));
    expect(() => assertCovered([closing(P470, 1, 'buy-to-open')], covers)).toThrow(code('OVER_COVERED'));
    expect(() => assertCovered([closing('QQQ 2026-12-18 460 P', 1)], covers)).toThrow(code('OVER_COVERED'));
  });
});
