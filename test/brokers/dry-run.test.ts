import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/money.js';
import type { Broker } from '../../src/ports/broker.js';
import { ACCOUNT, type Answer, brokerOn, data, FakeApi, failure } from './support/fake-api.js';
import { closing, placedAnswer, wireOrder } from './support/wire.js';

const DRY_RUN = `POST /accounts/${ACCOUNT}/orders/dry-run`;
/** A dry run's order has no id and a placeholder time. */
const preview = wireOrder({ id: undefined, status: 'Received', 'updated-at': 0, 'received-at': undefined });
const reason = { code: 'margin_check_failed', message: 'Too little' };

let api: FakeApi;
let sut: Broker;

beforeEach(async () => {
  api = await FakeApi.start();
  sut = brokerOn(api);
});
afterEach(() => api.close());

const dryRun = async (answer: Answer) => {
  api.on(DRY_RUN, answer);
  return sut.dryRun(ACCOUNT, closing(), 'trader');
};

describe('dryRun', () => {
  it('gives fees as a cost, freed buying power as a gain, and every warning', async () => {
    const warnings = [{ code: 'closing_with_no_position', message: 'Would open', 'preflight-id': 0 }];
    const result = await dryRun(data(placedAnswer(preview, { warnings })));
    expect(result.fees?.toFixed()).toBe('3.764');
    expect(result.buyingPowerChange?.toFixed()).toBe('1780');
    expect(result.warnings).toEqual([{ code: 'closing_with_no_position', message: 'Would open' }]);
    expect(result.errors).toEqual([]);
  });

  it('sends what submit would send, without the mark', async () => {
    await dryRun(data(placedAnswer(preview)));
    const body = JSON.parse(api.asked(DRY_RUN)[0]?.body ?? '') as object;
    expect(body).toMatchObject({
      'time-in-force': 'GTC',
      'advanced-instructions': { 'strict-position-effect-validation': true },
    });
    expect(body).not.toHaveProperty('external-identifier');
  });

  it.each([
    [{ 'total-fees': '1.5', 'total-fees-effect': 'Credit' }, '-1.5'],
    [{ 'total-fees': 1.5, 'total-fees-effect': 'debit' }, '1.5'],
    [{ 'total-fees': '0.0', 'total-fees-effect': 'None' }, '0'],
    [{ 'total-fees': '1.5', 'total-fees-effect': 'None' }, undefined],
    [{ 'total-fees': '1.5' }, undefined],
    [{}, undefined],
    [null, undefined],
  ])('reads fees %j as %s', async (fees, expected) => {
    const { fees: read } = await dryRun(data(placedAnswer(preview, { 'fee-calculation': fees })));
    expect(read?.toFixed()).toBe(expected);
  });

  it('gives used buying power as a loss', async () => {
    const effect = { 'change-in-buying-power': '12.50', 'change-in-buying-power-effect': 'Debit' };
    const result = await dryRun(data(placedAnswer(preview, { 'buying-power-effect': effect })));
    expect(result.buyingPowerChange?.toFixed()).toBe('-12.5');
  });

  it('turns a failed preflight into errors, however it is told', async () => {
    expect((await dryRun(failure(422, 'preflight_check_failure', 'Failed', [reason]))).errors).toEqual([
      reason,
    ]);
    expect((await dryRun(failure(422, 'odd', 'Just no'))).errors).toMatchObject([
      { code: 'odd', message: 'Just no' },
    ]);
    expect((await dryRun(data(placedAnswer(preview, { errors: [reason] })))).errors).toEqual([reason]);
    for (const status of [200, 422]) {
      const body = { data: placedAnswer(preview), error: { code: 'outer', message: 'x', errors: [reason] } };
      const result = await dryRun({ status, body });
      expect(result.errors).toEqual([reason]);
      expect(result.fees?.toFixed()).toBe('3.764');
    }
  });

  it('loses no remark for its shape', async () => {
    const errors = [{ domain: 'legs', reason: 'too many' }, 'plain', { odd: 1 }, { code: 'only_code' }];
    expect((await dryRun(data(placedAnswer(preview, { errors })))).errors).toEqual([
      { code: 'legs', message: 'too many' },
      { code: 'plain', message: 'plain' },
      { code: 'unspecified', message: '{"odd":"1"}' },
      { code: 'only_code', message: 'only_code' },
    ]);
  });

  it.each<[string, Answer, string]>([
    ['a 403', failure(403, 'not_permitted', 'Scope'), 'BrokerRefusal'],
    ['a 422 page', { status: 422, body: '<html>' }, 'BrokerRefusal'],
    ['a 500', failure(500, 'x', 'y'), 'BrokerUnreachable'],
    ['nothing', { body: {} }, 'BrokerProtocolError'],
  ])('throws on %s', async (_, answer, name) => {
    await expect(dryRun(answer)).rejects.toMatchObject({ name });
  });

  it('is repeated like a read: it places nothing', async () => {
    api.on(DRY_RUN, { status: 503 }, failure(401, 'unauthorized', 'x'), data(placedAnswer(preview)));
    expect((await sut.dryRun(ACCOUNT, closing(), 'trader')).errors).toEqual([]);
    expect(api.seen.filter(({ url }) => url === `/accounts/${ACCOUNT}/orders`)).toEqual([]);
  });
});

it('shares a trial that still waits for its turn, never one that has left, nor one of another order', async () => {
  api.on(DRY_RUN, data(placedAnswer(preview)));
  const first = sut.dryRun(ACCOUNT, closing(), 'viewer');
  await first;
  const same = Array.from({ length: 40 }, () => sut.dryRun(ACCOUNT, closing(), 'viewer'));
  const other = sut.dryRun(ACCOUNT, closing({ price: new Decimal('1.25') }), 'trader');
  const answers = await Promise.all([...same, other]);
  expect(answers).toHaveLength(41);
  expect(api.asked(DRY_RUN)).toHaveLength(3);
});
