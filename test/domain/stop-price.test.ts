import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import { priceStop, type StopRequest } from '../../src/domain/stop-price.js';
import { type Grid, isOnTick, neighbours } from '../../src/domain/ticks.js';
import type { Entry } from '../../src/domain/types.js';
import { d, x } from './build.js';

const PENNY: Grid = [{ below: null, increment: d('0.01') }];
const NICKEL: Grid = [{ below: null, increment: d('0.05') }];
const NICKEL_DIME: Grid = [
  { below: d(3), increment: d('0.05') },
  { below: null, increment: d('0.1') },
];
const SPREAD: Entry = { kind: 'credit', credit: x('1.01'), width: d(5) };
const NAKED: Entry = { kind: 'credit', credit: x('1.01') };
const LONG: Entry = { kind: 'debit', debit: x('4.20') };
const VERTICAL: Entry = { kind: 'debit-vertical', debit: x('2.10'), width: d(5) };

function stop(entry: Entry, wish: StopRequest['wish'], more: Partial<StopRequest> = {}) {
  const target = d(entry.kind === 'credit' ? '0.50' : '9.00');
  const base = {
    label: 'Put vertical',
    entry,
    grid: PENNY,
    multiplier: 100,
    units: 1,
    target,
    natural: null,
  };
  return priceStop({ ...base, wish, ...more });
}
const percent = (of: string) => ({ percent: d(of) });
const price = (of: string) => ({ price: d(of) });
const refused = (why: string) =>
  expect.objectContaining({
    code: 'STOP_IMPOSSIBLE',
    facts: expect.objectContaining({ because: expect.objectContaining({ why }) }),
  });

describe('a stop in percent', () => {
  it.each<[string, Entry, string, Grid, string, string]>([
    // 1.01 × 3 is on the penny; on the nickel it wakes up at 3.00, because at 3.05 more would be lost than agreed to.
    ['of a credit', SPREAD, '200', PENNY, '3.03', '3.34'],
    ['of a credit, on nickels', SPREAD, '200', NICKEL, '3', '3.3'],
    ['across a change of tick', NAKED, '200', NICKEL_DIME, '3', '3.3'],
    ['near the width, beyond which nothing is paid', SPREAD, '370', NICKEL, '4.7', '5'],
    ['of a debit', LONG, '50', PENNY, '2.1', '1.89'],
    ['of a debit, on nickels: it brings no less than agreed to', LONG, '48', NICKEL, '2.2', '1.95'],
    ['of a debit vertical, of the debit too', VERTICAL, '50', PENNY, '1.05', '0.94'],
    ['of nearly all of a debit', LONG, '99.9', PENNY, '0.01', '0.01'],
  ])('%s', (_what, entry, of, grid, trigger, limit) => {
    const priced = stop(entry, percent(of), { grid });
    expect([priced.trigger.toString(), priced.limit.toString()]).toEqual([trigger, limit]);
  });

  it('says the loss of the whole order at its trigger, and at its limit, beyond which it pays nothing', () => {
    const priced = stop(SPREAD, percent('200'), { units: 2 });
    expect([priced.atTrigger?.toString(), priced.atLimit?.toString()]).toEqual(['-404', '-466']);
    const sold = stop(LONG, percent('50'), { units: 2 });
    expect([sold.atTrigger?.toString(), sold.atLimit?.toString()]).toEqual(['-420', '-462']);
  });

  it.each<[Entry, string, string]>([
    [SPREAD, '0', 'percent'],
    [LONG, '100', 'percent'],
    [VERTICAL, '250', 'percent'],
    [SPREAD, '396', 'width'],
  ])('of %o at %s %% is refused: %s', (entry, of, why) => {
    expect(() => stop(entry, percent(of))).toThrow(refused(why));
  });

  it('names the percentage that the width leaves, and takes it', () => {
    const ask = (of: string) => () => stop(SPREAD, percent(of));
    expect(ask('400')).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({ because: expect.objectContaining({ highest: d(395) }) }),
      }),
    );
    expect(ask('395')).not.toThrow();
  });

  it('is no guess where what it was opened for is not known', () => {
    const unknown: Entry = { kind: 'credit', credit: null };
    expect(() => stop(unknown, percent('200'))).toThrow(
      expect.objectContaining({ code: 'ENTRY_IMPLAUSIBLE' }),
    );
    expect(stop(unknown, price('3.10'))).toMatchObject({ atTrigger: null, atLimit: null, unseen: true });
  });
});

describe('a stop at a price', () => {
  it('wakes up exactly there, also where that keeps a part of the profit', () => {
    const priced = stop(SPREAD, price('0.80'), { natural: d('0.60') });
    expect([priced.trigger.toString(), priced.atTrigger?.toString(), priced.requestedPercent]).toEqual([
      '0.8',
      '21',
      null,
    ]);
  });

  it.each<[string, Entry, string, Partial<StopRequest>, string]>([
    ['the market is there already', SPREAD, '1.20', { natural: d('1.20') }, 'past'],
    ['the market is beyond it', LONG, '3.00', { natural: d('-2.90') }, 'past'],
    ['it stands on the target', SPREAD, '0.50', {}, 'target'],
    ['it stands on the winning side', LONG, '9.50', {}, 'target'],
  ])('is refused where %s', (_what, entry, at, more, why) => {
    expect(() => stop(entry, price(at), more)).toThrow(refused(why));
  });

  it('is none where even the lowest valid price is more than closing can cost', () => {
    const tiny: Entry = { kind: 'credit', credit: x('0.01'), width: d('0.03') };
    expect(() => stop(tiny, percent('50'), { grid: NICKEL, target: d('0.01') })).toThrow(refused('width'));
    expect(() => stop(SPREAD, price('5.00'))).toThrow(refused('width'));
  });

  it('has to be a valid price that can be', () => {
    expect(() => stop(SPREAD, price('3.03'), { grid: NICKEL })).toThrow(
      expect.objectContaining({ code: 'PRICE_OFF_TICK' }),
    );
    expect(() => stop(SPREAD, price('5.05'))).toThrow(expect.objectContaining({ code: 'PRICE_ABOVE_WIDTH' }));
  });
});

describe('any stop', () => {
  const cents = (least: number, most: number) =>
    fc.integer({ min: least, max: most }).map((n) => d(n).div(100));
  const entry = fc.oneof(
    fc.tuple(cents(1, 900), cents(0, 1000)).map(
      ([credit, beyond]): Entry => ({
        kind: 'credit',
        credit: x(credit.toString()),
        width: credit.plus(beyond).plus('0.01'),
      }),
    ),
    cents(1, 5000).map((credit): Entry => ({ kind: 'credit', credit: x(credit.toString()) })),
    cents(1, 5000).map((debit): Entry => ({ kind: 'debit', debit: x(debit.toString()) })),
  );
  const asked = fc.record({
    entry,
    percent: fc.integer({ min: 1, max: 60_000 }).map((n) => d(n).div(100)),
    grid: fc.constantFrom(PENNY, NICKEL, NICKEL_DIME),
    units: fc.integer({ min: 1, max: 20 }),
    target: cents(1, 9000),
    natural: fc.option(cents(-9000, 9000)),
  });

  it('is on tick, loses at its trigger no more than asked, and at its limit no more than can be lost', () => {
    let priced = 0;
    fc.assert(
      fc.property(asked, ({ entry, percent: of, grid, units, target, natural }) => {
        const outcome = attempt(() => stop(entry, percent(of.toString()), { grid, units, target, natural }));
        if (!outcome) return;
        priced += 1;
        const { trigger, limit, effect } = outcome;
        expect(isOnTick(grid, trigger) && isOnTick(grid, limit)).toBe(true);
        const buys = effect === 'debit';
        const opened = entry.kind === 'credit' ? entry.credit : entry.debit;
        // At the lowest valid price, nothing smaller can be lost.
        const floor = neighbours(grid, trigger).below === null;
        const most = opened
          ?.times(of)
          .div(100)
          .times(100 * units);
        if (!buys || !floor) expect(outcome.atTrigger?.negated().lte(most ?? 0)).toBe(true);
        expect(buys ? limit.gte(trigger) : limit.lte(trigger)).toBe(true);
        expect(outcome.atLimit?.lte(outcome.atTrigger ?? 0)).toBe(true);
        // All of its room, but for the bounds of what anything can cost or bring.
        const room = trigger.times('0.1');
        const capped = buys
          ? entry.width?.minus(limit).lt(neighbours(grid, limit).above.minus(limit))
          : neighbours(grid, limit).below === null;
        expect(capped || trigger.minus(limit).abs().gte(room)).toBe(true);
        if (entry.kind === 'credit' && entry.width) expect(limit.lte(entry.width)).toBe(true);
        expect(buys ? trigger.gt(target) : trigger.lt(target)).toBe(true);
        if (natural) expect(buys ? trigger.gt(natural) : trigger.lt(natural.negated())).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    expect(priced).toBeGreaterThan(300);
  });

  function attempt<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }
});
