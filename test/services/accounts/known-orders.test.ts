import { describe, expect, it } from 'vitest';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import type { BrokerOrder, OddRow } from '../../../src/domain/types.js';
import { KnownOrders } from '../../../src/services/accounts/opening-order.js';
import { filledOrder, order, orderLeg, workingOrder } from '../../domain/build.js';
import { ACCOUNT, brokerWith } from '../support/builders.js';

const PUT = 'sell-to-open 2 QQQ 2026-12-18 480 P @ 1';

/** What the broker says of every order, and what it was asked for. */
function known(says: (id: string) => BrokerOrder) {
  const asked: string[] = [];
  const broker = brokerWith({
    order: async (account, id) => {
      asked.push(`${account} ${id}`);
      return says(id);
    },
  });
  return { asked, sut: new KnownOrders(broker) };
}

describe('orders that are looked at again and again', () => {
  it('are asked for once where they have filled whole, in each account', async () => {
    const { asked, sut } = known((id) => filledOrder(id, [PUT]));
    const [one, again] = [await sut.order(ACCOUNT, '1'), await sut.order(ACCOUNT, '1')];
    expect(again).toEqual(one);
    await sut.order('another', '1');
    expect(asked).toEqual([`${ACCOUNT} 1`, 'another 1']);
  });

  it.each([
    ['works still', (id: string) => workingOrder(id, [PUT])],
    ['has filled in part', (id: string) => order(id, [orderLeg(PUT, 1)], { state: 'working' })],
    ['is said to have filled before all its fills are listed', (id: string) => order(id, [orderLeg(PUT, 1)])],
    ['can’t be read', (id: string) => ({ ...order(id, []), odd: {} as OddRow })],
    ['was cancelled', (id: string) => order(id, [orderLeg(PUT, 1)], { state: 'cancelled' })],
  ])('are asked for anew where one %s', async (_, says) => {
    const { asked, sut } = known(says);
    await sut.order(ACCOUNT, '1');
    await sut.order(ACCOUNT, '1');
    expect(asked).toHaveLength(2);
  });

  it('are asked for anew where the broker could not say', async () => {
    let away = true;
    const { sut } = known((id) => {
      if (away) throw new BrokerUnreachable('no answer');
      return filledOrder(id, [PUT]);
    });
    await expect(sut.order(ACCOUNT, '1')).rejects.toThrow(BrokerUnreachable);
    away = false;
    expect(await sut.order(ACCOUNT, '1')).toMatchObject({ id: '1' });
  });

  it('are kept as long as they are of the latest', async () => {
    const { asked, sut } = known((id) => filledOrder(id, [PUT]));
    await sut.order(ACCOUNT, 'first');
    await sut.order(ACCOUNT, 'second');
    for (let id = 0; id < 499; id += 1) {
      await sut.order(ACCOUNT, String(id));
      await sut.order(ACCOUNT, 'second');
    }
    asked.length = 0;
    await sut.order(ACCOUNT, 'second');
    await sut.order(ACCOUNT, 'first');
    expect(asked).toEqual([`${ACCOUNT} first`]);
  });
});
