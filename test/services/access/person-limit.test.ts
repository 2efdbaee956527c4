import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PersonLimit } from '../../../src/services/access/person-limit.js';
import { accessRules } from '../support/builders.js';

const ACCESS = accessRules({ traderUserIds: ['t'] });
const MOST: Record<string, number> = { t: 8, v: 2, w: 2 };

it('LAW: each person has at most so much under way, what is over is never begun, and an error frees its place', async () => {
  const asks = fc.record({ who: fc.constantFrom('t', 'v', 'w') });
  const ends = fc.record({ nth: fc.nat(20), how: fc.constantFrom('end', 'fail') });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(asks, ends), { maxLength: 80 }), async (steps) => {
      const sut = new PersonLimit(ACCESS);
      const open: { who: string; end: () => void; fail: () => void }[] = [];
      for (const step of steps) {
        if ('nth' in step) {
          const [ended] = open.splice(step.nth % Math.max(1, open.length), 1);
          ended?.[step.how === 'end' ? 'end' : 'fail']();
          await new Promise((resolve) => setImmediate(resolve));
          continue;
        }
        const { who } = step;
        const before = open.filter((each) => each.who === who).length;
        let begun = false;
        const done = sut.within({ userId: who, roleIds: [] }, () => {
          begun = true;
          return new Promise<void>((end, reject) => {
            open.push({ who, end, fail: () => reject(new Error('failed')) });
          });
        });
        expect(begun).toBe(before < (MOST[who] ?? 0));
        if (begun) done.catch(() => {});
        else await expect(done).rejects.toMatchObject({ code: 'TOO_MUCH_AT_ONCE' });
      }
    }),
    { numRuns: 200 },
  );
});
