import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/domain/errors.js';
import type { BrokerOrder } from '../../../src/domain/types.js';
import type { AuditEvent } from '../../../src/ports/audit.js';
import { ChangeService } from '../../../src/services/orders/cancels/change-service.js';
import { insteadOf } from '../../../src/services/previews/instead.js';
import type { PlanPayload } from '../../../src/services/previews/payload.js';
import { d, fill, workingOrder } from '../../domain/build.js';
import { BriskClock } from '../support/brisk-clock.js';
import { plan } from '../support/builders.js';
import { bookOf, TRIDENT } from '../support/scene.js';

const LEGS = ['buy-to-close 2 QQQ 2026-12-18 480 P @ 1', 'sell-to-close 2 QQQ 2026-12-18 475 P @ 1'];
const CANCELLED = { state: 'cancelled', status: 'Cancelled', step: 'cancelled' } as const;
const OPEN = workingOrder('701', LEGS, { price: d('1.20'), effect: 'debit' });

/** After one unit of two has traded. */
const half = (order: BrokerOrder): BrokerOrder => ({
  ...order,
  legs: order.legs.map((leg) => ({ ...leg, remaining: 1, fills: [fill(1, d('1'))] })),
});

const payload = (quantity: number) =>
  ({
    positionIds: [37],
    orders: [{ legs: OPEN.legs.map(({ instrument: { symbol } }) => ({ symbol, quantity })) }],
  }) as unknown as PlanPayload;

function change(after: BrokerOrder, before = OPEN, halted = false) {
  const clock = new BriskClock();
  const ended: string[] = [];
  const audit: AuditEvent[] = [];
  const asked: string[] = [];
  let refusal: UserError | null = null;
  const service = new ChangeService({
    broker: { order: async () => (ended.length > 0 ? after : before) },
    store: { audit: async (event) => void audit.push(event) },
    clock,
    halting: {
      assertNone: async () => {
        if (halted) throw new UserError('HALTED', { halt: { by: '7', at: clock.now(), reason: null } });
      },
    },
    claims: {
      assertAsShown: async (_plan, _payload, gone) => {
        asked.push(gone);
        if (refusal) throw refusal;
      },
    },
    cancels: { end: async (_plan, { id }) => void ended.push(id) },
    log: pino({ level: 'silent' }),
  });
  const expiresAt = new Date(clock.now().getTime() + 60_000);
  const clear = (quantity = 2, of = plan({ status: 'open', expiresAt })) =>
    service.clear(of, payload(quantity), '701');
  const refuse = (error: UserError) => {
    refusal = error;
  };
  return { clear, ended, audit, clock, asked, refuse };
}

describe('an order that is to give way to another', () => {
  it('is ended first, and that is written down', async () => {
    const { clear, ended, audit } = change({ ...OPEN, ...CANCELLED });
    await clear();
    expect(ended).toEqual(['701']);
    expect(audit).toMatchObject([
      { kind: 'change-cleared', details: { orderId: '701', status: 'Cancelled' } },
    ]);
  });

  it('is ended only where the new one may leave: not while sending is halted, nor once the preview is over', async () => {
    const halted = change({ ...OPEN, ...CANCELLED }, OPEN, true);
    await expect(halted.clear()).rejects.toMatchObject({ code: 'HALTED' });
    const { clear, ended, clock } = change({ ...OPEN, ...CANCELLED });
    await expect(clear(2, plan({ status: 'claimed' }))).rejects.toMatchObject({ code: 'ALREADY_SUBMITTED' });
    const over = plan({ status: 'open', expiresAt: clock.now() });
    await expect(clear(2, over)).rejects.toMatchObject({ code: 'PLAN_EXPIRED' });
    expect([...halted.ended, ...ended]).toEqual([]);
  });

  it.each(['cancelled', 'expired', 'rejected'] as const)(
    'has ended before, %s: the press goes on',
    async (state) => {
      const gone = { ...OPEN, state };
      const { clear, ended } = change(gone, gone);
      await clear();
      expect(ended).toEqual([]);
    },
  );

  it.each<[string, BrokerOrder, object]>([
    ['filled', { ...OPEN, state: 'filled', status: 'Filled' }, { status: 'Filled', asked: true }],
    ['works on', OPEN, { traded: false, replacedBy: null }],
    ['was replaced elsewhere', { ...OPEN, ...CANCELLED, replacedBy: '709' }, { replacedBy: '709' }],
    ['traded before it ended', half({ ...OPEN, ...CANCELLED }), { status: 'Cancelled', traded: true }],
  ])('stops the change where it %s', async (_what, after, facts) => {
    await expect(change(after).clear()).rejects.toMatchObject({ code: 'CHANGE_STOPPED', facts });
  });

  it('works on where what it traded since the preview, or what else changed, would keep the new one from leaving', async () => {
    const traded = change(half({ ...OPEN, ...CANCELLED }), half(OPEN));
    await expect(traded.clear(2)).rejects.toMatchObject({ code: 'POSITION_CHANGED' });
    const other = change({ ...OPEN, ...CANCELLED });
    other.refuse(new UserError('ORDERS_UNDER_WAY', {}));
    await expect(other.clear()).rejects.toMatchObject({ code: 'ORDERS_UNDER_WAY' });
    expect([...traded.ended, ...other.ended]).toEqual([]);
    expect(other.asked).toEqual(['701']);
  });

  it.each<[string, BrokerOrder, object]>([
    ['filled', { ...OPEN, state: 'filled', status: 'Filled' }, { status: 'Filled', replacedBy: null }],
    ['was replaced', { ...OPEN, ...CANCELLED, replacedBy: '709' }, { replacedBy: '709' }],
  ])(
    'stops the change where it %s before the press, which then asked for nothing',
    async (_what, gone, facts) => {
      const { clear, ended } = change(gone, gone);
      await expect(clear()).rejects.toMatchObject({
        code: 'CHANGE_STOPPED',
        facts: { ...facts, asked: false },
      });
      expect(ended).toEqual([]);
    },
  );

  it('may have traded before it was shown: only what it left is placed', async () => {
    await change(half({ ...OPEN, ...CANCELLED }), half(OPEN)).clear(1);
  });
});

describe('an order that can be placed anew', () => {
  const book = (order: BrokerOrder) => {
    const open = order.state === 'working' ? [order] : [];
    return { ...bookOf(TRIDENT.held, [TRIDENT.opening], open), history: [order] };
  };
  const left = (order: BrokerOrder) => [...insteadOf(book(order), '701').contracts.values()];

  it('closes no more than it hasn’t closed, working or ended', () => {
    expect(left(OPEN)).toEqual([2, 2]);
    expect(left(half(OPEN))).toEqual([1, 1]);
    expect(left(half({ ...OPEN, ...CANCELLED }))).toEqual([1, 1]);
  });

  it.each<[string, BrokerOrder]>([
    ['no-target', { ...OPEN, orderType: 'Stop Limit' }],
    ['no-target', { ...OPEN, timeInForce: 'Day' }],
    ['linked', { ...OPEN, complex: { id: '55', tag: 'OCO::order' } }],
    ['stuck', { ...OPEN, cancellable: false }],
    ['filled', { ...OPEN, state: 'filled' }],
    ['replaced', { ...OPEN, ...CANCELLED, replacedBy: '709' }],
  ])('is not one that is %s', (why, order) => {
    expect(() => insteadOf(book(order), '701')).toThrow(
      expect.objectContaining({ facts: { orderId: '701', why } }),
    );
    expect(() => insteadOf(book(order), '999')).toThrow(
      expect.objectContaining({ facts: { orderId: '999', why: 'unknown' } }),
    );
  });
});
