import type { Projector } from '../services/telling/projector.js';
import type { View } from './view.js';

/**
 * How a message of the bot's own accord that has one piece of news is known again: by the mark in its footer, and by whom it
 * begins with.
 */
export function knownBy(
  news: string,
  markOf: (topic: string) => string,
): Pick<Projector<View>, 'newsOn' | 'begins'> {
  return {
    newsOn: ({ embeds }, topic) =>
      embeds.some(({ footer }) => footer?.text === markOf(topic)) ? news : null,
    begins: ({ content }) => content.startsWith('<@'),
  };
}
