import type { LegAction, Side } from './types.js';

export function isOpening(action: LegAction): boolean {
  return action === 'buy-to-open' || action === 'sell-to-open';
}

/** The side held that a leg opens or closes: `buy-to-open` makes a long, `buy-to-close` ends a short. */
export function sideHeld(action: LegAction): Side {
  return action === 'buy-to-open' || action === 'sell-to-close' ? 'long' : 'short';
}

export function closingAction(side: Side): LegAction {
  return side === 'long' ? 'sell-to-close' : 'buy-to-close';
}
