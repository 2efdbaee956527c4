import type { Clock } from '../../services/ports/clock.js';

/** Requests per second tastytrade's own tooling keeps to. No rate-limit headers exist to steer by. */
const GLOBAL_CEILING = 50;
const ROUTE_CEILINGS: readonly (readonly [pattern: RegExp, perSecond: number])[] = [
  [/^POST \/accounts\/[^/]+\/orders$/, 20],
  [/^POST \/accounts\/[^/]+\/orders\/dry-run$/, 20],
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

/** Keeps requests within the ceilings, first come first served per route. Concurrency is not limited. */
export class RateGate {
  readonly #global = new Window(GLOBAL_CEILING);
  readonly #routes = ROUTE_CEILINGS.map(([pattern, perSecond]) => ({
    pattern,
    window: new Window(perSecond),
    queue: Promise.resolve(),
  }));

  constructor(private readonly clock: Clock) {}

  /** Resolves when the request may leave; the caller sends it at once. */
  async admit(method: string, path: string): Promise<void> {
    const route = this.#routes.find(({ pattern }) => pattern.test(`${method} ${path}`));
    if (route === undefined) return this.#pass([this.#global]);
    const turn = route.queue.then(() => this.#pass([route.window, this.#global]));
    route.queue = turn.catch(() => {});
    return turn;
  }

  async #pass(windows: readonly Window[]): Promise<void> {
    for (;;) {
      const now = this.clock.now().getTime();
      const wait = Math.max(...windows.map((window) => window.wait(now)));
      if (wait <= 0) {
        for (const window of windows) window.start(now);
        return;
      }
      await this.clock.sleep(wait);
    }
  }
}
