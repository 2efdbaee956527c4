import type { Choice, SentOption } from '../types.js';
import type { CommandEntry } from './entries.js';
import type { Asked } from './suggestions.js';

/** A pause in typing this long (ms) before the bot is asked. */
const DEBOUNCE_MS = 200;

interface Wiring {
  complete(entry: CommandEntry, options: SentOption[], signal: AbortSignal): Promise<Choice[]>;
  onAnswer(asked: Asked): void;
}

export interface Asker {
  /** Asks unless this very question was the last one. An earlier one still open is given up. */
  start(key: string, entry: CommandEntry, options: SentOption[]): void;
  cancel(): void;
}

/** Asks the bot for choices: at once for an untouched field, else after a pause in typing. */
export function autocompleteAsker({ complete, onAnswer }: Wiring): Asker {
  let current = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = new AbortController();

  const cancel = (): void => {
    clearTimeout(timer);
    abort.abort();
    current = '';
  };

  const put = async (key: string, entry: CommandEntry, options: SentOption[]): Promise<void> => {
    abort = new AbortController();
    const { signal } = abort;
    try {
      const choices = await complete(entry, options, signal);
      if (!signal.aborted) onAnswer({ key, state: 'ready', choices });
    } catch {
      if (signal.aborted) return;
      current = ''; // a failed question may be asked again
      onAnswer({ key, state: 'failed', choices: [] });
    }
  };

  const start: Asker['start'] = (key, entry, options) => {
    if (key === current) return;
    cancel();
    current = key;
    const focused = options.find((option) => option.focused);
    timer = setTimeout(() => void put(key, entry, options), focused?.value === '' ? 0 : DEBOUNCE_MS);
  };

  return { start, cancel };
}
