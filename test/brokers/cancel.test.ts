import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Broker, Deadline } from '../../src/ports/broker.js';
import { NO_DEADLINE } from './support/clocks.js';
import {
  ACCOUNT,
  type Answer,
  brokerOn,
  data,
  FakeApi,
  failure,
  hangUp,
  silence,
} from './support/fake-api.js';
import { told } from './support/told.js';
import { wireOrder } from './support/wire.js';

const CANCEL = `DELETE /accounts/${ACCOUNT}/orders/701`;
const COMPLEX = `DELETE /accounts/${ACCOUNT}/complex-orders/55`;

let api: FakeApi;
let sut: Broker;

beforeEach(async () => {
  api = await FakeApi.start();
  sut = brokerOn(api);
});
afterEach(() => api.close());

const cancel = (deadline: Deadline = NO_DEADLINE, complexId: string | null = null, broker = sut) =>
  broker.cancel(ACCOUNT, { id: '701', complexId }, deadline);

describe('cancel', () => {
  it('asks for an order’s end by one request without a body', async () => {
    api.on(CANCEL, data(wireOrder({ status: 'Cancel Requested' })));
    await cancel();
    const [seen, ...more] = api.asked(CANCEL);
    expect(more).toEqual([]);
    expect(seen?.body).toBe('');
    expect(seen?.headers.authorization).toMatch(/^Bearer /);
  });

  it('ends a part of a complex order through that order', async () => {
    api.on(COMPLEX, data({ id: 55, type: 'OCO', orders: [] }));
    await cancel(NO_DEADLINE, '55');
    expect(api.seen.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
    expect(api.asked(COMPLEX)).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ['an order that has ended', failure(422, 'cannot_update_order', 'Order 701 is Filled')],
    ['none such', failure(404, 'not_found', 'No order')],
    ['too many requests', failure(429, 'too_many_requests', 'Slow down')],
    ['a 401', failure(401, 'unauthorized', 'Expired')],
  ])('is refused by the broker’s own envelope: %s, after one request', async (_, answer) => {
    api.on(CANCEL, answer);
    await expect(cancel()).rejects.toMatchObject({ name: 'BrokerRefusal' });
    expect(api.asked(CANCEL)).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ['a 500 envelope', failure(500, 'internal', 'Oops')],
    ['a page', { status: 502, body: '<html>' }],
    ['a 303', { status: 303, headers: { Location: '/elsewhere' } }],
    ['a 421', { status: 421, body: '' }],
    ['success that is not JSON', { status: 200, body: 'OK' }],
    ['a dropped connection', hangUp],
  ])('has an unknown outcome after %s, and one request', async (_, answer) => {
    api.on(CANCEL, answer);
    await expect(cancel()).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(await told(cancel())).toMatch(/^The cancel was sent and/);
    expect(api.asked(CANCEL)).toHaveLength(2);
    expect(api.seen.filter(({ url }) => url === '/elsewhere')).toEqual([]);
  });

  it('has an unknown outcome when no answer comes in time', async () => {
    api.on(CANCEL, silence);
    const hasty = brokerOn(api, { timeouts: { orderMs: 80 } });
    await expect(cancel(NO_DEADLINE, null, hasty)).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(api.asked(CANCEL)).toHaveLength(1);
  });

  it('doesn’t leave past its deadline, not even once the connection stands', async () => {
    api.on(CANCEL, data(wireOrder()));
    let asked = 0;
    for (const passesAt of [1, 2]) {
      asked = 0;
      const deadline = { passed: () => ++asked >= passesAt };
      await expect(cancel(deadline)).rejects.toMatchObject({ name: 'BrokerTooLate' });
      expect(asked).toBe(passesAt);
    }
    expect(api.asked(CANCEL)).toEqual([]);
    await cancel();
    expect(api.asked(CANCEL)).toHaveLength(1);
  });

  it('was not sent if nothing listens, or the login failed', async () => {
    api.on('POST /oauth/token', { status: 503, body: '' });
    await expect(cancel()).rejects.toMatchObject({ name: 'BrokerUnreachable' });
    expect(api.asked(CANCEL)).toEqual([]);
  });
});
