/**
 * The server's clock. Deadlines (3 s, 15 min), timestamps, ids and rate-limit windows read it, so a test that moves
 * it forward meets them without waiting.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `task` once `delayMs` of this clock have passed. Returns a function that calls it off. */
  after(delayMs: number, task: () => void): () => void;
  /** Moves the clock forward; whatever falls due on the way runs before this returns, earliest first. */
  advance(ms: number): void;
}

interface Timer {
  due: number;
  task: () => void;
  handle: NodeJS.Timeout | null;
}

/** Real time plus an offset that only ever grows. Timers never keep the process alive. */
export class OffsetClock implements Clock {
  private offset = 0;
  private readonly timers = new Set<Timer>();

  /** @param base where the time comes from; a test that wants it to stand still gives a constant. */
  constructor(private readonly base: () => number = Date.now) {}

  now(): number {
    return this.base() + this.offset;
  }

  after(delayMs: number, task: () => void): () => void {
    const timer: Timer = { due: this.now() + delayMs, task, handle: null };
    this.timers.add(timer);
    this.arm(timer);
    return () => this.drop(timer);
  }

  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`a clock only moves forward, not by ${ms} ms`);
    this.offset += ms;
    const ordered = [...this.timers].sort((a, b) => a.due - b.due);
    for (const timer of ordered) {
      if (!this.timers.has(timer)) continue;
      if (timer.due <= this.now()) this.fire(timer);
      else this.arm(timer);
    }
  }

  private arm(timer: Timer): void {
    if (timer.handle) clearTimeout(timer.handle);
    // setTimeout may wake a hair early, so `fire` is reached through a second look at the clock.
    timer.handle = setTimeout(() => this.wake(timer), Math.max(0, timer.due - this.now()));
    timer.handle.unref();
  }

  private wake(timer: Timer): void {
    if (timer.due <= this.now()) this.fire(timer);
    else this.arm(timer);
  }

  private fire(timer: Timer): void {
    this.drop(timer);
    timer.task();
  }

  private drop(timer: Timer): void {
    if (timer.handle) clearTimeout(timer.handle);
    this.timers.delete(timer);
  }
}

/** An instant of the clock as Discord writes it: ISO 8601 with microseconds and an explicit UTC offset. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000+00:00');
}
