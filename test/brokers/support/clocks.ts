import { setTimeout as pause } from 'node:timers/promises';
import type { Deadline } from '../../../src/ports/broker.js';
import type { Clock } from '../../../src/ports/clock.js';

/** For orders that may leave whenever they like. */
export const NO_DEADLINE: Deadline = { passed: () => false };

/** The machine's clock, for what runs against sockets. */
export const realClock: Clock = {
  now: () => new Date(),
  steady: () => performance.now(),
  sleep: (ms, signal) => pause(ms, undefined, { signal }),
};

/**
 * A clock whose time passes only while somebody sleeps, and then at once: sleepers wake in the order of their
 * deadlines. `set` jumps.
 */
export class VirtualClock implements Clock {
  readonly slept: number[] = [];
  readonly #start: number;
  #now: number;
  /** How far the wall clock was set away from the steady one. */
  #apart = 0;
  #sleepers: { at: number; wake: () => void }[] = [];
  #pumping = false;

  constructor(start = '2026-11-23T15:00:00Z') {
    this.#now = Date.parse(start);
    this.#start = this.#now;
  }

  now(): Date {
    return new Date(this.#now);
  }

  steady(): number {
    return this.#now - this.#apart - this.#start;
  }

  /** The wall clock jumps, and the steady one does not: set by somebody, or the machine slept. */
  set(ms: number): void {
    this.#apart += ms - this.#now;
    this.#now = ms;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      this.#sleepers.push({ at: this.#now + ms, wake: resolve });
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers.shift();
      if (next === undefined) return;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      if (this.#sleepers.length > 0) this.#pump();
    });
  }
}
