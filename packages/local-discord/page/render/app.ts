import { html, type TemplateResult } from 'lit';
import '../composer/composer.js';
import type { ComposerHost } from '../composer/composer.js';
import type { View } from './context.js';
import { guideView } from './guide.js';
import { bannerView, headerView, panelView } from './header.js';
import { channelTitle, dmOf, jumpButton, messagesView, typingView } from './messages.js';
import { modalView } from './modal.js';
import type { Scroller } from './scroller.js';
import { sidebarView } from './sidebar.js';
import './look.js';

/** The whole page from the state. */
export function appView(view: View, scroller: Scroller, host: ComposerHost): TemplateResult {
  return html`<div class="app ${view.state.panelOpen && view.state.local?.panel ? 'with-panel' : ''}">
    ${sidebarView(view)}
    <main>
      ${headerView(view)} ${bannerView(view)}
      <div class="stage">${messagesView(view, scroller.onScroll)} ${jumpButton(!scroller.atEnd, scroller.jump)}</div>
      <div class="foot">
        ${guideView(view)}
        <chat-composer .local=${view.state.local} .host=${host} .channelName=${channelTitle(view)}
          .dmBot=${dmOf(view)?.user.id ?? ''}></chat-composer>
        ${typingView(view)}
      </div>
    </main>
    ${panelView(view)} ${modalView(view)}
  </div>`;
}
