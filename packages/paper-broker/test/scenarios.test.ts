import { Decimal } from 'decimal.js';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import type { PaperOrder } from '../client/paper-admin.js';
import { MONDAY, type Rig, startRig, until } from './harness.js';

const OCC = /^(.{6})(\d{6})([CP])(\d{8})$/;

function shape(order: PaperOrder): string {
  return order.legs
    .map((leg) => `${leg.action.split(' ')[0]?.[0]}${leg.quantity}${OCC.exec(leg.symbol)?.[3] ?? 'S'}`)
    .join(' ');
}

/** Net of an order's fills per unit, Credit positive. */
function filledNet(order: PaperOrder): Decimal {
  const total = order.legs.flatMap((leg) =>
    leg.fills.map((fill) =>
      new Decimal(fill['fill-price']).times(fill.quantity).times(leg.action.startsWith('Sell') ? 1 : -1),
    ),
  );
  return Decimal.sum(0, ...total).div(order.size);
}

async function openings(rig: Rig) {
  return (await rig.admin.orders()).filter((order) => order.legs.every((leg) => leg.action.endsWith('Open')));
}

// A Monday, the Friday after Thanksgiving, a Saturday night, New Year's Eve, a summer day: the book must always stand.
const STARTS = [
  MONDAY,
  '2026-11-27T15:00:00Z',
  '2026-09-13T03:30:00Z',
  '2026-12-31T20:00:00Z',
  '2027-07-06T18:00:00Z',
];

describe.each(STARTS)('the standard book of %s', (startAt) => {
  it('has every position with its filled opening order, on the grid', async () => {
    const rig = await startRig({ startAt });
    const filled = (await openings(rig)).filter((order) => order.status === 'Filled');
    for (const order of filled) {
      expect(order.legs.every((leg) => leg['remaining-quantity'] === 0)).toBe(true);
      const signed = new Decimal(order.price ?? 0).times(order['price-effect'] === 'Credit' ? 1 : -1);
      expect(filledNet(order).toString()).toBe(signed.toString());
      const tick = order['underlying-symbol'] === 'SPX' ? '0.05' : '0.01';
      expect(signed.mod(tick).isZero()).toBe(true);
    }
    expect(filled.map(shape).sort()).toEqual(
      [
        'S2P B2P S1C B1C',
        'S2P B2P S1C B1C',
        'S1P B1P',
        'B2C S2C',
        'S2P B2P S2C B2C',
        'S1P S1C',
        'B2C',
        'B100S',
        'S1C',
        'S2P B2P',
        'S2P B2P',
      ].sort(),
    );
  });

  it('has Tridents on one short strike, each vertical worth more than nothing and less than its width', async () => {
    const rig = await startRig({ startAt });
    const tridents = (await openings(rig)).filter((order) => shape(order) === 'S2P B2P S1C B1C');
    expect(tridents.map((order) => order['underlying-symbol']).sort()).toEqual(['QQQ', 'SPX']);
    for (const { legs } of tridents) {
      const strikes = legs.map((leg) => Number(OCC.exec(leg.symbol)?.[4]) / 1000);
      const price = (i: number) => Number(legs[i]?.fills[0]?.['fill-price']);
      expect(strikes[0]).toBe(strikes[2]);
      expect((strikes[0] ?? 1) % 2).toBe(0);
      const width = (strikes[0] ?? 0) - (strikes[1] ?? 0);
      expect((strikes[3] ?? 0) - (strikes[2] ?? 0)).toBe(width);
      for (const credit of [price(0) - price(1), price(2) - price(3)]) {
        expect(credit).toBeGreaterThan(0);
        expect(credit).toBeLessThan(width);
      }
    }
  });

  it('expires on trading days, most of it 24 to 50 days away, the covered call within a fortnight', async () => {
    const rig = await startRig({ startAt });
    const today = DateTime.fromISO(startAt).setZone('America/New_York').startOf('day');
    for (const { symbol } of (await rig.admin.snapshot()).positions) {
      const match = OCC.exec(symbol);
      if (!match) continue;
      const date = DateTime.fromFormat(match[2] ?? '', 'yyMMdd', { zone: 'America/New_York' });
      expect(date.weekday).toBeLessThanOrEqual(5);
      const days = Math.round(date.diff(today, 'days').days);
      const [least, most] = symbol.startsWith('AAPL') ? [2, 14] : [20, 52];
      expect(days).toBeGreaterThanOrEqual(least);
      expect(days).toBeLessThanOrEqual(most);
    }
  });

  it('holds an unexplained TSLA spread, a MSFT spread past half its credit, a GOOGL one half covered, an AMZN one still opening', async () => {
    const rig = await startRig({ startAt });
    const orders = await rig.admin.orders();
    const of = (symbol: string) => orders.filter((order) => order['underlying-symbol'] === symbol);
    const { positions, working } = await rig.admin.snapshot();
    expect(positions.filter((each) => each['underlying-symbol'] === 'TSLA')).toHaveLength(2);
    expect(of('TSLA')).toEqual([]);
    expect((await rig.onAccount('GET', '/transactions?underlying-symbol=TSLA')).body.data.items).toEqual([]);

    const [msft] = of('MSFT');
    const quotes = (
      await rig.request(
        'GET',
        `/market-data/by-type?${(msft?.legs ?? []).map((leg) => `equity-option=${encodeURIComponent(leg.symbol)}`).join('&')}`,
      )
    ).body.data.items;
    const natural = Number(quotes[0].ask) - Number(quotes[1].bid);
    expect(natural).toBeLessThan(Number(msft?.price) / 2);

    expect(working.filter((each) => each['underlying-symbol'] === 'GOOGL')).toMatchObject([
      {
        status: 'Live',
        'time-in-force': 'GTC',
        legs: [
          { action: 'Buy to Close', quantity: 1 },
          { action: 'Sell to Close', quantity: 1 },
        ],
      },
    ]);
    expect(working.filter((each) => each['underlying-symbol'] === 'AMZN')).toMatchObject([
      {
        status: 'Live',
        legs: [
          { quantity: 3, 'remaining-quantity': 2 },
          { quantity: 3, 'remaining-quantity': 2 },
        ],
      },
    ]);
    expect(
      positions.filter((each) => each['underlying-symbol'] === 'AMZN').map((each) => each.quantity),
    ).toEqual(['1', '1']);
  });
});

describe('scenarios', () => {
  it.each([1, 2, 3, 4, 5, 6])('the standard book stands with seed %i too', async (seed) => {
    const rig = await startRig({ startAt: MONDAY, seed });
    for (const order of await openings(rig)) expect(Number(order.price)).toBeGreaterThan(0);
    const working = (await rig.admin.snapshot()).working.map((each) => each['underlying-symbol']);
    await rig.admin.clock({ advanceMs: 5_000 });
    expect((await rig.admin.snapshot()).working.map((each) => each['underlying-symbol'])).toEqual(working);
  });

  it('twenty has at least twenty positions with room to close each', async () => {
    const rig = await startRig({ scenario: 'twenty', startAt: MONDAY });
    expect((await openings(rig)).length).toBeGreaterThanOrEqual(20);
    const value = (await rig.onAccount('GET', '/balances/USD')).body.data;
    expect(Number(value['derivative-buying-power'])).toBeGreaterThan(0);
    const symbols = (await rig.admin.snapshot()).positions.map((each) => each.symbol);
    expect(new Set(symbols).size).toBe(symbols.length);
  });

  it('empty has cash and nothing else', async () => {
    const rig = await startRig({ scenario: 'empty' });
    const { positions, working } = await rig.admin.snapshot();
    expect([positions, working, await rig.admin.orders()]).toEqual([[], [], []]);
    expect((await rig.onAccount('GET', '/balances/USD')).body.data['net-liquidating-value']).toBe('100000.0');
  });

  it('aged has as many orders and held legs as its name says, on either side of a few old shares', async () => {
    const rig = await startRig({ scenario: 'aged-60-40', startAt: MONDAY });
    const orders = await rig.admin.orders();
    expect(orders.every(({ status }) => status === 'Filled')).toBe(true);
    const closing = orders.filter(({ legs }) => legs.every(({ action }) => action.endsWith('Close')));
    expect([orders.length, closing.length]).toEqual([60 + 10 + 1, 30]);
    const { positions } = await rig.admin.snapshot();
    const options = positions.filter(({ symbol }) => OCC.test(symbol));
    expect([options.length, positions.length]).toEqual([40, 41]);
    expect(options.every(({ quantity }) => Math.abs(Number(quantity)) === 1)).toBe(true);
    expect(
      (await rig.onAccount('GET', '/orders?start-at=2020-01-01T00:00:00Z&per-page=50')).body.data.items,
    ).toHaveLength(50);
  });

  it('an unknown one is refused by name', async () => {
    await expect(startRig({ scenario: 'lavish' })).rejects.toThrow(/lavish.*standard, demo, twenty, empty/);
  });
});

describe.each(STARTS)('the demo’s book of %s', (startAt) => {
  it('is the standard one, and a short put whose target the market reaches by itself within its first hour', async () => {
    const rig = await startRig({ startAt, scenario: 'demo' });
    const usual = await startRig({ startAt });
    const shapes = async (of: Rig) => (await openings(of)).map(shape);
    expect((await shapes(rig)).sort()).toEqual([...(await shapes(usual)), 'S1P'].sort());

    const sold = (await openings(rig)).find((order) => shape(order) === 'S1P');
    const leg = sold?.legs[0];
    const target = new Decimal(sold?.price ?? 0).div(2).toDecimalPlaces(2, Decimal.ROUND_DOWN);
    const { body } = await rig.request(
      'GET',
      `/market-data/by-type?equity-option=${encodeURIComponent(leg?.symbol ?? '')}`,
    );
    expect(target.lt(body.data.items[0].mark), 'nothing is past its target at the start').toBe(true);
    const placed = await rig.onAccount('POST', '/orders', {
      'time-in-force': 'GTC',
      'order-type': 'Limit',
      price: target.toFixed(2),
      'price-effect': 'Debit',
      legs: [
        { 'instrument-type': 'Equity Option', symbol: leg?.symbol, action: 'Buy to Close', quantity: 1 },
      ],
    });
    const order = async () =>
      (await rig.admin.orders()).find(({ id }) => id === placed.body.data.order.id)?.status;
    await until(order, (status) => status === 'Live');
    for (let minute = 1; minute <= 60 && (await order()) === 'Live'; minute += 1)
      await rig.admin.clock({ advanceMs: 60_000 });
    expect(await until(order, (status) => status !== 'Live')).toBe('Filled');
  });
});
