import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { displayName } from '../state/people.js';
import { isEphemeral } from '../state/reduce.js';
import type { LocalState, Message } from '../types.js';
import type { View } from './context.js';
import { icon } from './icons.js';
import { messageView, pendingView } from './message.js';
import { welcomeView } from './welcome.js';

/** Messages of one author closer than this stand under one name, as in Discord. */
const GROUP_MS = 7 * 60_000;

/** The scrolling list: the channel's beginning, the messages, what is on its way. */
export function messagesView(view: View, onScroll: () => void): TemplateResult {
  const { state } = view;
  const shown = state.messages.filter((message) => !state.dismissed.has(message.id));
  const pending = [...state.pending.values()].filter(
    ({ kind, channel }) => kind === 'command' && channel === state.channel,
  );
  return html`<section class="scroller" id="messages" tabindex="0" aria-label="Messages"
    aria-busy=${state.local && state.loadedChannel === state.channel ? 'false' : 'true'} @scroll=${onScroll}>
    <div class="scroller-content">
      ${beginning(view)}
      <discord-messages role="log" aria-live="polite" aria-relevant="additions text">
        ${repeat(
          shown,
          ({ id }) => id,
          (message, at) => messageView(view, message, isGrouped(shown[at - 1], message)),
        )}
        ${repeat(
          pending,
          ({ nonce }) => nonce,
          (one) => pendingView(view, one),
        )}
      </discord-messages>
      ${state.welcomeOpen ? welcomeView(view) : nothing}
    </div>
  </section>`;
}

function beginning(view: View): TemplateResult {
  const name = channelTitle(view);
  if (dmOf(view)) {
    return html`<header class="beginning">
      <h2>Direct messages with ${name}</h2>
      <p>This is where they start. A bot’s commands for the server are typed in the server’s channels.</p>
    </header>`;
  }
  return html`<header class="beginning">
    <h2>Welcome to ${name}</h2>
    <p>This is the start of ${name}. Type <kbd>/</kbd> to see what the bot can do.</p>
  </header>`;
}

/** "#trading", or "@bot" for a direct message. */
export function channelTitle(view: View): string {
  const { state } = view;
  const channel = state.local?.channels.find(({ id }) => id === state.channel);
  if (channel) return `#${channel.name}`;
  const dm = dmOf(view);
  return dm ? `@${displayName(dm.user)}` : '';
}

/** The direct message that is open, if it is one. */
export function dmOf({ state }: View): LocalState['dms'][number] | undefined {
  return state.local?.dms.find(({ channel_id }) => channel_id === state.channel);
}

function isGrouped(before: Message | undefined, message: Message): boolean {
  if (!before || before.author.id !== message.author.id) return false;
  if (message.interaction_metadata || message.message_reference) return false;
  if (isEphemeral(before) !== isEphemeral(message)) return false;
  return new Date(message.timestamp).getTime() - new Date(before.timestamp).getTime() < GROUP_MS;
}

/** "Ana is typing…" for whoever began within the last seconds. */
export function typingView(view: View): TemplateResult {
  const names = [...view.state.typing]
    .filter(([id, until]) => until > view.nowMs && id !== view.state.user)
    .map(([id]) => view.state.local?.users.find((user) => user.id === id))
    .flatMap((user) => (user ? [displayName(user)] : []));
  const text = names.length === 0 ? '' : `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} typing…`;
  return html`<div class="typing" role="status">${text}</div>`;
}

export function jumpButton(shown: boolean, jump: () => void): TemplateResult | typeof nothing {
  if (!shown) return nothing;
  return html`<button class="jump" @click=${jump}>Jump to present ${icon('down')}</button>`;
}
