import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CancelState, judgedCancel, mayBecome, OPEN_CANCELS } from '../../src/domain/cancel-life.js';
import type { OrderStep } from '../../src/domain/types.js';
import { brokerOrder } from '../db/support/builders.js';

const PATIENCE = { requesting: 60_000, unknown: 5_000, requested: 60_000 };

const order = (step: OrderStep) =>
  brokerOrder('1', {
    step,
    state: step === 'cancelled' || step === 'filled' || step === 'rejected' ? step : 'working',
  });
const judged = (state: CancelState, step: OrderStep, waitedMs: number) =>
  judgedCancel(state, order(step), waitedMs, PATIENCE);

describe('what one look at an order says about its cancel', () => {
  it.each<[CancelState, OrderStep, number, CancelState]>([
    ['requested', 'cancel-requested', 1_000_000, 'requested'],
    ['requested', 'cancelled', 0, 'ended'],
    ['requested', 'filled', 0, 'ended'],
    ['requested', 'live', 59_999, 'requested'],
    ['requested', 'live', 60_000, 'refused'],
    ['unknown', 'cancel-requested', 0, 'requested'],
    ['unknown', 'live', 4_999, 'unknown'],
    ['unknown', 'live', 5_000, 'absent'],
    ['unknown', 'rejected', 0, 'ended'],
    // Its request may be waiting still to leave.
    ['requesting', 'live', 59_999, 'requesting'],
    ['requesting', 'live', 60_000, 'absent'],
    ['requesting', 'cancelled', 0, 'ended'],
    ['offered', 'cancelled', 1_000_000, 'offered'],
    ['absent', 'live', 1_000_000, 'absent'],
  ])('%s, the order %s after %i ms: %s', (state, step, waitedMs, expected) => {
    expect(judged(state, step, waitedMs)).toBe(expected);
  });

  it('is nothing where the row can’t be read', () => {
    const odd = { what: 'order', name: '1', why: 'x', doubts: 'coverage', concern: 'account' } as const;
    expect(judgedCancel('unknown', { ...order('cancelled'), odd }, 1_000_000, PATIENCE)).toBe('unknown');
  });

  const state = fc.constantFrom<CancelState>(
    'offered',
    'requesting',
    'requested',
    'unknown',
    'ended',
    'refused',
    'absent',
  );
  const step = fc.constantFrom<OrderStep>(
    'received',
    'live',
    'cancel-requested',
    'filled',
    'cancelled',
    'rejected',
  );

  it('never says anything that may not come next, and settles every open one in the end', () => {
    fc.assert(
      fc.property(state, step, fc.integer({ min: 0, max: 200_000 }), (from, told, waitedMs) => {
        const to = judged(from, told, waitedMs);
        expect(to === from || mayBecome(from, to)).toBe(true);
        const late = judged(judged(from, told, 200_000), told, 200_000);
        if (OPEN_CANCELS.includes(from) && told !== 'cancel-requested')
          expect(OPEN_CANCELS).not.toContain(late);
      }),
    );
  });
});

describe('how a cancel goes on', () => {
  it('never away from an end, never back to where it may leave again', () => {
    const states: CancelState[] = ['requesting', 'requested', 'unknown', 'ended', 'refused', 'absent'];
    for (const from of states) {
      expect(mayBecome(from, 'requesting')).toBe(false);
      expect(mayBecome('ended', from)).toBe(false);
      expect(mayBecome('offered', from)).toBe(from === 'requesting' || from === 'ended');
    }
  });
});
