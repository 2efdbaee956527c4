/**
 * What the page remembers between visits, in the browser only: the chosen user, whether the welcome card
 * was used, whether the market panel is open. Storage may be switched off; then nothing is remembered.
 */
const PREFIX = 'local-discord:';

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // private mode or storage full: the page works without memory
  }
}

/** A remembered list of ids; whatever else may be stored there reads as none. */
export function recallIds(key: string): string[] {
  try {
    const list: unknown = JSON.parse(recall(key) ?? '[]');
    return Array.isArray(list) ? list.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
