import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, halfDays, holidays, isTradingDay, sessionOn } from '../src/calendar.js';
import { MarketClock } from '../src/clock.js';
import { CATALOG, findUnderlying, type Underlying } from '../src/market/catalog.js';
import { contractOf, expirations, findContract, rootsOn, strikes } from '../src/market/listing.js';
import { Market, type MarketHands } from '../src/market/market.js';
import { optionValue } from '../src/market/pricing.js';
import { OPTION_TICKS, onGrid, snap } from '../src/market/ticks.js';
import { Walk } from '../src/market/walk.js';
import { Sessions } from '../src/sessions.js';

const START = Date.parse('2026-11-23T15:00:00Z');
const TODAY = '2026-11-23';

function under(symbol: string): Underlying {
  const found = findUnderlying(symbol);
  if (!found) throw new Error(symbol);
  return found;
}

function market(seed: number, hands: Partial<MarketHands> = {}) {
  const clock = new MarketClock({ realAt: 0, marketAt: START, venueAt: 0, speed: 0 }, () => 0);
  const sessions = new Sessions({ alwaysOpen: true, forced: null, forcedAt: START });
  const all = { factors: {}, pins: {}, volatility: {}, frozenAt: null, ...hands };
  return { clock, market: new Market(seed, START, clock, sessions, all) };
}

describe('the path of prices', () => {
  it('is the same for the same seed, whatever was read before', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.integer({ min: -4e6, max: 4e7 }), { minLength: 1 }),
        (seed, seconds) => {
          const one = new Walk(seed);
          const values = seconds.map((second) => one.at(second));
          const other = new Walk(seed);
          expect([...seconds].reverse().map((second) => other.at(second))).toEqual([...values].reverse());
        },
      ),
    );
  });

  it('differs between seeds', () => {
    const at = (seed: number) =>
      market(seed)
        .market.spot(under('QQQ'), START + 86_400_000)
        .toString();
    expect(new Set([1, 2, 3, 4].map(at)).size).toBe(4);
  });

  it('starts at the catalogue price and moves about as much as its volatility says', () => {
    const days = 86_400_000;
    const { market: prices } = market(3);
    expect(prices.spot(under('NVDA')).toNumber()).toBe(under('NVDA').base);
    const returns = Array.from({ length: 250 }, (_, day) =>
      Math.log(
        prices.spot(under('NVDA'), START + (day + 1) * days).toNumber() /
          prices.spot(under('NVDA'), START + day * days).toNumber(),
      ),
    );
    const volatility =
      Math.sqrt(returns.reduce((sum, each) => sum + each * each, 0) / returns.length) * Math.sqrt(365);
    expect(volatility).toBeGreaterThan(under('NVDA').realised * 0.8);
    expect(volatility).toBeLessThan(under('NVDA').realised * 1.2);
  });

  it('can be moved, held and let go by hand', () => {
    const { clock, market: prices } = market(5);
    const qqq = under('QQQ');
    prices.setSpot(qqq, 650, true);
    clock.setTo(START + 86_400_000);
    expect(prices.spot(qqq).toNumber()).toBe(650);
    prices.setSpot(qqq, 640, false);
    expect(prices.spot(qqq).toNumber()).toBe(640);
    clock.setTo(START + 2 * 86_400_000);
    expect(prices.spot(qqq).toNumber()).not.toBe(640);
  });
});

describe('a closed market', () => {
  it('keeps the prices of its close until it opens', () => {
    const close = Date.parse('2026-11-25T21:00:00Z');
    const clock = new MarketClock({ realAt: 0, marketAt: close, venueAt: 0, speed: 0 }, () => 0);
    const sessions = new Sessions({ alwaysOpen: false, forced: null, forcedAt: 0 });
    const hands = { factors: {}, pins: {}, volatility: {}, frozenAt: null };
    const prices = new Market(3, START, clock, sessions, hands);
    const at = (instant: string) => {
      clock.setTo(Date.parse(instant));
      return prices.spot(under('QQQ')).toString();
    };
    const closing = at('2026-11-25T21:00:00Z');
    // That night, on Thanksgiving, and before Friday's open.
    for (const later of ['2026-11-26T02:00:00Z', '2026-11-26T18:00:00Z', '2026-11-27T14:29:59Z']) {
      expect(at(later)).toBe(closing);
    }
    expect(at('2026-11-27T14:30:00Z')).not.toBe(closing);
  });

  it('can be frozen while the clock runs', () => {
    const { clock, market: prices } = market(3, { frozenAt: START });
    clock.setTo(START + 86_400_000);
    expect(prices.spot(under('QQQ')).toNumber()).toBe(under('QQQ').base);
  });
});

describe('option values', () => {
  it('obey put-call parity', () => {
    const years = 0.1;
    const call = optionValue('C', 600, 610, years, 0.2);
    const put = optionValue('P', 600, 610, years, 0.2);
    expect(call - put).toBeCloseTo(600 - 610 * Math.exp(-0.04 * years), 6);
  });

  it('agree with an independent computation', () => {
    // Python: statistics.NormalDist in the closed formula, S 42, K 40, 6 months, 20 %, rate 4 %.
    expect(optionValue('C', 42, 40, 0.5, 0.2)).toBeCloseTo(3.94995, 4);
  });

  it('grow with the strike for puts and fall for calls, so that a spread is worth between nothing and its width', () => {
    for (const underlying of CATALOG) {
      const { market: prices } = market(11);
      for (const date of expirations(underlying, TODAY).filter((each) => each > TODAY)) {
        const root = rootsOn(underlying, date).at(-1) ?? '';
        const listed = strikes(underlying);
        const values = (right: 'C' | 'P') =>
          listed.map((strike) => prices.value(contractOf(underlying, root, date, right, strike)));
        for (const side of [values('P'), values('C').reverse()]) {
          const steps = side.slice(1).map((value, i) => value - (side[i] ?? 0));
          expect(Math.min(...steps)).toBeGreaterThanOrEqual(-1e-4);
          expect(Math.max(...steps)).toBeLessThanOrEqual(underlying.strikeStep + 1e-4);
        }
      }
    }
  });

  it.each(['QQQ', 'SPX', 'AAPL', 'VIX', 'YMM'])(
    'of %s are quoted on its grid, bid below ask, both around the model',
    (symbol) => {
      const underlying = under(symbol);
      const { market: prices } = market(7);
      for (const date of expirations(underlying, TODAY).slice(1, 12)) {
        for (const strike of strikes(underlying).filter((_, i) => i % 7 === 0)) {
          for (const right of ['C', 'P'] as const) {
            const contract = contractOf(underlying, rootsOn(underlying, date)[0] ?? '', date, right, strike);
            const { bid, ask, mark } = prices.optionQuote(contract);
            expect(onGrid(underlying.ticks, bid) && onGrid(underlying.ticks, ask)).toBe(true);
            expect(bid.lt(ask)).toBe(true);
            expect(bid.gte(0)).toBe(true);
            expect(mark.toNumber()).toBeCloseTo(bid.plus(ask).div(2).toNumber(), 9);
          }
        }
      }
    },
  );

  it('are dearer for a put far below than for a call as far above', () => {
    const { market: prices } = market(9);
    const option = (right: 'C' | 'P', strike: number) =>
      contractOf(under('SPX'), 'SPXW', '2027-01-08', right, strike);
    expect(prices.value(option('P', 6300))).toBeGreaterThan(prices.value(option('C', 7125)));
  });

  it('decay with time while the underlying stands', () => {
    const { market: prices } = market(9, { pins: { SPX: 6712 } });
    const put = contractOf(under('SPX'), 'SPXW', '2027-01-08', 'P', 6710);
    const values = [0, 10, 20, 30, 40].map((days) => prices.value(put, START + days * 86_400_000));
    expect(values).toEqual([...values].sort((a, b) => b - a));
  });
});

describe('ticks', () => {
  const price = fc.integer({ min: 0, max: 2_000_00 }).map((each) => new Decimal(each).div(1000));

  it.each(Object.entries(OPTION_TICKS))(
    '%s: snapping lands on the grid on the right side, less than a step away',
    (_name, steps) => {
      fc.assert(
        fc.property(price, (value) => {
          const down = snap(steps, value, 'down');
          const up = snap(steps, value, 'up');
          expect(onGrid(steps, down) && onGrid(steps, up)).toBe(true);
          expect(down.lte(value) && up.gte(value)).toBe(true);
          expect(up.minus(down).lte('0.1')).toBe(true);
        }),
      );
    },
  );
});

describe('the listing', () => {
  it('reads back every symbol it offers', () => {
    for (const underlying of CATALOG) {
      for (const date of expirations(underlying, TODAY).slice(0, 30)) {
        for (const root of rootsOn(underlying, date)) {
          const [strike] = strikes(underlying);
          const contract = contractOf(underlying, root, date, 'P', strike ?? 0);
          expect(contract.symbol).toHaveLength(21);
          expect(findContract(contract.symbol)).toMatchObject({ root, expiration: date, strike, right: 'P' });
        }
      }
    }
  });

  it.each([
    '',
    'QQQ',
    'QQQ 261231P00600000',
    'QQQ   261231X00600000',
    'QQQ   261226P00600000',
    'qqq   261231P00600000',
    'QQQ   261231P06000000',
  ])('knows no option "%s"', (symbol) => {
    expect(findContract(symbol)).toBeUndefined();
  });

  it('has volatility options expire on Wednesdays, the monthly 30 days before the next SPX expiration', () => {
    const dates = expirations(under('VIX'), TODAY);
    expect(dates).toContain('2026-12-16');
    expect(rootsOn(under('VIX'), '2026-12-16')).toEqual(['VIX']);
    expect(rootsOn(under('VIX'), '2026-12-09')).toEqual(['VIXW']);
  });
});

describe('the calendar', () => {
  // Source: NYSE holidays and trading hours.
  it.each<[number, string[], string[]]>([
    [
      2025,
      [
        '2025-01-01',
        '2025-01-20',
        '2025-02-17',
        '2025-04-18',
        '2025-05-26',
        '2025-06-19',
        '2025-07-04',
        '2025-09-01',
        '2025-11-27',
        '2025-12-25',
      ],
      ['2025-07-03', '2025-11-28', '2025-12-24'],
    ],
    [
      2026,
      [
        '2026-01-01',
        '2026-01-19',
        '2026-02-16',
        '2026-04-03',
        '2026-05-25',
        '2026-06-19',
        '2026-07-03',
        '2026-09-07',
        '2026-11-26',
        '2026-12-25',
      ],
      ['2026-11-27', '2026-12-24'],
    ],
    [
      2027,
      [
        '2027-01-01',
        '2027-01-18',
        '2027-02-15',
        '2027-03-26',
        '2027-05-31',
        '2027-06-18',
        '2027-07-05',
        '2027-09-06',
        '2027-11-25',
        '2027-12-24',
      ],
      ['2027-11-26'],
    ],
  ])('of %i', (year, closed, short) => {
    expect(holidays(year).sort()).toEqual(closed);
    expect(halfDays(year)).toEqual(short);
  });

  it('closes at 16:00 New York time in winter and summer', () => {
    expect(new Date(sessionOn('2026-01-05')?.closeAt ?? 0).toISOString()).toBe('2026-01-05T21:00:00.000Z');
    expect(new Date(sessionOn('2026-07-06')?.closeAt ?? 0).toISOString()).toBe('2026-07-06T20:00:00.000Z');
  });

  it('never trades at a weekend', () => {
    for (let day = '2026-01-03'; day < '2027-01-01'; day = addDays(day, 7)) {
      expect(isTradingDay(day) || isTradingDay(addDays(day, 1))).toBe(false);
    }
  });
});

describe('the clock', () => {
  it('runs at its speed, stands when paused, and lets orders travel all the same', () => {
    let real = 0;
    const clock = MarketClock.startingAt(START, 60, () => real);
    real = 1_000;
    expect([clock.now() - START, clock.venue()]).toEqual([60_000, 60_000]);
    clock.setSpeed(0);
    real = 2_000;
    expect([clock.now() - START, clock.venue()]).toEqual([60_000, 61_000]);
    clock.setTo(START);
    expect([clock.now() - START, clock.venue()]).toEqual([0, 61_000]);
    expect(clock.tokenTime()).toBe(2_000);
    clock.advance(500);
    expect([clock.now() - START, clock.venue(), clock.tokenTime()]).toEqual([500, 61_500, 2_000]);
    expect(clock.realUntilVenue(62_000)).toBe(500);
  });
});
