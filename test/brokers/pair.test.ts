import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Broker, OrderPair } from '../../src/ports/broker.js';
import { d } from '../domain/build.js';
import { NO_DEADLINE } from './support/clocks.js';
import { ACCOUNT, type Answer, brokerOn, data, FakeApi, failure, hangUp } from './support/fake-api.js';
import { closing, placedAnswer, wireOrder } from './support/wire.js';

const SUBMIT = `POST /accounts/${ACCOUNT}/complex-orders`;
const TRIAL = `${SUBMIT}/dry-run`;
const MARKS = { target: 'ptb-1', stop: 'ptb-2' };
const PAIR: OrderPair = {
  target: closing(),
  stop: { ...closing(), trigger: d('3.10'), price: d('3.45') },
};

let api: FakeApi;
let sut: Broker;

beforeEach(async () => {
  api = await FakeApi.start();
  sut = brokerOn(api);
});
afterEach(() => api.close());

const submit = () => sut.submitPair(ACCOUNT, PAIR, MARKS, NO_DEADLINE);
const target = (change: object = {}) => wireOrder({ id: 701, 'external-identifier': 'ptb-1', ...change });
const stop = (change: object = {}) =>
  wireOrder({
    id: 702,
    'external-identifier': 'ptb-2',
    'order-type': 'Stop Limit',
    'stop-trigger': '3.1',
    price: '3.45',
    ...change,
  });
const answered = (...orders: object[]): Answer => {
  const { order: _order, ...rest } = placedAnswer(wireOrder());
  return { ...data({ 'complex-order': { id: 55, type: 'OCO', orders }, ...rest }), status: 201 };
};

describe('a target with its stop', () => {
  it('leaves as one OCO of exactly a limit and a stop limit, both GTC, strict, each with its mark', async () => {
    api.on(SUBMIT, answered(target(), stop()));
    await submit();
    const [seen, ...more] = api.asked(SUBMIT);
    expect(more).toEqual([]);
    const body = JSON.parse(seen?.body ?? '');
    const common = {
      'time-in-force': 'GTC',
      'price-effect': 'Debit',
      'advanced-instructions': { 'strict-position-effect-validation': true },
      legs: [{ action: 'Buy to Close' }, { action: 'Sell to Close' }],
    };
    expect(body).toMatchObject({
      type: 'OCO',
      orders: [
        { ...common, 'order-type': 'Limit', price: '1.1', 'external-identifier': 'ptb-1' },
        {
          ...common,
          'order-type': 'Stop Limit',
          'stop-trigger': '3.1',
          price: '3.45',
          'external-identifier': 'ptb-2',
        },
      ],
    });
    expect(body.orders[0]).not.toHaveProperty('stop-trigger');
  });

  it.each<[string, object[]]>([
    ['with their marks, in either order', [stop(), target()]],
    [
      'without marks, by their kind',
      [stop({ 'external-identifier': null }), target({ 'external-identifier': null })],
    ],
  ])('is told apart %s', async (_how, orders) => {
    api.on(SUBMIT, answered(...orders));
    expect(await submit()).toMatchObject({ target: { id: '701' }, stop: { id: '702' } });
  });

  it('never takes another one’s mark for its own', async () => {
    api.on(SUBMIT, answered(target(), stop({ 'external-identifier': 'somebody-else' })));
    expect(await submit()).toMatchObject({ target: { id: '701' }, stop: null });
  });

  it.each<[string, Answer]>([
    ['without any order', answered()],
    ['of orders without an id', answered(target({ id: undefined }), stop({ id: 0 }))],
    ['that is no JSON', { status: 201, body: 'OK' }],
    ['that is cut', hangUp],
  ])('of an answer %s nobody knows what became of it, and it is not sent again', async (_what, answer) => {
    api.on(SUBMIT, answer);
    await expect(submit()).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(api.asked(SUBMIT)).toHaveLength(1);
  });

  it('is refused as a whole, with the reasons', async () => {
    const reasons = [{ code: 'invalid_oco_order_type_combo', message: 'No' }];
    api.on(SUBMIT, failure(422, 'preflight_check_failure', 'Checks failed', reasons));
    await expect(submit()).rejects.toMatchObject({ name: 'BrokerRefusal', details: reasons });
  });

  it('stays here, both of it, where its time is over or sending was halted while it waited', async () => {
    api.on(SUBMIT, answered(target(), stop()));
    for (const passesAt of [1, 2]) {
      let asked = 0;
      const deadline = { passed: () => ++asked >= passesAt };
      const late = sut.submitPair(ACCOUNT, PAIR, MARKS, deadline);
      await expect(late).rejects.toMatchObject({ name: 'BrokerTooLate', retryable: false });
    }
    expect(api.asked(SUBMIT)).toEqual([]);
  });

  it('never leaves with a trigger that is none', async () => {
    for (const trigger of ['0', '-1', 'NaN']) {
      const pair = { ...PAIR, stop: { ...PAIR.stop, trigger: d(trigger) } };
      await expect(sut.submitPair(ACCOUNT, pair, MARKS, NO_DEADLINE)).rejects.toMatchObject({
        code: 'invalid_order',
      });
    }
    expect(api.asked(SUBMIT)).toEqual([]);
  });
});

describe('the trial of a pair', () => {
  it('is of that very pair, without marks, and gives costs and warnings', async () => {
    const warnings = [{ code: 'tif.next_valid_session', message: 'Later' }];
    const { order: _order, ...rest } = placedAnswer(wireOrder(), { warnings });
    api.on(TRIAL, data({ 'complex-order': { type: 'OCO', orders: [] }, ...rest }));
    const trial = await sut.dryRunPair(ACCOUNT, PAIR, 'trader');
    expect(trial).toMatchObject({ warnings, errors: [] });
    expect(trial.fees?.toFixed()).toBe('3.764');
    const body = api.asked(TRIAL)[0]?.body ?? '';
    expect(body).toContain('"stop-trigger":"3.1"');
    expect(body).not.toContain('external-identifier');
  });

  it('says why the broker would refuse it', async () => {
    const reason = { code: 'oco_no_multi_leg', message: 'Not for spreads' };
    api.on(TRIAL, failure(422, 'preflight_check_failure', 'Failed', [reason]));
    expect((await sut.dryRunPair(ACCOUNT, PAIR, 'trader')).errors).toEqual([reason]);
  });
});
