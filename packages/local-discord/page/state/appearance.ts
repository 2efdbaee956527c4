import { recall, remember } from './memory.js';
import type { AppState, Store } from './store.js';

type Look = Pick<AppState, 'embedsShown' | 'theme'>;

/** How this browser's person wants the page to look. */
export function recallLook(): Look {
  return {
    embedsShown: recall('embeds') !== 'off',
    theme: recall('theme') === 'light' ? 'light' : 'dark',
  };
}

export function changeLook(store: Store, change: Partial<Look>): void {
  store.change((state) => {
    Object.assign(state, change);
    remember('embeds', state.embedsShown ? 'on' : 'off');
    remember('theme', state.theme);
  });
}
