import pino from 'pino';
import { openStore } from '../../../src/db/index.js';
import { ACCOUNT, at, LONG_PUT, T0 } from '../support/builders.js';

/** Claims a cancel, says so, and waits to be killed. */
const [, , url = ''] = process.argv;
const store = await openStore(url, { logger: pino({ level: 'silent' }) });
const leg = { symbol: LONG_PUT, action: 'sell-to-close' as const, quantity: 1 };
await store.offerCancel({
  id: 'c1',
  account: ACCOUNT,
  userId: '111',
  channelId: '800',
  createdAt: T0,
  expiresAt: at(120_000),
  planId: null,
  orders: [
    {
      orderId: '701',
      complexId: null,
      positionIds: [],
      underlying: 'QQQ',
      legs: [leg],
      orderType: 'Limit',
      timeInForce: 'GTC',
      price: null,
      effect: null,
      stopTrigger: null,
    },
  ],
});
console.log((await store.claimCancel('c1', at(1_000))).kind);
setInterval(() => {}, 60_000);
