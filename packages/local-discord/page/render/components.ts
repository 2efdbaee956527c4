import { html, nothing, type TemplateResult } from 'lit';
import { safeUrl } from '../markdown/inline.js';
import { cssColour } from '../state/people.js';
import type { Component, Message } from '../types.js';
import { imageView } from './attachments.js';
import type { View } from './context.js';
import { icon } from './icons.js';
import { markdown } from './markdown.js';
import { defaultValues, isSelect, menuOptions } from './select-options.js';
import './select-menu.js';

const BUTTON_STYLES: Record<number, string> = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger' };

/** A message's components: rows of buttons and select menus, and the layout kinds of components v2. */
export function componentsView(view: View, message: Message): TemplateResult[] {
  return (message.components ?? []).map((component) => componentView(view, message, component));
}

function componentView(view: View, message: Message, component: Component): TemplateResult {
  const inner = (): TemplateResult[] =>
    (component.components ?? []).map((child) => componentView(view, message, child));
  if (isSelect(component)) return selectView(view, message, component);
  switch (component.type) {
    case 1:
      return html`<discord-action-row class="row">${inner()}</discord-action-row>`;
    case 2:
      return buttonView(view, message, component);
    case 9:
      return html`<div class="section"><div>${inner()}</div>
        ${component.accessory ? componentView(view, message, component.accessory) : nothing}</div>`;
    case 10:
      return markdown(view, component.content ?? '', message.mentions);
    case 11:
      return imageView(component.media, component.description ?? '', 'thumbnail');
    case 12:
      return html`<div class="gallery">
        ${(component.items ?? []).map((item) => imageView(item.media, item.description ?? '', 'picture'))}</div>`;
    case 13:
      return html`<p class="file">${icon('file')} ${component.name ?? 'file'}</p>`;
    case 14:
      return component.divider === false ? html`<div class="space"></div>` : html`<hr class="separator">`;
    case 17: {
      const colour =
        component.accent_color == null ? '' : `border-left-color:${cssColour(component.accent_color)}`;
      return html`<div class="container" style=${colour}>${inner()}</div>`;
    }
    default:
      return html`<p class="unsupported">[A component of type ${component.type} is not shown on this page]</p>`;
  }
}

function buttonView(view: View, message: Message, button: Component): TemplateResult {
  const content = html`${button.emoji?.name && !button.emoji.id ? html`<span aria-hidden="true">${button.emoji.name}</span>` : nothing}
    ${button.label ?? ''}`;
  const url = safeUrl(button.url);
  if (button.style === 5) {
    return url && !button.disabled
      ? html`<a class="button secondary" href=${url} target="_blank" rel="noopener noreferrer">${content}${icon('link')}</a>`
      : html`<button class="button secondary" disabled>${content}</button>`;
  }
  const customId = button.custom_id ?? '';
  const busy = isBusy(view, message, customId);
  return html`<button
    class="button ${BUTTON_STYLES[button.style ?? 2] ?? 'secondary'} ${busy ? 'busy' : ''}"
    ?disabled=${button.disabled ?? false}
    aria-busy=${busy ? 'true' : 'false'}
    @click=${() => busy || void view.interactions.press(message.id, customId)}
  >${content}</button>`;
}

function selectView(view: View, message: Message, select: Component): TemplateResult {
  const customId = select.custom_id ?? '';
  return html`<select-menu
    class="message-select"
    .options=${menuOptions(select, view.state.local)}
    .values=${defaultValues(select)}
    .placeholder=${select.placeholder ?? 'Make a selection'}
    .min=${select.min_values ?? 1}
    .max=${select.max_values ?? 1}
    .disabled=${select.disabled ?? false}
    .busy=${isBusy(view, message, customId)}
    .onChoose=${(values: string[]) => void view.interactions.press(message.id, customId, values)}
  ></select-menu>`;
}

/** A press is on its way and not answered yet; a second one is held back here, as in Discord. */
function isBusy(view: View, message: Message, customId: string): boolean {
  return [...view.state.pending.values()].some(
    (pending) =>
      pending.state === 'sent' && pending.messageId === message.id && pending.customId === customId,
  );
}
