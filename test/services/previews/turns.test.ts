import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asker, PreviewTurns } from '../../../src/services/previews/turns.js';

const VIEWER: Asker = { userId: 'v', trader: false };
const TRADER: Asker = { userId: 't', trader: true };

/** Work that waits until it is told to end, and says when it began. */
function bench() {
  const turns = new PreviewTurns<number>();
  const begun: string[] = [];
  const open: { name: string; end: () => void; fail: () => void }[] = [];
  let at = 0;
  const ask = (asker: Asker, thing: string) => {
    const asked = ++at;
    const answer = turns.run(asker, thing, () => {
      const began = ++at;
      const name = `${asker.userId} ${thing}`;
      begun.push(name);
      return new Promise<number>((resolve, reject) => {
        open.push({ name, end: () => resolve(began), fail: () => reject(new Error(name)) });
      });
    });
    answer.catch(() => {});
    return { asked, answer };
  };
  /** The oldest of those under way comes to its end. */
  const end = async (how: 'end' | 'fail' = 'end') => {
    open.shift()?.[how]();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { turns, begun, open, ask, end };
}

describe('PreviewTurns', () => {
  it('lets a trader begin at once, however much viewers ask', () => {
    const { ask, begun } = bench();
    for (let each = 0; each < 40; each += 1) ask({ userId: `v${each}`, trader: false }, `#${each}`);
    expect(begun).toEqual(['v0 #0', 'v1 #1']);
    ask(TRADER, 'all');
    expect(begun.at(-1)).toBe('t all');
  });

  it('builds one of a thing at a time, and the next one once for all who wait for it', async () => {
    const { ask, begun, end } = bench();
    const [first, ...others] = Array.from({ length: 40 }, () => ask(VIEWER, 'all'));
    expect(begun).toEqual(['v all']);
    await end();
    expect(begun).toEqual(['v all', 'v all']);
    await end();
    expect(begun).toHaveLength(2);
    const answers = await Promise.all(others.map(({ answer }) => answer));
    expect(new Set(answers).size).toBe(1);
    expect(await first?.answer).not.toBe(answers[0]);
  });

  it('one trader’s heap delays no other trader', () => {
    const { ask, begun } = bench();
    for (let each = 0; each < 8; each += 1) ask(TRADER, `#${each}`);
    expect(begun).toHaveLength(3);
    ask({ userId: 'u', trader: true }, '#0');
    expect(begun.at(-1)).toBe('u #0');
  });

  it('goes on after a failure, and tells it to all who shared', async () => {
    const { ask, begun, end } = bench();
    ask(VIEWER, 'all');
    const shared = [ask(VIEWER, 'all'), ask({ userId: 'w', trader: false }, 'all')];
    await end('fail');
    await end('fail');
    for (const { answer } of shared) await expect(answer).rejects.toThrow('v all');
    ask(VIEWER, 'all');
    expect(begun).toHaveLength(3);
  });

  it('work that throws at once frees its place, too', async () => {
    const { turns } = bench();
    const broken = () =>
      turns.run(VIEWER, 'x', () => {
        throw new Error('broken');
      });
    for (let each = 0; each < 5; each += 1) await expect(broken()).rejects.toThrow('broken');
    expect(await turns.run(VIEWER, 'x', async () => 7)).toBe(7);
  });

  it('LAW: whatever comes in whatever order, all are answered, none with what began before the question, and no line is overfull', async () => {
    const askers = fc.constantFrom<Asker>(VIEWER, { userId: 'w', trader: false }, TRADER, {
      userId: 'u',
      trader: true,
    });
    const ask = fc.record({ asker: askers, thing: fc.constantFrom('all', '#1', '#2', '#3', '#4') });
    const steps = fc.array(fc.oneof(ask, fc.constantFrom<'end' | 'fail'>('end', 'fail')), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const sut = bench();
        const asks: ReturnType<typeof sut.ask>[] = [];
        const within = () => {
          const names = sut.open.map(({ name }) => name);
          const viewers = names.filter((name) => /^[vw] /.test(name));
          expect(viewers.length).toBeLessThanOrEqual(2);
          // Of one thing one at a time in each line.
          expect(new Set(viewers.map((name) => name.slice(2))).size).toBe(viewers.length);
          for (const trader of ['t', 'u']) {
            const own = names.filter((name) => name.startsWith(`${trader} `));
            expect(own.length).toBeLessThanOrEqual(3);
            expect(new Set(own).size).toBe(own.length);
          }
        };
        for (const step of script) {
          if (typeof step === 'string') await sut.end(step);
          else asks.push(sut.ask(step.asker, step.thing));
          within();
        }
        while (sut.open.length > 0) {
          await sut.end();
          within();
        }
        for (const { asked, answer } of asks) {
          const began = await answer.catch(() => Infinity);
          expect(began).toBeGreaterThan(asked);
        }
      }),
      { numRuns: 200 },
    );
  });
});
