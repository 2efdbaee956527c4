import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advancePosition,
  endOfPosition,
  hasEnded,
  isOurClose,
  type PositionEvent,
  type PositionLife,
  type PositionStep,
  stepOfPosition,
  UNBORN_POSITION,
} from '../../src/domain/position-life.js';
import { leg } from './build.js';

const at = (ms: number) => new Date(Date.UTC(2026, 10, 30, 15) + ms);
const STEPS: PositionStep[] = [
  'opening',
  'open',
  'partly-closed',
  'closing',
  'closed',
  'expired',
  'assigned',
];

/** What can come after what, written down independently of the machine. */
const NEXT: Record<PositionStep, PositionStep[]> = {
  opening: ['opening', 'open', 'partly-closed', 'closing', 'closed', 'expired', 'assigned'],
  open: ['open', 'partly-closed', 'closing', 'closed', 'expired', 'assigned'],
  'partly-closed': ['partly-closed', 'closing', 'closed', 'expired', 'assigned'],
  closing: ['closing', 'open', 'partly-closed', 'closed', 'expired', 'assigned'],
  closed: [],
  expired: [],
  assigned: [],
};

const tidyLife: fc.Arbitrary<PositionEvent[]> = fc
  .array(fc.record({ choice: fc.nat(), wait: fc.integer({ min: 1, max: 5 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((turns) => {
    const events: PositionEvent[] = [];
    let step: PositionStep = turns[0]!.choice % 2 ? 'opening' : 'open';
    let time = 0;
    for (const { choice, wait } of turns) {
      events.push({ step, at: at(time) });
      const next: PositionStep[] = NEXT[step];
      if (next.length === 0) break;
      step = next[choice % next.length]!;
      time += wait;
    }
    return events;
  });

function lived(events: readonly PositionEvent[]) {
  let life: PositionLife = UNBORN_POSITION;
  const odd = [];
  for (const event of events) {
    const moved = advancePosition(life, event);
    life = moved.life;
    if (moved.odd) odd.push(moved.odd);
  }
  return { life, odd };
}

describe('a position’s life', () => {
  it('is told without a step that can’t be, as long as looks come in order', () => {
    fc.assert(
      fc.property(tidyLife, (events) => {
        expect(lived(events).odd).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends the same in whatever order it is told, with repeats and gaps, once the latest is read', () => {
    const messy = tidyLife.chain((events) =>
      fc.record({
        events: fc.constant(events),
        heard: fc.array(fc.constantFrom(...events), { maxLength: 30 }),
      }),
    );
    fc.assert(
      fc.property(messy, ({ events, heard }) => {
        expect(lived([...heard, events.at(-1)!]).life).toEqual(lived(events).life);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never leaves its end, and never goes back in time', () => {
    const anything = fc.record({
      step: fc.constantFrom(...STEPS),
      at: fc.integer({ min: 0, max: 20 }).map(at),
    });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 25 }), (events) => {
        let life: PositionLife = UNBORN_POSITION;
        for (const event of events) {
          const moved = advancePosition(life, event);
          if (life.step && hasEnded(life.step)) {
            expect(moved.life).toBe(life);
            if (hasEnded(event.step) && event.step !== life.step)
              expect(moved.odd).toEqual({ from: life.step, to: event.step });
          } else if (hasEnded(event.step)) expect(moved.life).toEqual(event);
          else if (life.at) expect(moved.life.at! >= life.at).toBe(true);
          life = moved.life;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('calls it odd where what is gone comes back, and believes the newer look', () => {
    const told = (step: PositionStep, ms: number): PositionEvent => ({ step, at: at(ms) });
    expect(lived([told('partly-closed', 1), told('open', 2)])).toEqual({
      life: told('open', 2),
      odd: [{ from: 'partly-closed', to: 'open' }],
    });
    expect(lived([told('open', 1), told('opening', 2)]).odd).toEqual([{ from: 'open', to: 'opening' }]);
    expect(lived([told('closed', 1), told('open', 2)])).toEqual({
      life: told('closed', 1),
      odd: [{ from: 'closed', to: 'open' }],
    });
    expect(lived([told('closed', 2), told('open', 1)]).odd).toEqual([]);
    expect(lived([told('closing', 1), told('open', 2)]).odd).toEqual([]);
  });

  it('is read off what is held, what works, and how it went', () => {
    const whole = leg('-2 QQQ 2026-12-18 480 P @ 1.00');
    const part = leg('-2 QQQ 2026-12-18 480 P @ 1.00', 1);
    const close = { flaws: ['loss' as const], linked: true };
    expect(stepOfPosition({ legs: [whole], opening: true }, [])).toBe('opening');
    expect(stepOfPosition({ legs: [whole], opening: false }, [{ flaws: [], linked: true }])).toBe('open');
    expect(stepOfPosition({ legs: [whole, part], opening: true }, [])).toBe('partly-closed');
    expect(stepOfPosition({ legs: [part], opening: false }, [close])).toBe('closing');
    expect(isOurClose({ ...close, linked: false })).toBe(false);
    expect(isOurClose({ flaws: ['loss', 'time'], linked: true })).toBe(false);
    const end = (
      ...endings: Parameters<typeof endOfPosition>[0]['endings'] extends ReadonlySet<infer E> ? E[] : never
    ) => endOfPosition({ whole: true, endings: new Set(endings) });
    expect(end('traded')).toBe('closed');
    expect(end('traded', 'expired')).toBe('expired');
    expect(end('cash-settled')).toBe('expired');
    expect(end('expired', 'assigned')).toBe('assigned');
    expect(end('exercised')).toBe('assigned');
    expect(endOfPosition({ whole: false, endings: new Set(['traded']) })).toBeNull();
  });
});
