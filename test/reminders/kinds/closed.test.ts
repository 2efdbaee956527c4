import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sumExact } from '../../../src/domain/exact.js';
import type { BrokerOrder } from '../../../src/domain/types.js';
import { closedOn } from '../../../src/services/reminders/closed.js';
import { d, fill, filledOrder, order, orderLeg } from '../../domain/build.js';

const PUT = 'QQQ 2026-12-18 480 P';
const DAY = '2026-11-23';
const at = (time: string) => new Date(`${DAY}T${time}Z`);
const OPENED = new Date('2026-11-02T15:00:00Z');
const opened = (id: string, quantity: number, price: string, when = OPENED) =>
  filledOrder(id, [`sell-to-open ${quantity} ${PUT} @ ${price}`], when);
const closed = (id: string, quantity: number, price: string, when = at('16:00:00')) =>
  filledOrder(id, [`buy-to-close ${quantity} ${PUT} @ ${price}`], when);
const dollars = (history: BrokerOrder[], links = new Map()) =>
  closedOn(DAY, history, links).map(({ realised }) => realised?.toDecimalPlaces(2).toFixed(2) ?? null);

describe('what an order realised', () => {
  test('is the difference to the opening price, also when nothing is held any more', () => {
    expect(dollars([opened('1', 2, '3.10'), closed('2', 2, '1.20')])).toEqual(['380.00']);
  });

  test('takes the oldest first, unless we placed it for another', () => {
    const history = [
      opened('1', 1, '3.00'),
      opened('2', 1, '5.00', new Date('2026-11-03T15:00:00Z')),
      closed('3', 1, '1.00'),
    ];
    expect(dollars(history)).toEqual(['200.00']);
    expect(dollars(history, new Map([['3', { positionId: 7, key: 'order:2' }]]))).toEqual(['400.00']);
  });

  test('takes a whole spread from what has one, as the ledger does, though others hold its contracts for longer', () => {
    const LONG = 'QQQ 2026-12-18 470 P';
    const spread = [
      filledOrder(
        '2',
        [`sell-to-open 1 ${PUT} @ 3.00`, `buy-to-open 1 ${LONG} @ 1.00`],
        new Date('2026-11-03T15:00:00Z'),
      ),
      filledOrder('3', [`buy-to-close 1 ${PUT} @ 1.50`, `sell-to-close 1 ${LONG} @ 0.50`], at('16:00:00')),
    ];
    expect(dollars([opened('1', 1, '5.00'), ...spread])).toEqual(['100.00']);
    // The older one is still there for what closes it.
    expect(dollars([opened('1', 1, '5.00'), ...spread, closed('4', 1, '1.00', at('17:00:00'))])).toEqual([
      '100.00',
      '400.00',
    ]);
  });

  test('counts only the fills of this day at the exchange', () => {
    const both = order('2', [
      {
        ...orderLeg(`buy-to-close 3 ${PUT}`, 0),
        remaining: 0,
        fills: [
          fill(1, d('2.00'), new Date('2026-11-23T04:59:59Z')),
          fill(1, d('1.00'), new Date('2026-11-23T05:00:00Z')),
          fill(1, d('0.50'), new Date('2026-11-24T05:00:00Z')),
        ],
      },
    ]);
    const [found] = closedOn(DAY, [opened('1', 3, '3.00'), both], new Map());
    expect(found?.realised?.toDecimalPlaces(2).toFixed(2)).toBe('200.00');
    expect([...(found?.contracts.values() ?? [])]).toEqual([1]);
  });

  test('is unknown while the opening is out of reach or fills are still missing', () => {
    expect(dollars([closed('2', 1, '1.20')])).toEqual([null]);
    expect(dollars([opened('1', 1, '3.00'), closed('2', 2, '1.20')])).toEqual([null]);
    const lagging = order('2', [
      { ...orderLeg(`buy-to-close 2 ${PUT} @ 1.00`, 1, at('16:00:00')), remaining: 0 },
    ]);
    expect(dollars([opened('1', 2, '3.00'), lagging])).toEqual([null]);
  });

  test('is not told of orders that only opened, or closed on other days', () => {
    expect(dollars([opened('1', 1, '3.00', at('15:00:00'))])).toEqual([]);
    expect(
      dollars([opened('1', 1, '3.00'), closed('2', 1, '1.00', new Date('2026-11-20T16:00:00Z'))]),
    ).toEqual([]);
  });
});

test('once all is closed, the days’ realised profits add up to the cash that moved', () => {
  const trade = fc.record({
    quantity: fc.integer({ min: 1, max: 4 }),
    open: fc.integer({ min: 1, max: 900 }),
    close: fc.integer({ min: 0, max: 900 }),
    day: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(trade, { minLength: 1, maxLength: 6 }), (trades) => {
      const history = trades.flatMap(({ quantity, open, close, day }, index) => [
        opened(`o${index}`, quantity, String(open / 100), new Date(OPENED.getTime() + index)),
        closed(
          `c${index}`,
          quantity,
          String(close / 100),
          new Date(at('16:00:00').getTime() + day * 86_400_000 + index),
        ),
      ]);
      const days = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26'];
      const told = days.flatMap((day) => closedOn(day, history, new Map()).map(({ realised }) => realised));
      const cash = trades.reduce((all, { quantity, open, close }) => all + quantity * (open - close), 0);
      expect(told.every((each) => each !== null)).toBe(true);
      const total = sumExact(told.filter((each) => each !== null));
      expect(total.toString()).toBe(String(cash));
    }),
  );
});
