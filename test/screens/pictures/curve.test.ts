import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curvePicture } from '../../../src/screens/pictures/curve.js';
import { x } from '../../domain/build.js';
import { expectShowable, textsOf } from './support/drawn.js';

const from = new Date('2026-11-01T05:00:00Z');
const to = new Date('2026-11-30T15:00:00Z');
const step = (day: number, net: number) => ({ at: new Date(Date.UTC(2026, 10, day, 15)), net: x(net) });

describe('the curve of what was realised', () => {
  it('steps where something was closed, and says where it ended, its highest and its lowest', () => {
    const steps = [step(20, -300), step(5, 250), step(28, 130)];
    const picture = curvePicture({ title: 'last 30 days', from, to, steps });
    if (!picture) throw new Error('no picture');
    expectShowable(picture);
    expect(textsOf(picture)).toEqual([
      'Realised, last 30 days',
      '+$80',
      '+$250',
      '−$50',
      '1 Nov 26',
      '30 Nov 26',
    ]);
    expect(picture.alt).toBe(
      'Realised, last 30 days: +$80 in 3 steps from 1 Nov 26 to 30 Nov 26, at most +$250, at least −$50.',
    );
  });

  it('is not drawn of fewer than two steps', () => {
    expect(curvePicture({ title: 'today', from, to, steps: [step(5, 250)] })).toBeNull();
  });

  it('fits its plate whatever was made', () => {
    const steps = fc.array(
      fc.record({
        day: fc.integer({ min: 1, max: 29 }),
        net: fc.integer({ min: -10_000_000, max: 10_000_000 }),
      }),
      { minLength: 2, maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const picture = curvePicture({
          title: 'last 30 days',
          from,
          to,
          steps: all.map(({ day, net }) => step(day, net)),
        });
        if (!picture) throw new Error('no picture');
        expectShowable(picture);
      }),
      { numRuns: 60 },
    );
  });
});
