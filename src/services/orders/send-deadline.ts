import type { Deadline } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';

/**
 * An order leaves within this time of its press, or never: later than that the trader may have acted on its absence,
 * and another process may have said that it isn't there. Room for a read, a new token and a queue of some hundred
 * orders.
 */
export const SEND_WITHIN_MS = 30_000;

/** Two machines' clocks differ by less than this, and a request on its way arrives within it. */
export const CLOCK_MARGIN_MS = 30_000;

/**
 * Until when the orders of one press may leave. Asks two clocks, because each can be fooled: the wall clock is set
 * back, and the steady one stands still while a machine sleeps.
 */
export function sendDeadline(clock: Clock, pressedAt: Date): Deadline {
  const wall = pressedAt.getTime() + SEND_WITHIN_MS;
  const steady = clock.steady() + SEND_WITHIN_MS;
  return { passed: () => clock.now().getTime() >= wall || clock.steady() >= steady };
}
