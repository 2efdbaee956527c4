import { html, nothing, type TemplateResult } from 'lit';
import { changeLook } from '../state/appearance.js';
import { botName, displayName } from '../state/people.js';
import type { Channel } from '../types.js';
import type { View } from './context.js';
import { icon } from './icons.js';
import './user-switcher.js';

const CATEGORY = 4;

/** Guild name, channels, direct messages, and at the foot who is looking. A drawer on a phone. */
export function sidebarView(view: View): TemplateResult {
  const { state, session } = view;
  const { local } = state;
  const channels = local?.channels.filter(({ type }) => type !== CATEGORY) ?? [];
  return html`<nav class="sidebar ${state.sidebarOpen ? 'open' : ''}" aria-label="Channels">
    <header><h1>${local?.guild.name ?? 'Local Discord'}</h1>
      <button class="icon-button only-phone" aria-label="Close the channel list" @click=${() => toggleSidebar(view, false)}>${icon('close')}</button>
    </header>
    <div class="sidebar-list">
      <h2 class="sidebar-group">Text channels</h2>
      ${channels.map((channel) => channelButton(view, channel))}
      ${local && local.dms.length > 0 ? html`<h2 class="sidebar-group">Direct messages</h2>` : nothing}
      ${local?.dms.map(({ channel_id, user }) => channelButton(view, { id: channel_id, name: displayName(user), type: 1 }))}
      <h2 class="sidebar-group">Bots</h2>
      ${local?.bots.map(
        (bot) => html`<div class="bot"><i class="dot ${bot.online ? 'on' : ''}"></i>${botName(local, bot.id)}
          <small>${bot.online ? 'online' : 'offline'}</small></div>`,
      )}
      <h2 class="sidebar-group">Appearance</h2>
      ${lookSwitch('Show embeds', state.embedsShown, (embedsShown) => changeLook(session.store, { embedsShown }))}
      ${lookSwitch('Light theme', state.theme === 'light', (light) => changeLook(session.store, { theme: light ? 'light' : 'dark' }))}
    </div>
    ${
      local
        ? html`<user-switcher .me=${local.me} .users=${local.users.filter((user) => !user.bot)}
            .onSwitch=${(id: string) => void session.start(id)}></user-switcher>`
        : nothing
    }
  </nav>
  ${state.sidebarOpen ? html`<div class="shade" @click=${() => toggleSidebar(view, false)}></div>` : nothing}`;
}

/** Opens or closes the drawer on a phone; the focus goes along. */
export function toggleSidebar(view: View, open: boolean): void {
  view.session.store.change((state) => {
    state.sidebarOpen = open;
  });
  const next = open ? '.sidebar .icon-button' : '.topbar .only-phone';
  requestAnimationFrame(() => document.querySelector<HTMLElement>(next)?.focus());
}

function channelButton(view: View, channel: Channel): TemplateResult {
  const current = channel.id === view.state.channel;
  const unread = !current && view.state.unread.has(channel.id);
  return html`<button
    class="channel ${current ? 'current' : ''} ${unread ? 'unread' : ''}"
    aria-current=${current ? 'page' : 'false'}
    @click=${() => void view.session.openChannel(channel.id)}
  >${icon(channel.type === 1 ? 'at' : 'hash')}<span>${channel.name}</span>${unread ? html`<small>new</small>` : nothing}</button>`;
}

/** Both are the viewer's own settings in Discord: a bot never learns of them. */
function lookSwitch(label: string, on: boolean, turn: (on: boolean) => void): TemplateResult {
  return html`<button class="look-switch" role="switch" aria-checked=${on ? 'true' : 'false'} @click=${() => turn(!on)}>
    <span>${label}</span><i class="knob"></i></button>`;
}
