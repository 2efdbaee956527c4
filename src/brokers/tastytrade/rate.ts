import type { Urgency } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';

/** Requests per second tastytrade's own tooling keeps to. No rate-limit headers exist to steer by. */
const GLOBAL_CEILING = 50;
const ROUTE_CEILINGS: readonly (readonly [pattern: RegExp, perSecond: number])[] = [
  [/^POST \/accounts\/[^/]+\/(complex-)?orders$/, 20],
  [/^POST \/accounts\/[^/]+\/(complex-)?orders\/dry-run$/, 20],
  [/^DELETE \/accounts\/[^/]+\/(complex-)?orders\/[^/]+$/, 20],
  [/^GET \/accounts\/[^/]+\/positions$/, 1],
  [/^GET \/accounts\/[^/]+\/balances/, 1],
  [/^GET \/accounts\/[^/]+\/trading-status$/, 1],
  [/^GET \/customers\/me\/accounts$/, 1],
  [/^GET \/market-data\/by-type$/, 2],
  [/^GET \/instruments\/equities\/[^/]+$/, 3],
  [/^GET \/instruments\/equities$/, 2],
  [/^GET \/instruments\/equity-options/, 3],
];

/** A second and a little: two requests a second apart here can arrive closer together there. */
const WINDOW_MS = 1_050;

/**
 * At most `perSecond` starts in any window. A plain token bucket would let twice as many through in the
 * second after a pause (a full bucket plus its refill), so the starts themselves are remembered.
 */
class Window {
  readonly #starts: number[] = [];

  constructor(private readonly perSecond: number) {}

  /** Milliseconds until one more may start; 0 for at once. */
  wait(now: number): number {
    // Drops what lies outside the window, also starts "in the future" after the clock was set back.
    while (this.#starts[0] !== undefined && !(this.#starts[0] <= now && now < this.#starts[0] + WINDOW_MS)) {
      this.#starts.shift();
    }
    const oldest = this.#starts[this.#starts.length - this.perSecond];
    return oldest === undefined ? 0 : oldest + WINDOW_MS - now;
  }

  start(now: number): void {
    this.#starts.push(now);
  }
}

/** Who goes first where a ceiling makes requests wait. */
const RANK = { press: 0, trader: 1, viewer: 2 } as const satisfies Record<Urgency, number>;
/** So many more urgent ones may pass whoever has waited longest; presses always may. */
const MOST_PASSED = 9;

/** A request's place in the line. Whoever shares a waiting request may make it more urgent. */
export interface Turn {
  urgency: Urgency;
}

/** As urgent as the more urgent of the two. */
export function hurry(turn: Turn, urgency: Urgency): void {
  if (RANK[urgency] < RANK[turn.urgency]) turn.urgency = urgency;
}

interface Waiting {
  turn: Turn;
  windows: readonly Window[];
  /** How often another went first though this one had waited longest and could have gone. */
  passed: number;
  go: () => void;
}

/**
 * Keeps requests within the ceilings. Presses go first, then traders, then those who only look, but nobody waits for
 * ever; among equals who came first. A route at its ceiling holds up no other. Concurrency is not limited.
 */
export class RateGate {
  readonly #global = new Window(GLOBAL_CEILING);
  readonly #elsewhere = [this.#global];
  readonly #routes = ROUTE_CEILINGS.map(([pattern, perSecond]) => ({
    pattern,
    windows: [new Window(perSecond), this.#global],
  }));
  /** In the order they came. */
  readonly #waiting = new Set<Waiting>();
  #asleep: { until: number; wake: AbortController } | null = null;

  constructor(private readonly clock: Clock) {}

  /** Resolves when the request may leave; the caller sends it at once. */
  admit(method: string, path: string, turn: Turn = { urgency: 'trader' }): Promise<void> {
    const route = this.#routes.find(({ pattern }) => pattern.test(`${method} ${path}`));
    const windows = route?.windows ?? this.#elsewhere;
    return new Promise((go) => {
      this.#waiting.add({ turn, windows, passed: 0, go });
      this.#startAll();
    });
  }

  #startAll(): void {
    const now = this.clock.now().getTime();
    for (let next = this.#next(now); next !== undefined; next = this.#next(now)) {
      this.#waiting.delete(next);
      for (const window of next.windows) window.start(now);
      next.go();
    }
    this.#sleep(now);
  }

  #next(now: number): Waiting | undefined {
    let oldest: Waiting | undefined;
    let first: Waiting | undefined;
    const waitOf = waits(now);
    for (const each of this.#waiting) {
      if (waitOf(each) > 0) continue;
      oldest ??= each;
      if (first === undefined || RANK[each.turn.urgency] < RANK[first.turn.urgency]) first = each;
    }
    if (oldest === undefined || oldest === first || first?.turn.urgency === 'press') return first;
    if (oldest.passed >= MOST_PASSED) return oldest;
    oldest.passed += 1;
    return first;
  }

  /** Until the first of those waiting may go; who comes meanwhile and may go sooner begins it anew. */
  #sleep(now: number): void {
    const waitOf = waits(now);
    const wait = Math.min(...[...this.#waiting].map(waitOf));
    const until = now + wait;
    // Hundreds of trials come one after the other, and none of them wakes this any sooner.
    if (this.#asleep && this.#asleep.until <= until && this.#waiting.size > 0) return;
    this.#asleep?.wake.abort();
    this.#asleep = null;
    if (this.#waiting.size === 0) return;
    const asleep = { until, wake: new AbortController() };
    this.#asleep = asleep;
    this.clock.sleep(wait, asleep.wake.signal).then(
      () => {
        if (this.#asleep !== asleep) return;
        this.#asleep = null;
        this.#startAll();
      },
      () => {},
    );
  }
}

/** Milliseconds until all its ceilings let it through: the same for all of one route. */
function waits(now: number): (waiting: Waiting) => number {
  const known = new Map<readonly Window[], number>();
  return ({ windows }) => {
    const wait = known.get(windows) ?? Math.max(...windows.map((window) => window.wait(now)));
    known.set(windows, wait);
    return wait;
  };
}
