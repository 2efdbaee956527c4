import { html, nothing, type TemplateResult } from 'lit';
import { remember } from '../state/memory.js';
import { botName } from '../state/people.js';
import type { View } from './context.js';
import { icon } from './icons.js';
import { channelTitle } from './messages.js';
import { toggleSidebar } from './sidebar.js';

/** The channel's name and the buttons for the channel list (phone), the welcome card and the market. */
export function headerView(view: View): TemplateResult {
  const { state } = view;
  const { panel } = state.local ?? { panel: null };
  return html`<header class="topbar">
    <button class="icon-button only-phone" aria-label="Channels and users" aria-expanded=${state.sidebarOpen ? 'true' : 'false'}
      @click=${() => toggleSidebar(view, true)}>${icon('menu')}</button>
    <h2>${channelTitle(view)}</h2>
    <button class="icon-button" aria-label="Getting started" title="Getting started" aria-pressed=${state.welcomeOpen ? 'true' : 'false'}
      @click=${() => view.session.store.change((s) => Object.assign(s, { welcomeOpen: !s.welcomeOpen }))}>${icon('help')}</button>
    ${
      panel
        ? html`<button class="panel-button" aria-label=${panel.title} aria-expanded=${state.panelOpen ? 'true' : 'false'}
            aria-controls="panel" @click=${() => togglePanel(view)}>${icon('chart')}<span>${panel.title}</span></button>`
        : nothing
    }
  </header>`;
}

function togglePanel(view: View, open = !view.state.panelOpen): void {
  remember('panel', open ? 'open' : 'closed');
  view.session.store.change((state) => {
    state.panelOpen = open;
  });
}

/** The market beside the channel. The frame stays loaded while hidden, so that it does not start over. */
export function panelView(view: View): TemplateResult | typeof nothing {
  const { local, panelOpen } = view.state;
  if (!local?.panel) return nothing;
  return html`<aside id="panel" class="panel" ?hidden=${!panelOpen} aria-label=${local.panel.title}>
    <header><h2>${local.panel.title}</h2>
      <button class="icon-button" aria-label=${`Close ${local.panel.title}`} @click=${() => togglePanel(view, false)}>${icon('close')}</button>
    </header>
    ${panelOpen || framed.has(local.panel.url) ? frame(local.panel) : nothing}
  </aside>`;
}

/** Addresses whose frame was opened once. */
const framed = new Set<string>();

function frame(panel: { title: string; url: string }): TemplateResult {
  framed.add(panel.url);
  return html`<iframe title=${panel.title} src=${panel.url}></iframe>`;
}

/** What the person must know about the connection or the bot; empty when all is well. */
export function bannerView(view: View): TemplateResult | typeof nothing {
  const { link, notice, local } = view.state;
  const offline = local?.bots.filter(({ online }) => !online).map(({ id }) => botName(local, id)) ?? [];
  if (link === 'lost') return banner(notice || 'Connection lost. Reconnecting…');
  if (notice) return banner(notice);
  return offline.length > 0
    ? banner(`${offline.join(', ')} is offline. Commands get no answer until it is back.`)
    : nothing;
}

function banner(text: string): TemplateResult {
  return html`<div class="banner" role="status">${icon('warn')} ${text}</div>`;
}
