import { describe, expect, it } from 'vitest';
import type { RowFault } from '../../../src/domain/row-faults.js';
import type { BrokerOrder } from '../../../src/domain/types.js';
import { mismatchText } from '../../../src/screens/report.js';
import { echoMismatches, reportLine } from '../../../src/services/telling/report.js';
import { d } from '../../domain/build.js';
import { echo, intent, LONG_PUT, line, verticalLegs } from '../support/builders.js';

const mine = intent({ legs: verticalLegs(2), units: 2 });
const same = echo(mine);
const [first, second] = same.legs as [BrokerOrder['legs'][0], BrokerOrder['legs'][0]];

describe('echoMismatches', () => {
  it('finds none in a faithful echo, in whatever order, padding or notation', () => {
    expect(echoMismatches(mine, same)).toEqual([]);
    expect(echoMismatches(mine, echo(mine, { legs: [second, first] }))).toEqual([]);
    expect(echoMismatches(mine, echo(mine, { price: d('0.6700') }))).toEqual([]);
  });

  it.each<[string, Partial<BrokerOrder>, string]>([
    ['a lower price', { price: d('0.66') }, 'price: planned 0.67, the broker has 0.66'],
    ['no price', { price: null }, 'price: planned 0.67, the broker has none'],
    ['the other direction', { effect: 'credit' }, 'effect: planned debit, the broker has credit'],
    ['no direction', { effect: null }, 'effect: planned debit, the broker has none'],
    ['a day order', { timeInForce: 'Day' }, 'time in force: planned GTC, the broker has Day'],
    ['a market order', { orderType: 'Market' }, 'order type: planned Limit, the broker has Market'],
    ['a leg less', { legs: [first] }, 'legs:'],
    ['a leg more', { legs: [first, second, second] }, 'legs:'],
    ['another quantity', { legs: [{ ...first, quantity: 1 }, second] }, 'legs:'],
    ['an opening leg', { legs: [{ ...first, action: 'buy-to-open' }, second] }, 'legs:'],
    [
      'another contract',
      {
        legs: [
          { ...first, instrument: { ...first.instrument, symbol: LONG_PUT.replace('475', '470') } },
          second,
        ],
      },
      'legs:',
    ],
  ])('names %s', (_what, change, words) => {
    const found = echoMismatches(mine, echo(mine, change));
    expect(found).toHaveLength(1);
    expect(found.map(mismatchText)[0]).toContain(words);
  });

  it('names each of several', () => {
    expect(
      echoMismatches(mine, echo(mine, { price: d(1), effect: 'credit', timeInForce: 'Day' })),
    ).toHaveLength(3);
  });
});

describe('mismatchText', () => {
  const odd = (why: RowFault) => mismatchText({ what: 'unreadable', why });

  it('says in words why an order can’t be read in full, also as it was kept in words once', () => {
    const place = { field: 'status', leg: null, fill: false };
    expect(odd({ code: 'MISSING', place })).toBe(
      'the broker’s row of this order can’t be read in full (its status is missing)',
    );
    expect(odd('its price is no number')).toBe(
      'the broker’s row of this order can’t be read in full (its price is no number)',
    );
  });
});

describe('reportLine', () => {
  it('prefers what the broker says now over what is on record', () => {
    const order = echo(mine, { status: 'Rejected', state: 'rejected', rejectReason: 'off tick' });
    expect(reportLine(mine, order)).toMatchObject({
      status: 'Rejected',
      orderState: 'rejected',
      reason: 'off tick',
      read: true,
    });
  });

  it('an order that can’t be read keeps what was known, a difference in red above all', () => {
    const before = line({ mismatches: [{ what: 'price', planned: '0.67', echoed: '0.66' }] });
    const now = reportLine(intent({ brokerStatus: 'Live', brokerState: 'working' }), null, before);
    expect(now).toMatchObject({ ...before, status: 'Live', orderState: 'working', read: false });
  });
});
