import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bond, bondsOf } from '../../src/domain/bonds.js';
import type { Instrument, Position, PositionLeg } from '../../src/domain/types.js';
import { option, stock } from './build.js';

const leg = fc.record({
  underlying: fc.constantFrom('QQQ', 'QQQ', 'SPY'),
  expiration: fc.constantFrom('2026-12-11', '2026-12-18', '2027-01-15'),
  strike: fc.constantFrom(450, 455, 460),
  type: fc.constantFrom('P', 'P', 'C'),
  multiplier: fc.constantFrom(100, 100, 100, 10),
  side: fc.constantFrom('long' as const, 'short' as const),
  held: fc.nat(4),
});
const positions = fc
  .array(fc.record({ legs: fc.array(leg, { maxLength: 4 }), shares: fc.constantFrom(0, 0, 0, 100, 250) }), {
    maxLength: 8,
  })
  .map((all) => all.map(({ legs, shares }, index) => positionOf(`order:${index}`, legs, shares)));

type Drawn = typeof leg extends fc.Arbitrary<infer T> ? T : never;

/** Bonds look at key and legs alone. */
function positionOf(key: string, drawn: Drawn[], shares: number): Position {
  const legs = drawn.map(({ underlying, expiration, strike, type, multiplier, side, held }) =>
    legOf(option(`${underlying} ${expiration} ${strike} ${type}`, multiplier), side, held),
  );
  const shorts = legs.filter(
    ({ instrument, side }) => instrument.option?.type === 'call' && side === 'short',
  );
  // What the shares cover is clear where one contract at most asks for them.
  const owned = shorts.length < 2 && shares > 0 ? [legOf(stock('QQQ'), 'long', shares)] : [];
  return { key, legs: [...legs, ...owned] } as unknown as Position;
}

function legOf(instrument: Instrument, side: PositionLeg['side'], held: number): PositionLeg {
  return { instrument, side, opened: held, held, openPrice: null };
}

/** A single contract. */
interface Contract {
  key: string;
  instrument: Instrument;
  paired: boolean;
}

/** The same contract by contract: every short looks at every long of the account, each time anew. */
function plainBonds(all: readonly Position[]): Map<string, number> {
  const shorts = all.flatMap((position) => contractsOf(position, 'short'));
  const longs = all.flatMap((position) => contractsOf(position, 'long'));
  for (const { key } of all) {
    const own = (contract: Contract) => contract.key === key;
    pair(longs.filter(own), shorts.filter(own));
  }
  return pair(longs, shorts);
}

function contractsOf({ key, legs }: Position, side: PositionLeg['side']): Contract[] {
  const shares = legs.find(({ instrument }) => !instrument.option)?.held ?? 0;
  return legs.flatMap(({ instrument, side: own, held }) => {
    if (own !== side || !instrument.option) return [];
    const isShortCall = side === 'short' && instrument.option.type === 'call';
    const count = isShortCall ? held - Math.floor(shares / instrument.multiplier) : held;
    return Array.from({ length: Math.max(0, count) }, () => ({ key, instrument, paired: false }));
  });
}

function pair(longs: Contract[], shorts: Contract[]): Map<string, number> {
  const bonds = new Map<string, number>();
  for (const short of inOrder(shorts, 'latest')) {
    const long = inOrder(longs, 'earliest').find((each) => !each.paired && covers(each, short));
    if (short.paired || !long) continue;
    long.paired = true;
    short.paired = true;
    const name = nameOf({ long, short });
    bonds.set(name, (bonds.get(name) ?? 0) + 1);
  }
  return bonds;
}

const nameOf = ({ long, short }: Pick<Bond, 'long' | 'short'>) =>
  [long, short]
    .map(({ key, instrument }) => `${key} ${instrument.symbol} x${instrument.multiplier}`)
    .join(' covers ');

function covers(long: Contract, short: Contract): boolean {
  const [one, two] = [long.instrument, short.instrument];
  return (
    one.underlying === two.underlying &&
    one.multiplier === two.multiplier &&
    one.option?.type === two.option?.type &&
    (one.option?.expiration ?? '') >= (two.option?.expiration ?? '')
  );
}

/** Shorts latest first, and nearest to a protecting strike; longs the other way round. */
function inOrder(contracts: Contract[], first: 'latest' | 'earliest'): Contract[] {
  const sign = first === 'latest' ? -1 : 1;
  const place = ({ instrument: { option: terms } }: Contract) => {
    const strike = Number(terms?.strike ?? 0);
    return [Date.parse(terms?.expiration ?? ''), terms?.type === 'put' ? -strike : strike] as const;
  };
  return contracts.toSorted((a, b) => {
    const [[day, strike], [otherDay, otherStrike]] = [place(a), place(b)];
    return sign * (day - otherDay || strike - otherStrike);
  });
}

describe('bonds between positions', () => {
  it('lets the same shares cover one short call, not each', () => {
    const call = (strike: number) => option(`QQQ 2026-12-18 ${strike} C`, 100);
    const legs = [
      legOf(stock('QQQ'), 'long', 100),
      legOf(call(460), 'short', 1),
      legOf(call(470), 'short', 1),
    ];
    const covered = { key: 'order:1', legs } as unknown as Position;
    const cover = { key: 'order:2', legs: [legOf(call(475), 'long', 1)] } as unknown as Position;
    expect(bondsOf([covered, cover])).toMatchObject([{ contracts: 1, long: { key: 'order:2' } }]);
  });

  it('pair the same contracts as a plain reading, contract by contract', () => {
    let most = 0;
    fc.assert(
      fc.property(positions, (all) => {
        const bonds = bondsOf(all);
        const told = new Map<string, number>();
        for (const bond of bonds) {
          expect(bond.contracts).toBeGreaterThan(0);
          const name = nameOf(bond);
          told.set(name, (told.get(name) ?? 0) + bond.contracts);
        }
        most = Math.max(most, told.size);
        expect(told).toEqual(plainBonds(all));
      }),
      { numRuns: 500 },
    );
    // Something was there to compare.
    expect(most).toBeGreaterThan(2);
  });
});
