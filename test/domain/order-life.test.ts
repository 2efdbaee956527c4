import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpen } from '../../src/domain/order-fills.js';
import {
  advance,
  fillKey,
  isTerminal,
  type LifeEvent,
  type OrderLife,
  standing,
  stateOfStep,
} from '../../src/domain/order-life.js';
import type { Fill, OrderStep } from '../../src/domain/types.js';
import { d } from './build.js';

/** Of which nothing was told yet. */
const UNBORN: OrderLife = { step: null, at: null, replacedBy: null, fills: new Map() };
const DAY_MS = 86_400_000;
const at = (ms: number) => new Date(Date.UTC(2026, 10, 30, 15) + ms);
const STEPS: OrderStep[] = [
  'received',
  'contingent',
  'routed',
  'in-flight',
  'live',
  'cancel-requested',
  'replace-requested',
  'filled',
  'cancelled',
  'rejected',
  'expired',
  'unrecognised',
];

/** What can come after what, written down independently of the machine: an order's life as the protocol tells it. */
const NEXT: Record<OrderStep, OrderStep[]> = {
  received: ['contingent', 'routed', 'cancelled', 'expired', 'rejected', 'cancel-requested'],
  contingent: ['received', 'routed', 'cancelled', 'rejected'],
  routed: ['in-flight', 'rejected', 'cancel-requested'],
  'in-flight': ['live', 'filled', 'rejected', 'cancel-requested'],
  live: ['live', 'filled', 'expired', 'cancel-requested', 'replace-requested', 'unrecognised', 'received'],
  'cancel-requested': ['cancelled', 'filled', 'live', 'cancel-requested'],
  'replace-requested': ['cancelled', 'filled', 'live', 'cancel-requested'],
  unrecognised: ['live', 'cancelled'],
  filled: [],
  cancelled: [],
  rejected: [],
  expired: [],
};

const fill = (n: number): LifeEvent['fills'][number] => ({
  symbol: n % 2 ? 'PUT' : 'CALL',
  fill: { id: `f${n}`, quantity: 1, price: d('0.5'), at: at(n) } satisfies Fill,
});

/** A tidy life: each message says all that is known by then, in the broker's own time. */
const tidyLife: fc.Arbitrary<LifeEvent[]> = fc
  .array(fc.record({ choice: fc.nat(), wait: fc.integer({ min: 1, max: 5 }), trades: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((turns) => {
    const events: LifeEvent[] = [];
    let step: OrderStep = turns[0]!.choice % 2 ? 'received' : 'routed';
    let time = 0;
    let fills: LifeEvent['fills'] = [];
    let replacedBy: string | null = null;
    for (const { choice, wait, trades } of turns) {
      events.push({ step, at: at(time), replacedBy, fills });
      const next: OrderStep[] = NEXT[step];
      if (next.length === 0) break;
      const former = step;
      step = next[choice % next.length]!;
      // What went back to wait at the close sets out on the next day.
      time += former === 'received' ? DAY_MS : wait;
      if (trades && isAtWork(step)) fills = [...fills, fill(fills.length + 1)];
      if (step === 'replace-requested') replacedBy = 'R';
    }
    return events;
  });

function isAtWork(step: OrderStep): boolean {
  return ['live', 'filled', 'cancel-requested', 'replace-requested'].includes(step);
}

function live(events: readonly LifeEvent[]) {
  let life: OrderLife = UNBORN;
  const odd = [];
  for (const event of events) {
    const moved = advance(life, event);
    life = moved.life;
    if (moved.odd) odd.push(moved.odd);
  }
  return { life, odd };
}

const plain = ({ fills, ...rest }: OrderLife) => ({ ...rest, fills: [...fills.keys()].sort() });

describe('an order’s life', () => {
  it('ends the same in whatever order it is told, with repeats and gaps, once the latest is read', () => {
    const messy = tidyLife.chain((events) =>
      fc.record({
        events: fc.constant(events),
        heard: fc.array(
          fc.record({ event: fc.constantFrom(...events), lost: fc.nat() }).map(({ event, lost }) => ({
            ...event,
            // A later message may show fewer fills.
            fills: event.fills.filter((_, index) => lost % 3 !== 0 || index % 2 === 0),
          })),
          { maxLength: 30 },
        ),
      }),
    );
    fc.assert(
      fc.property(messy, ({ events, heard }) => {
        const tidy = live(events);
        const mess = live([...heard, events.at(-1)!]);
        expect(plain(mess.life)).toEqual(plain(tidy.life));
        expect(tidy.odd).toEqual([]);
        expect(mess.odd).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never leaves its end, never loses a fill or its replacement, and never takes a fill twice', () => {
    const anything: fc.Arbitrary<LifeEvent> = fc.record({
      step: fc.constantFrom(...STEPS),
      at: fc.option(fc.integer({ min: 0, max: 20 }).map(at)),
      replacedBy: fc.option(fc.constantFrom('R', 'S')),
      fills: fc.subarray([1, 2, 3, 4].map(fill)),
    });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 25 }), (events) => {
        let life: OrderLife = UNBORN;
        const traded: string[] = [];
        for (const event of events) {
          const moved = advance(life, event);
          traded.push(...moved.traded.map(fillKey));
          if (life.step && isTerminal(life.step)) {
            expect(moved.life.step).toBe(life.step);
            expect(moved.ended).toBe(false);
            const contradicts = isTerminal(event.step) && event.step !== life.step;
            if (contradicts) expect(moved.odd).toEqual({ from: life.step, to: event.step });
          } else if (isTerminal(event.step)) expect(moved).toMatchObject({ ended: true, taken: true });
          if (life.at && moved.life.at) expect(moved.life.at >= life.at).toBe(true);
          for (const key of life.fills.keys()) expect(moved.life.fills.has(key)).toBe(true);
          if (life.replacedBy) expect(moved.life.replacedBy).toBe(life.replacedBy);
          life = moved.life;
        }
        expect(traded.sort()).toEqual([...life.fills.keys()].sort());
      }),
      { numRuns: 2_000 },
    );
  });

  it('counts a step that can’t be, and believes the broker’s newer word of what still works', () => {
    const told = (step: OrderStep, ms: number): LifeEvent => ({
      step,
      at: at(ms),
      replacedBy: null,
      fills: [],
    });
    const back = live([told('live', 1), told('routed', 2)]);
    expect(back.odd).toEqual([{ from: 'live', to: 'routed' }]);
    expect(back.life.step).toBe('routed');
    const risen = live([told('cancelled', 1), told('live', 2)]);
    expect(risen.odd).toEqual([{ from: 'cancelled', to: 'live' }]);
    expect(risen.life.step).toBe('cancelled');
    expect(live([told('live', 2), told('routed', 1)]).odd).toEqual([]);
    expect(live([told('live', 2), told('routed', 2)]).life.step).toBe('live');
    expect(live([told('cancel-requested', 1), told('live', 2)]).odd).toEqual([]);
  });

  it('waits again from the close, and goes its way anew the next day, whether or not the evening was told', () => {
    const told = (step: OrderStep, ms: number): LifeEvent => ({
      step,
      at: at(ms),
      replacedBy: null,
      fills: [],
    });
    const way = [
      told('live', 0),
      told('received', 6 * 3_600_000),
      told('routed', DAY_MS),
      told('in-flight', DAY_MS + 1),
      told('live', DAY_MS + 2),
    ];
    for (const heard of [way, way.filter(({ step }) => step !== 'received')]) {
      expect(live(heard).odd).toEqual([]);
      expect(live(heard).life.step).toBe('live');
    }
    expect(live(way.slice(0, 2)).life.step).toBe('received');
  });

  it('is partly filled while it works, and replaced where another took its place', () => {
    const event = { at: at(1), replacedBy: null, fills: [fill(1)] };
    expect(standing(live([{ ...event, step: 'live' }]).life)).toBe('partly-filled');
    expect(standing(live([{ ...event, step: 'received' }]).life)).toBe('partly-filled');
    expect(standing(live([{ ...event, step: 'cancelled' }]).life)).toBe('cancelled');
    expect(standing(live([{ ...event, step: 'cancelled', replacedBy: 'R' }]).life)).toBe('replaced');
  });

  it('means the same by its steps as by its states', () => {
    for (const step of STEPS) expect(isOpen({ state: stateOfStep(step) })).toBe(!isTerminal(step));
  });
});
