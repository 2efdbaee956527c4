import { render } from 'lit';
import type { ChatComposer, ComposerHost } from './composer/composer.js';
import { appView } from './render/app.js';
import type { View } from './render/context.js';
import { Scroller } from './render/scroller.js';
import { recallLook } from './state/appearance.js';
import { Interactions } from './state/interactions.js';
import { recall } from './state/memory.js';
import { Session } from './state/session.js';
import { Store } from './state/store.js';

/** How often (ms) the page looks at the clock for "is typing" lines and dates that change at midnight. */
const TICK_MS = 5_000;

/** From this width (CSS pixels) on, channel list, channel and market stand side by side. */
const WIDE_PX = 1024;

const root = document.querySelector<HTMLElement>('#app');
if (root) {
  root.replaceChildren();
  void start(root);
}

async function start(element: HTMLElement): Promise<void> {
  const store = new Store();
  const interactions = new Interactions(store);
  const session = new Session(store, interactions);
  const scroller = new Scroller(
    () => document.querySelector('.scroller'),
    () => store.change(() => {}),
  );
  followHeight(scroller);
  const composer = (): ChatComposer | null => document.querySelector('chat-composer');
  const fillCommand = (label: string): void => composer()?.fill(label);
  let shownFor = '';
  let listedFor = '';
  let welcomeShown = false;
  // Whoever sends something wants to see it: the list goes to its end first.
  const host: ComposerHost = {
    sendText(content) {
      scroller.jump();
      return interactions.sendText(content);
    },
    sendCommand(entry, options) {
      scroller.jump();
      return interactions.sendCommand(entry, options);
    },
    complete: (entry, options, signal) => interactions.complete(entry, options, signal),
    picking: (on) => store.change((state) => Object.assign(state, { picking: on })),
  };

  store.onChange(() => {
    const view: View = { state: store.state, session, interactions, nowMs: Date.now(), fillCommand };
    const place = `${store.state.user}/${store.state.channel}`;
    if (store.state.welcomeOpen && !welcomeShown) scroller.jump();
    welcomeShown = store.state.welcomeOpen;
    if (place !== shownFor) {
      shownFor = place;
      composer()?.clear();
      scroller.jump();
    }
    document.title = store.state.local ? `${store.state.local.guild.name} — local Discord` : 'Local Discord';
    document.documentElement.dataset.theme = store.state.theme;
    render(appView(view, scroller, host), element);
    // A list that has just come is shown from its end, whatever its predecessor's going did to the position.
    const listed = `${store.state.user}/${store.state.loadedChannel}`;
    if (listed === listedFor) return;
    listedFor = listed;
    scroller.jump();
  });
  store.change((state) => {
    state.welcomeOpen = recall('welcome') !== 'used';
    state.guideOpen = recall('guide') !== 'closed';
    Object.assign(state, recallLook());
    // On a narrow screen the market covers the channel: it opens only when asked for.
    state.panelOpen = window.innerWidth >= WIDE_PX && recall('panel') !== 'closed';
  });
  window.setInterval(() => store.change(() => {}), TICK_MS);
  document.addEventListener('keydown', (event) => onKey(event, session, composer()));
  await session.start(wantedUser());
}

/** Tells the scroller whenever the list or what is in it has another height. */
function followHeight(scroller: Scroller): void {
  const observer = new ResizeObserver(() => scroller.follow());
  const attach = (): void => {
    const list = document.querySelector('.scroller');
    const content = document.querySelector('.scroller-content');
    if (!list || !content) return void requestAnimationFrame(attach);
    observer.observe(content);
    observer.observe(list);
  };
  requestAnimationFrame(attach);
}

/** `?user=<id>` in the address wins over the user chosen last; '' lets the server decide. */
function wantedUser(): string {
  return new URLSearchParams(location.search).get('user') ?? recall('user') ?? '';
}

/** Esc closes drawers; typing anywhere goes on in the message box, as in Discord. */
function onKey(event: KeyboardEvent, session: Session, composer: ChatComposer | null): void {
  if (event.defaultPrevented || session.store.state.modal) return;
  if (event.key === 'Escape' && window.innerWidth < WIDE_PX) {
    session.store.change((state) => Object.assign(state, { sidebarOpen: false, panelOpen: false }));
  }
  const printable =
    event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
  const target = event.target as Element;
  if (!printable || target.closest('input, textarea, select-menu, [role=menu]')) return;
  composer?.querySelector<HTMLElement>('[data-current]')?.focus();
}
