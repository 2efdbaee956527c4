import { describe, expect, it } from 'vitest';
import { BrokerRefusal, BrokerUnreachable } from '../../../src/domain/errors.js';
import type { BrokerOrder } from '../../../src/domain/types.js';
import { type Adopted, partnerOf } from '../../../src/ports/order-intents.js';
import { Adoption } from '../../../src/services/orders/adoption.js';
import { OrdersService } from '../../../src/services/orders/working-orders.js';
import { echoMismatches } from '../../../src/services/telling/report.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { d, workingOrder, x } from '../../domain/build.js';
import { ACCOUNT, accessRules, CHANNEL, intent, TRADER } from '../support/builders.js';
import { bookOf, TRIDENT } from '../support/scene.js';

const LIMIT = { price: d('1.20'), effect: 'debit' } as const;
const PUTS = ['buy-to-close 2 QQQ 2026-12-18 480 P @ 1', 'sell-to-close 2 QQQ 2026-12-18 475 P @ 1'];
const actor = { userId: TRADER, roleIds: [], guildId: '9', channelId: CHANNEL };

function adoption(
  open: BrokerOrder[],
  { taken = false, underWay = false, answers = 'unknown' as BrokerOrder | 'unknown' | 'away' | 'proxy' } = {},
) {
  const adopted: Adopted[] = [];
  const forgotten: number[] = [];
  const looked: string[] = [];
  const read = bookOf(TRIDENT.held, [TRIDENT.opening], open);
  const book = { ...read, positions: read.positions.map((view) => ({ ...view, underWay })) };
  const sut = new Adoption({
    broker: {
      order: async () => {
        if (answers === 'unknown') throw new BrokerRefusal(404, 'record_not_found', 'no such order');
        if (answers === 'proxy') throw new BrokerRefusal(404, 'http_404', 'a page of some proxy');
        if (answers === 'away') throw new BrokerUnreachable('no answer');
        return answers;
      },
    },
    store: {
      adopt: async (order) => {
        adopted.push(order);
        return !taken;
      },
      forgetOrder: async (id) => {
        forgotten.push(id);
        return true;
      },
      intent: async (id) => intent({ id, brokerOrderId: '701', planId: 'p1' }),
    },
    orders: new OrdersService({ read: async () => ({ read: [book], unread: [], missing: [] }) }),
    settle: { lookNow: async (planId) => void looked.push(planId) },
    access: accessRules(),
    clock: new VirtualClock(),
    newId: () => 'p9',
  });
  return { sut, adopted, forgotten, looked };
}

describe('an order of which only one side knows', () => {
  it('is adopted with its terms, for whoever pressed, where it was pressed', async () => {
    const { sut, adopted, looked } = adoption([workingOrder('801', PUTS, LIMIT)]);
    await sut.adopt('801', actor);
    expect(adopted).toHaveLength(1);
    expect(adopted[0]?.orders).toHaveLength(1);
    const order = adopted[0]?.orders[0];
    expect(adopted[0]?.plan).toMatchObject({
      id: 'p9',
      account: ACCOUNT,
      userId: TRADER,
      channelId: CHANNEL,
    });
    expect(order?.intent).toMatchObject({
      planId: 'p9',
      kind: 'place',
      positionId: 37,
      units: 2,
      price: LIMIT.price,
      effect: 'debit',
      legs: [
        { symbol: 'QQQ   261218P00480000', kind: 'option', action: 'buy-to-close', quantity: 2 },
        { symbol: 'QQQ   261218P00475000', kind: 'option', action: 'sell-to-close', quantity: 2 },
      ],
    });
    const view = bookOf(TRIDENT.held, [TRIDENT.opening], []).positions[0];
    const puts = view?.components.find(({ units }) => units === 2);
    const credit = puts?.entry.kind === 'credit' ? puts.entry.credit : null;
    expect(order?.intent.profit?.eq(credit?.minus(d('1.20')).times(200) ?? x(-1))).toBe(true);
    expect(order?.outcome).toMatchObject({
      brokerOrderId: '801',
      reason: { code: 'ADOPTED', userId: TRADER },
    });
    expect(looked).toEqual(['p9']);
  });

  it('is adopted with its stop: as a pair, each with its own terms and what it makes', async () => {
    const complex = { id: '9', tag: 'OCO::order' };
    const target = { ...workingOrder('801', PUTS, LIMIT), complex };
    const stop = {
      ...workingOrder('802', PUTS, { price: d('4.30'), effect: 'debit' as const }),
      orderType: 'Stop Limit',
      stopTrigger: d('4.20'),
      complex,
    };
    const { sut, adopted } = adoption([stop, target]);
    // Whichever of the two is named.
    await sut.adopt('802', actor);
    const [first, second, ...more] = adopted[0]?.orders ?? [];
    expect(more).toEqual([]);
    expect([first?.outcome.brokerOrderId, second?.outcome.brokerOrderId]).toEqual(['801', '802']);
    expect(partnerOf(first!.intent, [first!.intent, second!.intent])).toBe(second!.intent);
    expect(partnerOf(second!.intent, [first!.intent, second!.intent])).toBe(first!.intent);
    expect(second?.intent).toMatchObject({
      price: d('4.30'),
      stopTrigger: d('4.20'),
      effect: 'debit',
      units: 2,
      percent: null,
      externalIdentifier: `adopted:${ACCOUNT}:802`,
    });
    const { profit: made } = first!.intent;
    // 3.10 worse per share, of two spreads.
    expect(second!.intent.profit?.eq(made!.minus(d('620')))).toBe(true);
    for (const { intent: planned, outcome } of [first!, second!]) {
      const order = outcome.brokerOrderId === '801' ? target : stop;
      expect(echoMismatches(intent({ ...planned, id: 1 }), order)).toEqual([]);
    }
  });

  it('is not adopted by others, twice, or where it is no plain target', async () => {
    const plain = workingOrder('801', PUTS, LIMIT);
    await expect(adoption([plain]).sut.adopt('801', { ...actor, userId: '7' })).rejects.toMatchObject({
      code: 'NOT_A_TRADER',
    });
    await expect(adoption([plain], { taken: true }).sut.adopt('801', actor)).rejects.toMatchObject({
      code: 'ADOPT_IMPOSSIBLE',
    });
    const ours = adoption([plain], { underWay: true });
    await expect(ours.sut.adopt('801', actor)).rejects.toMatchObject({ code: 'ADOPT_IMPOSSIBLE' });
    expect(ours.adopted).toEqual([]);
    const day = adoption([{ ...plain, timeInForce: 'Day' }]);
    await expect(day.sut.adopt('801', actor)).rejects.toMatchObject({ code: 'ADOPT_IMPOSSIBLE' });
    await expect(day.sut.adopt('802', actor)).rejects.toMatchObject({ code: 'ORDER_UNKNOWN' });
    expect(day.adopted).toEqual([]);
  });

  it('is forgotten only where the broker says that it doesn’t know it', async () => {
    const gone = adoption([]);
    await gone.sut.forget(5, actor);
    expect([gone.forgotten, gone.looked]).toEqual([[5], ['p1']]);
    const known = adoption([], { answers: workingOrder('701', PUTS, LIMIT) });
    await expect(known.sut.forget(5, actor)).rejects.toMatchObject({ code: 'FORGET_IMPOSSIBLE' });
    const away = adoption([], { answers: 'away' });
    await expect(away.sut.forget(5, actor)).rejects.toThrow(BrokerUnreachable);
    await expect(gone.sut.forget(5, { ...actor, userId: '7' })).rejects.toMatchObject({
      code: 'NOT_A_TRADER',
    });
    const proxy = adoption([], { answers: 'proxy' });
    await expect(proxy.sut.forget(5, actor)).rejects.toThrow(BrokerRefusal);
    expect([known.forgotten, away.forgotten, proxy.forgotten]).toEqual([[], [], []]);
  });

  it('is said to be forgettable, or why not, without being forgotten', async () => {
    const gone = adoption([]);
    expect(await gone.sut.forgettable(5)).toMatchObject({ id: 5, brokerOrderId: '701' });
    const known = adoption([], { answers: workingOrder('701', PUTS, LIMIT) });
    await expect(known.sut.forgettable(5)).rejects.toMatchObject({ code: 'FORGET_IMPOSSIBLE' });
    await expect(adoption([], { answers: 'away' }).sut.forgettable(5)).rejects.toThrow(BrokerUnreachable);
    expect(gone.forgotten).toEqual([]);
  });
});
