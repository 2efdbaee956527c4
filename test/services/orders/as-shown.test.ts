import pino from 'pino';
import { expect, it } from 'vitest';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import type { BrokerOrder } from '../../../src/domain/types.js';
import type { Store } from '../../../src/ports/store.js';
import { PlanClaims } from '../../../src/services/orders/claims.js';
import type { SettleService } from '../../../src/services/orders/settle.js';
import { fingerprint } from '../../../src/services/previews/fingerprint.js';
import type { PlanPayload } from '../../../src/services/previews/payload.js';
import { workingOrder } from '../../domain/build.js';
import { BriskClock } from '../support/brisk-clock.js';
import { brokerWith, plan } from '../support/builders.js';
import { NEVER_HALTED } from '../support/halting.js';
import { TRIDENT } from '../support/scene.js';

const CALLS = ['buy-to-close 1 QQQ 2026-12-18 520 C @ 1', 'sell-to-close 1 QQQ 2026-12-18 525 C @ 1'];
const OLD = workingOrder('701', CALLS);
const SYMBOLS = OLD.legs.map(({ instrument }) => instrument.symbol);
const PAYLOAD = {
  orders: [{ underlying: 'QQQ', legs: OLD.legs.map(({ action }, at) => ({ symbol: SYMBOLS[at], action })) }],
  fingerprint: fingerprint(SYMBOLS, TRIDENT.held, []),
} as unknown as PlanPayload;

/** The account as it is by now, with contracts that other presses hold. */
function asked(open: BrokerOrder[] | null, taken: string[] = []) {
  const broker = brokerWith({
    holdings: async () => ({ held: TRIDENT.held, odd: [] }),
    openOrders: async () => open ?? Promise.reject(new BrokerUnreachable('no answer')),
  });
  const claims = new PlanClaims({
    broker,
    // Nothing else of it is asked for: nothing is written.
    store: { contractsUnderWay: async () => new Set(taken) } as unknown as Store,
    clock: new BriskClock(),
    desks: { of: () => null },
    settle: {} as SettleService,
    halting: NEVER_HALTED,
    log: pino({ level: 'silent' }),
  });
  return claims.assertAsShown(plan({ status: 'open' }), PAYLOAD, OLD.id);
}

it('an order that is to give way doesn’t count among what has changed, any other does', async () => {
  await asked([OLD]);
  await asked([]);
  await expect(asked([OLD, workingOrder('702', CALLS)])).rejects.toMatchObject({
    code: 'POSITION_CHANGED',
    facts: { changes: [{ orderId: '702' }, { orderId: '702' }] },
  });
});

it('contracts that another press holds, or an account that can’t be read, keep it as it is', async () => {
  await expect(asked([OLD], SYMBOLS.slice(0, 1))).rejects.toMatchObject({ code: 'ORDERS_UNDER_WAY' });
  await expect(asked(null)).rejects.toMatchObject({ code: 'NOT_SENT' });
});
