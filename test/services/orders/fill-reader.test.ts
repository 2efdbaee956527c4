import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import { BrokerRefusal, BrokerUnreachable } from '../../../src/domain/errors.js';
import type { ToldChain } from '../../../src/domain/rolls.js';
import type { BrokerOrder } from '../../../src/domain/types.js';
import type { LedgerSearch } from '../../../src/ports/broker.js';
import type { OrderIntent } from '../../../src/ports/store.js';
import type { ChainWish } from '../../../src/services/accounts/chains.js';
import { FillReader, isFinal } from '../../../src/services/orders/fill-reader.js';
import { claimOne, placed, placedPair, T0 } from '../../db/support/builders.js';
import { d, x } from '../../domain/build.js';
import { ledgerRow } from '../../domain/ledger-row.js';
import { brokerWith, echo, NO_CHAINS } from '../support/builders.js';

const OPENED = new Date('2026-11-11T20:00:00Z');
const FILLED = new Date('2026-11-23T15:10:00Z');

let store: BotStore;
let intent: OrderIntent;
let order: BrokerOrder;
/** The order that opened the position, called `1`. */
let opening: BrokerOrder | Error;
/** Fees by order, one contract a leg; what the ledger lacks is missing. */
let ledger: Record<string, string>;
let asked: LedgerSearch[];
let reader: FillReader;
/** What was asked of chains. */
let wished: readonly ChainWish[];
/** The broker can't be asked about our order. */
let away: boolean;

const CHAIN: ToldChain = { rolls: 1, since: new Date('2026-10-01T15:00:00Z'), realised: x(-100), sure: true };

beforeEach(async () => {
  store = await openStore('sqlite::memory:', { logger: pino({ level: 'silent' }) });
  intent = await store.settleIntent((await claimOne(store, 'p1')).id, placed('1001'), T0);
  order = traded(echo(intent, { state: 'filled', status: 'Filled' }), ['1.10', '0.45'], FILLED);
  opening = traded(echo(intent, { id: '1' }), ['1.90', '0.78'], OPENED);
  ledger = { 1: '1.13', 1001: '0.12' };
  asked = [];
  wished = [];
  away = false;
  reader = new FillReader({
    store,
    chains: {
      read: async (_account, wishes) => {
        wished = wishes;
        return [CHAIN];
      },
    },
    broker: brokerWith({
      order: async (_account, id) => {
        if (away) throw new BrokerUnreachable('no answer');
        if (id === '1001') return order;
        if (opening instanceof Error) throw opening;
        return opening;
      },
      ledger: async (_account, search) => {
        asked.push(search);
        const rows = Object.entries(ledger).map(([orderId, fees], index) =>
          ledgerRow(index, 'buy-to-close', FILLED, 0, { orderId, fees: d(fees) }),
        );
        return { rows, odd: 0 };
      },
    }),
  });
});
afterEach(() => store.close());

function traded(of: BrokerOrder, prices: readonly string[], at: Date): BrokerOrder {
  const legs = of.legs.map((leg, index) => ({
    ...leg,
    remaining: 0,
    fills: [{ id: `f${index}`, quantity: leg.quantity, price: d(prices[index] ?? '0'), at }],
  }));
  return { ...of, legs };
}

describe('what one of our orders has traded', () => {
  it('is told with its price, its profit and the fees of both ends', async () => {
    const news = await reader.read(intent.id);
    expect(news).toMatchObject({ userId: '111', filledAt: FILLED, openedAt: OPENED });
    expect(news?.line.fill).toMatchObject({ units: 1, price: x('0.65'), profit: x(47) });
    expect(news?.fees).toEqual({ closing: x('0.24'), opening: x('2.26') });
    expect(news && isFinal(news)).toBe(true);
    expect(asked[0]?.since.getTime()).toBeLessThan(OPENED.getTime());
  });

  it('is not final while the ledger lacks a row of it', async () => {
    ledger = { 1: '1.13' };
    const news = await reader.read(intent.id);
    expect(news?.fees).toEqual({ closing: null, opening: x('2.26') });
    expect(news && isFinal(news)).toBe(false);
  });

  it('has no chain where nothing was rolled, as far as the ledger tells', async () => {
    ledger = { 1001: '0.12' };
    expect((await reader.read(intent.id))?.chain).toBeNull();
    expect(wished).toEqual([]);
  });

  it('has what the rolls before it made: up to it once it is booked, and roughly without it before', async () => {
    ledger = { 1001: '0.12', 1005: '0.12' };
    const news = await reader.read(intent.id);
    expect(news?.chain).toEqual(CHAIN);
    expect(wished).toMatchObject([{ key: 'order:1', openedAt: OPENED, through: '1001' }]);
    ledger = { 1005: '0.12' };
    const rough = await reader.read(intent.id);
    expect(rough?.chain).toEqual({ ...CHAIN, sure: false });
    expect(wished).toMatchObject([{ key: 'order:1', without: '1001' }]);
    expect(rough && isFinal(rough)).toBe(false);
  });

  it('is not final while the rest works', async () => {
    order = { ...order, state: 'working', status: 'Live' };
    const news = await reader.read(intent.id);
    expect(news && isFinal(news)).toBe(false);
  });

  it('of a pair is not final before the other order has ended', async () => {
    const [target, stop] = await placedPair(store, 'p2', ['2001', '2002']);
    let beside = echo(stop);
    ledger['2001'] = '0.12';
    const filled = traded(echo(target, { state: 'filled', status: 'Filled' }), ['1.10', '0.45'], FILLED);
    const pairs = new FillReader({
      chains: NO_CHAINS,
      store,
      broker: brokerWith({
        order: async (_account, id) =>
          id === '2001' ? filled : id === '2002' ? beside : (opening as BrokerOrder),
        ledger: async () => ({
          rows: Object.entries(ledger).map(([orderId, fees], index) =>
            ledgerRow(index, 'buy-to-close', FILLED, 0, { orderId, fees: d(fees) }),
          ),
          odd: 0,
        }),
      }),
    });
    const early = await pairs.read(target.id);
    expect([early?.line.partner, early && isFinal(early)]).toMatchObject([
      { orderId: '2002', works: true, traded: false, units: 0 },
      false,
    ]);
    beside = echo(stop, { state: 'cancelled', status: 'Cancelled' });
    const late = await pairs.read(target.id);
    expect([late?.line.partner?.works, late && isFinal(late)]).toEqual([false, true]);
  });

  it('is told without what opened it where the broker knows that no more', async () => {
    opening = new BrokerRefusal(404, 'record_not_found', 'Couldn’t find it');
    expect(await reader.read(intent.id)).toMatchObject({
      openedAt: null,
      fees: { closing: x('0.24'), opening: null },
    });
  });

  it('is nothing before the first fill, and for an order that was never placed', async () => {
    order = echo(intent);
    expect(await reader.read(intent.id)).toBeNull();
    expect(await reader.read(99)).toBeNull();
  });

  it('is told roughly, and looked at again, while only what it made can’t be read', async () => {
    opening = new BrokerUnreachable('no answer');
    const news = await reader.read(intent.id);
    expect(news).toMatchObject({
      unread: true,
      openedAt: null,
      fees: { closing: null, opening: null },
      chain: null,
    });
    expect(news?.line.fill).toMatchObject({ price: x('0.65'), profit: x(47) });
    expect(news && isFinal(news)).toBe(false);
    opening = traded(echo(intent, { id: '1' }), ['1.90', '0.78'], OPENED);
    expect(await reader.read(intent.id)).not.toHaveProperty('unread');
  });

  it('can’t be told while the order itself can’t be read', async () => {
    away = true;
    await expect(reader.read(intent.id)).rejects.toThrow(BrokerUnreachable);
  });
});
