import { html, nothing, type TemplateResult } from 'lit';
import { nextStep, type Step } from '../state/guide.js';
import { remember } from '../state/memory.js';
import type { View } from './context.js';
import { icon } from './icons.js';

/** A demo's hint: one thing to do next, just over the message box. */
export function guideView(view: View): TemplateResult | typeof nothing {
  const step = nextStep(view.state);
  if (!step) return nothing;
  return html`<div class="guide" role="status"><span><b>Next:</b> ${words(view, step)}</span>
    <button class="icon-button" aria-label="No more hints" title="No more hints" @click=${() => close(view)}>${icon('close')}</button>
  </div>`;
}

function words({ state }: View, step: Step): TemplateResult {
  const market = html`<b>${state.local?.panel?.title ?? ''}</b>`;
  switch (step) {
    case 'pick':
      return html`pick a position from the list, then press <kbd>Enter</kbd> once more.`;
    case 'submit':
      return html`press <b>Submit</b> under the preview. Until then nothing is sent.`;
    case 'fill':
      return html`${state.panelOpen ? 'in' : 'open'} ${market}${state.panelOpen ? '' : ' and'} press <b>Fill now</b> beside your order.`;
    case 'look':
      return html`look at what the bot says of the fill. Then try <b>/positions</b> or <b>/setup</b>.`;
  }
}

function close({ session }: View): void {
  remember('guide', 'closed');
  session.store.change((state) => {
    state.guideOpen = false;
  });
}
