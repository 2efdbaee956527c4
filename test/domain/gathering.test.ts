import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GATHERS_MS, TOLD_SINGLY, tellingOf } from '../../src/domain/gathering.js';

const at = (ms: number) => new Date(Date.UTC(2026, 10, 30, 15) + ms);

/** How those that come at these moments are told: on their own, or by the number of the digest. */
function told(moments: readonly number[]) {
  const digests: number[] = [];
  return moments.map((ms, index) => {
    const begun = digests.at(-1);
    const how = tellingOf(at(ms), moments.slice(0, index).map(at), begun === undefined ? null : at(begun));
    if (how === 'begin') digests.push(ms);
    return how === 'own' ? 'own' : digests.length;
  });
}

describe('many of a kind', () => {
  it('are told singly at first, and together from then on', () => {
    const tenInAMinute = Array.from({ length: 10 }, (_, index) => index * 1_000);
    expect(told(tenInAMinute)).toEqual(['own', 'own', 'own', 'own', 'own', 1, 1, 1, 1, 1]);
  });

  it('are told singly again once it has been quiet, and a digest takes up what comes within a minute', () => {
    const burst = [0, 0, 0, 0, 0, 0, 30_000, 59_999];
    expect(told([...burst, 200_000])).toEqual(['own', 'own', 'own', 'own', 'own', 1, 1, 1, 'own']);
    expect(told([0, 1, 2, 3, 4, 5, 59_000, 59_001, 59_002, 59_003, 60_000, 60_005])).toEqual([
      'own',
      'own',
      'own',
      'own',
      'own',
      1,
      1,
      1,
      1,
      1,
      1,
      2,
    ]);
  });

  it('make few messages in any minute, whenever they come, and no digest goes on for longer', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(gaps, (pauses) => {
        let now = 0;
        const moments = pauses.map((pause) => (now += pause));
        const how = told(moments);
        for (const [index, from] of moments.entries()) {
          const minute = how.filter((_, each) => {
            const ms = moments[each] ?? 0;
            return each >= index && ms - from < GATHERS_MS;
          });
          expect(minute.filter((each) => each === 'own').length).toBeLessThanOrEqual(TOLD_SINGLY);
          expect(new Set(minute.filter((each) => each !== 'own')).size).toBeLessThanOrEqual(2);
        }
        const spans = new Map<unknown, number[]>();
        for (const [index, each] of how.entries())
          if (each !== 'own') spans.set(each, [...(spans.get(each) ?? []), moments[index] ?? 0]);
        for (const all of spans.values()) expect((all.at(-1) ?? 0) - (all[0] ?? 0)).toBeLessThan(GATHERS_MS);
      }),
    );
  });
});
