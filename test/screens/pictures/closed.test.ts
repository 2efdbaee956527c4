import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumExact } from '../../../src/domain/exact.js';
import type { Ending } from '../../../src/domain/realised.js';
import { closedPicture } from '../../../src/screens/pictures/closed.js';
import type { ClosingNews, ClosingWay } from '../../../src/services/history/closing-reader.js';
import { leg, x } from '../../domain/build.js';
import { expectShowable, textsOf } from './support/drawn.js';

const on = (day: number) => new Date(Date.UTC(2026, 10, day, 15));

function way(day: number, net: number, more: Partial<ClosingWay> = {}): ClosingWay {
  const order = { orderId: '1', ending: 'traded', by: 'target', rolled: false, price: x('-0.40') } as const;
  return { ...order, at: on(day), net: x(net), ...more };
}

function closed(ways: readonly ClosingWay[], opened = 198.88): ClosingNews {
  const net = sumExact(ways.map((each) => each.net));
  return {
    positionId: 37,
    account: 'A',
    ways,
    chain: null,
    end: 'closed',
    position: {
      opening: 'order:900',
      underlying: 'QQQ',
      legs: [leg('-2 QQQ 2026-12-18 480 P @ 1.00', 0)],
      openedAt: on(12),
      closedAt: ways.at(-1)?.at ?? on(12),
      whole: true,
      begunEarlier: false,
      closings: [],
      endings: new Set(),
      closedBy: new Set(),
      opened: x(opened),
      net,
      fees: x('3.36'),
    },
  };
}

describe('the picture of a closed position', () => {
  it('has its entry, each way out, and the result', () => {
    const picture = closedPicture(closed([way(20, 58.32), way(24, 48.32)]));
    expectShowable(picture);
    expect(textsOf(picture)).toEqual([
      '#37 QQQ Short put × 2',
      '+$106.64',
      '53.6 % of credit, 12 days',
      'net, after fees of $3.36',
      'all of the credit',
      'sold for $198.88',
      '1',
      '2',
      '12 Nov 26',
      '24 Nov 26',
      '1',
      'target filled 20 Nov 26, paid 0.40',
      '+$58.32',
      '2',
      'target filled 24 Nov 26, paid 0.40',
      '+$48.32',
    ]);
    expect(picture.alt).toBe(
      '#37 QQQ Short put × 2 closed: +$106.64 net, 53.6 % of credit, 12 days; opened 12 Nov 26 for a credit of $198.88. ' +
        '+$58.32: target filled 20 Nov 26, paid 0.40. +$48.32: target filled 24 Nov 26, paid 0.40.',
    );
  });

  it('rises for what earned and falls for what lost, from the line of zero', () => {
    const { svg } = closedPicture(closed([way(20, 100), way(22, -300), way(24, 150)], -500));
    const [, path = ''] = /<path d="(M[^"]+)" fill="none"/.exec(svg) ?? [];
    const [zero, ...heights] = [...path.matchAll(/(?:V|M\d+ )([\d.]+)/g)].map(([, y]) => Number(y));
    const [won, lost, end] = heights;
    expect(heights).toHaveLength(3);
    expect(won).toBeLessThan(zero ?? 0);
    expect(lost).toBeGreaterThan(zero ?? 0);
    expect(end).toBeGreaterThan(zero ?? 0);
    expect(end).toBeLessThan(lost ?? 0);
  });

  it('names as many ways out as a phone shows, and how many more there were', () => {
    const picture = closedPicture(closed(Array.from({ length: 11 }, (_, index) => way(13 + index, 10))));
    expectShowable(picture);
    expect(textsOf(picture)).toContain('and 3 more');
  });

  it('fits its plate whatever was made, and however', () => {
    const ways = fc.array(
      fc.record({
        day: fc.integer({ min: 12, max: 29 }),
        net: fc.integer({ min: -10_000_000, max: 10_000_000 }),
        price: fc.option(fc.integer({ min: -99_999, max: 99_999 })),
        ending: fc.constantFrom<Ending>('traded', 'expired', 'assigned', 'exercised', 'cash-settled'),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(ways, fc.integer({ min: -10_000_000, max: 10_000_000 }), (all, opened) => {
        const told = all
          .toSorted((one, other) => one.day - other.day)
          .map(({ day, net, price, ending }) =>
            way(day, net / 100, {
              ending,
              by: null,
              price: price === null ? null : x(`${price}/100`),
            }),
          );
        expectShowable(closedPicture(closed(told, opened / 100)));
      }),
      { numRuns: 60 },
    );
  });
});
