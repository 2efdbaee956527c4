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
  // The bot calls whoever ordered: once with the orders, and again for each fill.
  const calls = bots.filter(({ mentions }) => mentions?.some(({ id }) => id === user)).length;
  if (calls === 0) return null;
  return calls === 1 ? 'fill' : 'look';
}

function offersSubmit({ components }: Message): boolean {
  const parts = (components ?? []).flatMap((row) => row.components ?? []);
  return parts.some(({ label = '', disabled }) => label.startsWith('Submit') && !disabled);
}
