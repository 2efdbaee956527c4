import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamListener } from '../../../src/ports/broker.js';
import { AccountWatch } from '../../../src/services/accounts/account-watch.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { brokerWith, echo, intent, SHORT_PUT } from '../support/builders.js';

/** A watch whose stream the test drives. */
function watched(instance = 'one') {
  let stream: StreamListener | null = null;
  let closed = false;
  const broker = brokerWith({
    watch: (_account, listener) => {
      stream = listener;
      return {
        close: async () => {
          closed = true;
        },
      };
    },
  });
  const watch = new AccountWatch(broker, new VirtualClock(), instance);
  watch.start('5WT00001');
  if (!stream) throw new Error('nobody listens');
  return { watch, stream: stream as StreamListener, closed: () => closed };
}

type Event = { kind: 'live' | 'down' | 'mark' } | { kind: 'position' | 'order'; symbol: string };
const SYMBOLS = ['A', 'B'] as const;
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Event>({ kind: 'live' }) },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: 'down' }) },
  { weight: 3, arbitrary: fc.constant<Event>({ kind: 'mark' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('position' as const, 'order' as const),
      symbol: fc.constantFrom(...SYMBOLS),
    }),
  },
);

function orderOn(symbol: string) {
  const of = intent();
  return echo({ ...of, legs: of.legs.slice(0, 1).map((leg) => ({ ...leg, symbol })) });
}

describe('AccountWatch', () => {
  it('says "unchanged" only for an unbroken live stream since the mark that was silent about the contracts', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), fc.subarray([...SYMBOLS]), (events, asked) => {
        const { watch, stream } = watched();
        const marks: { at: number; mark: string }[] = [];
        events.forEach((each, at) => {
          if (each.kind === 'mark') marks.push({ at, mark: watch.mark() });
          if (each.kind === 'live') stream.onLive();
          if (each.kind === 'down') stream.onDown('lost');
          if (each.kind === 'position') stream.onPosition(each.symbol);
          if (each.kind === 'order') stream.onOrder(orderOn(each.symbol));
        });
        for (const { at, mark } of marks) {
          const before = events.slice(0, at).findLast(({ kind }) => kind === 'live' || kind === 'down');
          const since = events.slice(at + 1);
          const unbroken =
            before?.kind === 'live' && since.every(({ kind }) => kind !== 'live' && kind !== 'down');
          const silent = since.every((each) => !('symbol' in each) || !asked.includes(each.symbol as 'A'));
          expect(watch.unchangedSince(mark, asked)).toBe(unbroken && silent);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('trusts no mark of an earlier run, and none that is no mark', () => {
    const first = watched('one');
    const second = watched('two');
    first.stream.onLive();
    second.stream.onLive();
    expect(second.watch.unchangedSince(first.watch.mark(), [])).toBe(false);
    for (const mark of ['', 'two', 'two:', 'two:x', ':1', 'two:NaN']) {
      const trusted = second.watch.unchangedSince(mark, []);
      // An empty count reads as zero, which lies before the stream was live.
      expect(trusted, mark).toBe(false);
    }
  });

  it('takes an order for news of its underlying too, whatever contracts it opens', () => {
    const { watch, stream } = watched();
    stream.onLive();
    const mark = watch.mark();
    stream.onOrder({ ...orderOn('A'), underlying: 'SPX' });
    expect(watch.unchangedSince(mark, ['QQQ', 'B'])).toBe(true);
    expect(watch.unchangedSince(mark, ['SPX', 'B'])).toBe(false);
  });

  it('before it was ever live, nothing is unchanged', () => {
    const { watch } = watched();
    expect(watch.state).toMatchObject({ live: false, reason: { code: 'NOT_STARTED' } });
    expect(watch.unchangedSince(watch.mark(), [])).toBe(false);
  });

  it('tells its listeners of every change, gap and order', () => {
    const { watch, stream } = watched();
    const heard: string[] = [];
    watch.listen({ onChange: () => heard.push('change'), onOrder: ({ id }) => heard.push(id) });
    stream.onLive();
    stream.onPosition(SHORT_PUT);
    stream.onOrder(orderOn(SHORT_PUT));
    stream.onDown('lost');
    expect(heard).toEqual(['change', 'change', '1001', 'change', 'change']);
    expect(watch.state).toMatchObject({ live: false, reason: 'lost' });
  });

  it('stopped, it hangs up and trusts nothing any more', async () => {
    const { watch, stream, closed } = watched();
    stream.onLive();
    const mark = watch.mark();
    expect(watch.unchangedSince(mark, [])).toBe(true);
    await watch.stop();
    expect(closed()).toBe(true);
    expect(watch.unchangedSince(mark, [])).toBe(false);
  });
});
