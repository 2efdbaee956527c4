import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentOf } from '../../src/domain/pricing.js';
import { rangeApart, settlementRange } from '../../src/domain/settlement.js';
import {
  componentsOf,
  entryOf,
  parseProfitTargets,
  recognise,
  STRATEGIES,
  titleOf,
} from '../../src/domain/strategies/index.js';
import { unitLegs } from '../../src/domain/strategies/shape.js';
import type { PositionLeg } from '../../src/domain/types.js';
import { saying } from '../support/saying.js';
import { leg, option, x } from './build.js';

const EXP = 'QQQ 2026-12-18';
const FAR = 'QQQ 2027-01-15';

function legs(...texts: string[]): PositionLeg[] {
  return texts.map((text) => leg(text.replace(/^(\S+) (\d)/, `$1 ${EXP} $2`)));
}
const TRIDENT = legs('2 470 P @ 1.20', '-2 480 P @ 3.05', '-1 480 C @ 4.00', '1 490 C @ 1.60');

describe('recognising strategies', () => {
  it.each([
    ['senex-trident', 'Senex Trident', TRIDENT],
    ['senex-trident', 'Senex Trident', legs('4 470 P', '-4 480 P', '-2 485 C', '2 490 C')],
    ['iron-condor', 'Iron condor', legs('1 470 P', '-1 480 P', '-1 490 C', '1 500 C')],
    ['iron-butterfly', 'Iron butterfly', legs('1 470 P', '-1 480 P', '-1 480 C', '1 490 C')],
    ['single-long', 'Long call', legs('3 480 C @ 4')],
    ['single-long', 'Long put', legs('1 480 P @ 4')],
    ['single-short', 'Short put', legs('-1 480 P @ 4')],
    ['single-short', 'Short call', legs('-2 480 C @ 4')],
    ['credit-vertical', 'Bull put vertical', legs('1 470 P @ 1', '-1 480 P @ 3')],
    ['credit-vertical', 'Bear call vertical', legs('-5 480 C @ 3', '5 490 C @ 1')],
    ['debit-vertical', 'Bull call vertical', legs('1 480 C @ 3', '-1 490 C @ 1')],
    ['debit-vertical', 'Bear put vertical', legs('-1 470 P @ 1', '1 480 P @ 3')],
    ['short-straddle', 'Short straddle', legs('-1 480 P @ 4', '-1 480 C @ 4')],
    ['long-straddle', 'Long straddle', legs('1 480 P @ 4', '1 480 C @ 4')],
    ['short-strangle', 'Short strangle', legs('-1 470 P @ 4', '-1 490 C @ 4')],
    ['long-strangle', 'Long strangle', legs('1 470 P @ 4', '1 490 C @ 4')],
    ['calendar', 'Calendar', [leg(`-1 ${EXP} 480 C @ 4`), leg(`1 ${FAR} 480 C @ 6`)]],
    ['diagonal', 'Diagonal', [leg(`-1 ${EXP} 490 C @ 2`), leg(`1 ${FAR} 480 C @ 6`)]],
    ['butterfly', 'Long call butterfly', legs('1 470 C @ 9', '-2 480 C @ 5', '1 490 C @ 3')],
    ['butterfly', 'Short put butterfly', legs('-1 470 P @ 3', '2 480 P @ 5', '-1 490 P @ 9')],
    ['butterfly', 'Long put broken-wing butterfly', legs('1 460 P @ 3', '-2 480 P @ 5', '1 490 P @ 9')],
    ['ratio', 'Front ratio spread', legs('1 480 C @ 4', '-2 490 C @ 3')],
    ['ratio', 'Back ratio spread', legs('-1 480 C @ 4', '2 490 C @ 1')],
    ['covered-call', 'Covered call', [leg('200 AAPL @ 200'), leg('-2 AAPL 2026-12-18 210 C @ 3')]],
    // What looks similar and is not.
    ['custom', 'Custom', legs('-1 470 P', '1 480 P', '1 490 C', '-1 500 C')],
    ['custom', 'Custom', legs('2 470 P', '-2 480 P', '-2 490 C', '1 500 C')],
    ['custom', 'Custom', legs('3 470 P', '-3 480 P', '-1 480 C', '1 490 C')],
    ['custom', 'Custom', legs('2 470 P', '-2 490 P', '-1 480 C', '1 500 C')],
    ['custom', 'Custom', legs('1 470 P', '-1 480 P', '-2 480 C', '2 490 C')],
    ['custom', 'Custom', legs('1 470 P', '-1 490 C')],
    ['custom', 'Custom', legs('1 470 P', '-2 480 P', '2 490 P')],
    ['custom', 'Custom', [leg('100 AAPL @ 200'), leg('-2 AAPL 2026-12-18 210 C @ 3')]],
    ['custom', 'Custom', [leg(`1 SPX 2026-12-18 5800 P`), leg(`-1 SPXW/SPX 2026-12-18 5900 P`)]],
    ['custom', 'Custom', legs('1 460 P', '-1 470 P', '-1 480 P', '1 490 P')],
  ])('%s (%s)', (id, title, given) => {
    for (const order of [given, given.toReversed()]) {
      const strategy = recognise(order);
      expect([strategy.id, titleOf({ strategy: strategy.id, legs: order })]).toEqual([id, title]);
    }
  });

  it('judges quantities as opened, so a Trident with half its puts closed stays one', () => {
    const held = TRIDENT.map((each) => ({ ...each, held: each.opened === 2 ? 1 : 0 }));
    expect(recognise(held).id).toBe('senex-trident');
  });

  it('has one strategy per id and custom last, which takes everything', () => {
    expect(new Set(STRATEGIES.map(({ id }) => id)).size).toBe(STRATEGIES.length);
    expect(STRATEGIES.at(-1)?.id).toBe('custom');
  });
});

describe('entries from fills', () => {
  it.each([
    [
      'a put credit vertical',
      legs('1 470 P @ 1.20', '-1 480 P @ 3.05'),
      { kind: 'credit', credit: '1.85', width: '10', isMaximum: true },
    ],
    [
      'a call debit vertical',
      legs('2 480 C @ 4', '-2 490 C @ 1.9'),
      { kind: 'debit-vertical', debit: '2.1', width: '10' },
    ],
    [
      'an iron condor',
      legs('1 470 P @ 1', '-1 480 P @ 2', '-1 490 C @ 2', '1 505 C @ 1.2'),
      { kind: 'credit', credit: '1.8', width: '15', isMaximum: true },
    ],
    ['a long call', legs('3 480 C @ 4.2'), { kind: 'debit', debit: '4.2' }],
    ['a strangle', legs('-1 470 P @ 2', '-1 490 C @ 3'), { kind: 'credit', credit: '5' }],
    [
      'a long butterfly',
      legs('1 470 C @ 9', '-2 480 C @ 5', '1 490 C @ 3'),
      { kind: 'debit', debit: '2', width: '10' },
    ],
    [
      'a front ratio opened for a credit',
      legs('1 480 C @ 4', '-2 490 C @ 3'),
      { kind: 'credit', credit: '2' },
    ],
    ['a back ratio opened for a debit', legs('-1 480 C @ 2', '2 490 C @ 1.5'), { kind: 'debit', debit: '1' }],
    [
      'a calendar, which no price can make worth more than its strike',
      [leg(`-1 ${EXP} 480 C @ 4`), leg(`1 ${FAR} 480 C @ 6`)],
      { kind: 'debit', debit: '2', width: '480' },
    ],
    [
      'a poor man’s covered call, with the distance of its strikes',
      [leg(`1 ${FAR} 400 C @ 105`), leg(`-1 ${EXP} 520 C @ 2.50`)],
      { kind: 'debit', debit: '102.5', width: '520', reach: '120' },
    ],
    [
      'the same sold',
      [leg(`-1 ${FAR} 400 C @ 105`), leg(`1 ${EXP} 520 C @ 2.50`)],
      { kind: 'credit', credit: '102.5', width: '520', reach: '120' },
    ],
    [
      'a put diagonal',
      [leg(`1 ${FAR} 520 P @ 60`), leg(`-1 ${EXP} 480 P @ 4`)],
      { kind: 'debit', debit: '56', width: '520', reach: '40' },
    ],
    [
      'a diagonal whose near leg is the nearer one, with nothing between its strikes',
      [leg(`1 ${FAR} 490 C @ 9`), leg(`-1 ${EXP} 480 C @ 6`)],
      { kind: 'debit', debit: '3', width: '480' },
    ],
    [
      'a double calendar',
      [
        leg(`1 ${FAR} 470 P @ 8`),
        leg(`-1 ${EXP} 470 P @ 5`),
        leg(`1 ${FAR} 490 C @ 8`),
        leg(`-1 ${EXP} 490 C @ 5`),
      ],
      { kind: 'debit', debit: '6', width: '960' },
    ],
    [
      'a far call sold twice against a near one: nothing bounds it',
      [leg(`1 ${EXP} 480 C @ 6`), leg(`-2 ${FAR} 500 C @ 8`)],
      { kind: 'credit', credit: '10' },
    ],
    [
      'a credit vertical with fills the wrong way round',
      legs('1 470 P @ 3.05', '-1 480 P @ 1.20'),
      { kind: 'credit', credit: '-1.85', width: '10', isMaximum: true },
    ],
    [
      'a debit vertical with fills the wrong way round',
      legs('1 480 C @ 1', '-1 490 C @ 4'),
      { kind: 'debit-vertical', debit: '-3', width: '10' },
    ],
    [
      'a debit butterfly with fills the wrong way round',
      legs('1 470 C @ 1', '-2 480 C @ 5', '1 490 C @ 3'),
      { kind: 'debit', debit: '-6', width: '10' },
    ],
    [
      'roots that settle apart',
      [leg('1 SPX 2026-12-18 5800 P @ 9'), leg('-1 SPXW/SPX 2026-12-18 5900 P @ 12')],
      { kind: 'credit', credit: '3', width: '5900', reach: '100' },
    ],
    [
      'something opened for nothing',
      legs('1 470 P @ 2', '-1 490 C @ 2'),
      { kind: 'debit', debit: '0', width: '470' },
    ],
  ])('%s', (_, given, expected) => {
    expect(JSON.parse(JSON.stringify(entryOf(given)))).toMatchObject(expected);
    expect(Object.keys(entryOf(given)).toSorted()).toEqual(Object.keys(expected).toSorted());
  });
});

describe('components and their default percentages', () => {
  it('closes a Trident’s put and call verticals apart, each from its own credit', () => {
    const [puts, calls, ...rest] = componentsOf({ strategy: 'senex-trident', legs: TRIDENT });
    expect(rest).toEqual([]);
    expect(puts).toMatchObject({
      key: 'puts',
      units: 2,
      openedUnits: 2,
      entry: { kind: 'credit', credit: x('1.85') },
    });
    expect(puts?.percents.map(Number)).toEqual([40, 60]);
    expect(puts?.legs.map(({ ratio }) => ratio)).toEqual([1, 1]);
    expect(calls).toMatchObject({
      key: 'calls',
      units: 1,
      openedUnits: 1,
      entry: { kind: 'credit', credit: x('2.4') },
    });
    expect(calls?.percents.map(Number)).toEqual([50]);
  });

  it('counts complete units, none for a closed part, and what is held beside them apart', () => {
    const held = TRIDENT.map((each, index) => ({ ...each, held: [1, 2, 0, 0][index] ?? 0 }));
    const parts = componentsOf({ strategy: 'senex-trident', legs: held });
    expect(parts.map(({ key, units }) => [key, units])).toEqual([
      ['puts', 1],
      ['calls', 0],
      ['puts/480P/all', 1],
    ]);
  });

  it.each([
    ['credit-vertical', legs('1 470 P @ 1', '-1 480 P @ 3'), [50]],
    ['debit-vertical', legs('1 480 C @ 3', '-1 490 C @ 1'), [50]],
    ['iron-condor', legs('1 470 P @ 1', '-1 480 P @ 2', '-1 490 C @ 2', '1 500 C @ 1'), [50]],
    ['iron-butterfly', legs('1 470 P @ 1', '-1 480 P @ 4', '-1 480 C @ 4', '1 490 C @ 1'), [25]],
    ['butterfly', legs('1 470 C @ 9', '-2 480 C @ 5', '1 490 C @ 3'), [25]],
    ['butterfly', legs('-1 470 C @ 9', '2 480 C @ 5', '-1 490 C @ 3'), []],
    ['butterfly', legs('1 460 P @ 1', '-2 475 P @ 3', '1 480 P @ 4.50'), []],
    ['butterfly', legs('1 460 P @ 1', '-2 475 P @ 3', '1 480 P @ 6'), [25]],
    ['short-straddle', legs('-1 480 P @ 4', '-1 480 C @ 4'), [25]],
    ['long-straddle', legs('1 480 P @ 4', '1 480 C @ 4'), [50]],
    ['short-strangle', legs('-1 470 P @ 4', '-1 490 C @ 4'), [50]],
    ['single-short', legs('-1 480 P @ 4'), [50]],
    ['single-long', legs('1 480 P @ 4'), [100]],
    ['calendar', [leg(`-1 ${EXP} 480 C @ 4`), leg(`1 ${FAR} 480 C @ 6`)], [25]],
    ['calendar', [leg(`1 ${EXP} 480 C @ 4`), leg(`-1 ${FAR} 480 C @ 6`)], []],
    ['ratio', legs('1 480 C @ 4', '-2 490 C @ 3'), [50]],
    ['ratio', legs('1 480 C @ 7', '-2 490 C @ 3'), []],
    ['ratio', legs('-1 480 C @ 2', '2 490 C @ 1.5'), []],
    ['ratio', legs('-1 480 C @ 4', '2 490 C @ 1.5'), []],
    ['custom', legs('1 470 P @ 2', '-1 490 C @ 3'), []],
  ])('%s: %#', (strategy, given, expected) => {
    const components = componentsOf({ strategy, legs: given });
    expect(components).toHaveLength(1);
    expect(components[0]?.percents.map(Number)).toEqual(expected);
  });

  it('closes only the call of a covered call', () => {
    const given = [leg('200 AAPL @ 200'), leg('-2 AAPL 2026-12-18 210 C @ 3')];
    const [call] = componentsOf({ strategy: 'covered-call', legs: given });
    expect(call).toMatchObject({ units: 2, entry: { kind: 'credit', credit: x(3) } });
    expect(call?.legs.map(({ instrument }) => instrument.symbol)).toEqual([
      option('AAPL 2026-12-18 210 C').symbol,
    ]);
  });

  it('follows the settings', () => {
    const targets = parseProfitTargets('senex-trident=30/45/60/55, ratio=20');
    const [puts, calls] = componentsOf({ strategy: 'senex-trident', legs: TRIDENT }, targets);
    expect(puts?.percents.map(Number)).toEqual([30, 45, 60]);
    expect(calls?.percents.map(Number)).toEqual([55]);
    const front = legs('1 480 C @ 4', '-2 490 C @ 3');
    expect(componentsOf({ strategy: 'ratio', legs: front }, targets)[0]?.percents.map(Number)).toEqual([20]);
  });

  it.each([
    ['ratio=50', 'a debit ratio', 'ratio', legs('1 480 C @ 7', '-2 490 C @ 3')],
    ['ratio=50', 'a back ratio for a credit', 'ratio', legs('-1 480 C @ 4', '2 490 C @ 1.5')],
    ['butterfly=30', 'a sold butterfly', 'butterfly', legs('-1 470 C @ 9', '2 480 C @ 5', '-1 490 C @ 3')],
    ['calendar=30', 'a sold calendar', 'calendar', [leg(`1 ${EXP} 480 C @ 4`), leg(`-1 ${FAR} 480 C @ 6`)]],
    ['diagonal=30', 'a sold diagonal', 'diagonal', [leg(`1 ${EXP} 490 C @ 4`), leg(`-1 ${FAR} 480 C @ 9`)]],
  ])('%s says nothing of %s', (setting, _, strategy, given) => {
    const [component] = componentsOf({ strategy, legs: given }, parseProfitTargets(setting));
    expect(component?.percents).toEqual([]);
  });

  it('no strategy takes a percentage of another kind of entry than its settings allow', () => {
    const anyLegs = fc
      .array(
        fc.record({
          strike: fc.integer({ min: 46, max: 50 }),
          call: fc.boolean(),
          far: fc.boolean(),
          signed: fc.constantFrom(-2, -1, 1, 2),
          cents: fc.integer({ min: 1, max: 900 }),
        }),
        { minLength: 1, maxLength: 4 },
      )
      .map((given) =>
        given.map(({ strike, call, far, signed, cents }) =>
          leg(`${signed} ${far ? FAR : EXP} ${strike * 10} ${call ? 'C' : 'P'} @ ${cents / 100}`),
        ),
      );
    const everything = STRATEGIES.filter(({ id }) => id !== 'custom').map(({ id }) => `${id}=40/60`);
    const targets = parseProfitTargets(everything.join(','));
    fc.assert(
      fc.property(anyLegs, (given) => {
        const strategy = recognise(given);
        for (const component of componentsOf({ strategy: strategy.id, legs: given }, targets)) {
          if (component.percents.length > 0) expect(percentOf(component.entry)).toBe(strategy.percentOf);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the PROFIT_TARGETS setting', () => {
  it('may be empty or have blanks', () => {
    expect(parseProfitTargets('').size).toBe(0);
    expect(parseProfitTargets(' credit-vertical = 40/ 60 , ').get('credit-vertical')?.map(Number)).toEqual([
      40, 60,
    ]);
  });

  it.each([
    ['credit-vertical', 'is not STRATEGY=PERCENT'],
    ['credit-vertical=', 'is not STRATEGY=PERCENT'],
    ['a=b=c', 'is not STRATEGY=PERCENT'],
    ['tridnet=40', 'no strategy that has targets'],
    ['custom=50', 'no strategy that has targets'],
    ['credit-vertical=50,credit-vertical=60', 'named twice'],
    ['credit-vertical=fifty', '"fifty" is not a percentage'],
    ['credit-vertical=40/', '"" is not a percentage'],
    ['credit-vertical=0', 'above 0 and at most 100'],
    ['credit-vertical=101', 'above 0 and at most 100'],
    ['single-long=1001', 'above 0 and at most 1000'],
    ['senex-trident=40', 'at least two'],
    ['credit-vertical=1/2/3/4/5/6/7/8/9/10/11', 'at most 10'],
  ])('refuses %s', (text, problem) => {
    expect(() => parseProfitTargets(text)).toThrow(
      saying({ code: 'PROFIT_TARGETS_INVALID', what: expect.stringContaining(problem) }),
    );
  });
});

describe('what legs that settle apart can be worth', () => {
  it('is never more nor less, whatever time is worth, at any price of the underlying', () => {
    const anyLeg = fc.record({
      strike: fc.integer({ min: 1, max: 30 }),
      call: fc.boolean(),
      far: fc.boolean(),
      signed: fc.integer({ min: -3, max: 3 }).filter((signed) => signed !== 0),
      time: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(anyLeg, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 60 }),
        (given, price) => {
          const all = given.map(({ strike, call, far, signed }) =>
            leg(`${signed} ${far ? FAR : EXP} ${strike} ${call ? 'C' : 'P'}`),
          );
          const units = unitLegs(all);
          const range = rangeApart(units);
          const worth = units.reduce((total, { ratio, side, instrument }, index) => {
            const strike = Number(instrument.option?.strike);
            const isCall = instrument.option?.type === 'call';
            const least = Math.max(isCall ? price - strike : strike - price, 0);
            const most = isCall ? price : strike;
            const value = least + (most - least) * (given[index]?.time ?? 0);
            return total + (side === 'long' ? ratio : -ratio) * value;
          }, 0);
          expect(worth).toBeLessThanOrEqual(Number(range?.most ?? Infinity) + 1e-9);
          expect(worth).toBeGreaterThanOrEqual(Number(range?.least ?? -Infinity) - 1e-9);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is not said of adjusted contracts, other sizes or other underlyings', () => {
    const near = leg(`-1 ${EXP} 480 C`);
    for (const far of ['1 QQQ1/QQQ 2027-01-15 480 C', '1 SPY 2027-01-15 480 C']) {
      expect(rangeApart(unitLegs([near, leg(far)]))).toBeNull();
    }
    const small = { ...leg(`1 ${FAR} 480 C`), instrument: option(`${FAR} 480 C`, 10) };
    expect(rangeApart(unitLegs([near, small]))).toBeNull();
  });
});

describe('what legs can be worth at expiration', () => {
  it('bounds every value at every price of the underlying, and is reached', () => {
    const anyLeg = fc.record({
      strike: fc.integer({ min: 1, max: 30 }),
      call: fc.boolean(),
      signed: fc.integer({ min: -3, max: 3 }).filter((signed) => signed !== 0),
    });
    fc.assert(
      fc.property(fc.array(anyLeg, { minLength: 1, maxLength: 5 }), (given) => {
        const all = given.map(({ strike, call, signed }) =>
          leg(`${signed} ${EXP} ${strike} ${call ? 'C' : 'P'}`),
        );
        // Opened quantities may share a divisor; the range is of one unit.
        const units = unitLegs(all);
        const range = settlementRange(units);
        const worth = (price: number) =>
          units.reduce((total, { ratio, side, instrument }) => {
            const strike = Number(instrument.option?.strike);
            const intrinsic = instrument.option?.type === 'call' ? price - strike : strike - price;
            return total + (side === 'long' ? ratio : -ratio) * Math.max(intrinsic, 0);
          }, 0);
        const values = Array.from({ length: 41 }, (_, price) => worth(price));
        const slope = worth(1001) - worth(1000);
        expect(range?.least?.toNumber() ?? null).toBe(slope < 0 ? null : Math.min(...values));
        expect(range?.most?.toNumber() ?? null).toBe(slope > 0 ? null : Math.max(...values));
      }),
    );
  });
});
