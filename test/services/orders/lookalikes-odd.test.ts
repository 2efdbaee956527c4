import { expect, it } from 'vitest';
import type { OddRow } from '../../../src/domain/types.js';
import { lookalikesOf } from '../../../src/services/orders/lookalikes.js';
import { d } from '../../domain/build.js';
import { echo, intent, LONG_PUT, SHORT_PUT, T0 } from '../support/builders.js';

const ours = intent({ state: 'unknown', brokerOrderId: null });

/** An order that can't be read, as the adapter gives it. */
function odd(
  change: { concern?: OddRow['concern']; receivedAt?: Date | null; externalIdentifier?: string } = {},
) {
  const { concern = { symbols: [SHORT_PUT, LONG_PUT], kin: null }, ...order } = change;
  const row: OddRow = {
    what: 'order',
    name: '9',
    why: 'its price is missing',
    doubts: 'coverage',
    concern,
  };
  return echo(ours, {
    id: '9',
    legs: [],
    price: null,
    externalIdentifier: null,
    receivedAt: T0,
    ...order,
    odd: row,
  });
}

it.each([
  ['on its contracts', odd(), true],
  ['of the whole account', odd({ concern: 'account' }), true],
  ['of its underlying', odd({ concern: { symbols: [], kin: { underlying: 'QQQ', type: null } } }), true],
  ['without a readable time', odd({ receivedAt: null }), true],
  ['on other contracts', odd({ concern: { symbols: ['SPY'], kin: null } }), false],
  ['of an earlier day', odd({ receivedAt: new Date(T0.getTime() - 86_400_000) }), false],
  ['with another order’s mark', odd({ externalIdentifier: 'ptb-other' }), false],
])('an order that can’t be read may be the one looked for: %s', (_, order, may) => {
  expect(lookalikesOf(ours, [order]).map(({ id }) => id)).toEqual(may ? ['9'] : []);
});

it('of a pair without marks each order is taken for none but the one of its kind', () => {
  const stop = intent({ ...ours, stopTrigger: d('3.10'), price: d('3.45') });
  const unmarked = [echo(ours, { id: '1' }), echo(stop, { id: '2' })].map((order) => ({
    ...order,
    externalIdentifier: null,
  }));
  expect(lookalikesOf(ours, unmarked).map(({ id }) => id)).toEqual(['1']);
  expect(lookalikesOf(stop, unmarked).map(({ id }) => id)).toEqual(['2']);
  const other = intent({ ...stop, stopTrigger: d('3.20') });
  expect(lookalikesOf(other, unmarked)).toEqual([]);
});
