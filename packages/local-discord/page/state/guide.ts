import type { Message } from '../types.js';
import type { AppState } from './store.js';

export type Step = 'pick' | 'submit' | 'fill' | 'look';

/**
 * The one thing a visitor of a demo does next, read off what is on the screen; null while the welcome card says it, and
 * where there is no market to play with.
 */
export function nextStep({ local, guideOpen, welcomeOpen, picking, messages, user }: AppState): Step | null {
  if (!local?.panel || !guideOpen) return null;
  if (picking) return 'pick';
  if (welcomeOpen) return null;
  const bots = messages.filter(({ author }) => author.bot);
  if (bots.some(offersSubmit)) return 'submit';
  // The bot calls whoever ordered: with the orders, and again for each fill.
  const last = bots.findLast(({ mentions }) => mentions?.some(({ id }) => id === user));
  if (!last) return null;
  return /\bfilled at\b/.test(last.content) ? 'look' : 'fill';
}

function offersSubmit({ components }: Message): boolean {
  const parts = (components ?? []).flatMap((row) => row.components ?? []);
  return parts.some(({ label = '', disabled }) => label.startsWith('Submit') && !disabled);
}
