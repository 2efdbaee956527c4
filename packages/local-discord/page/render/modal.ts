import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { OpenModal } from '../state/store.js';
import type { Component } from '../types.js';
import type { View } from './context.js';
import { icon } from './icons.js';
import { markdown } from './markdown.js';
import { defaultValues, isSelect, menuOptions } from './select-options.js';

const TEXT_INPUT = 4;
const LABEL = 18;

/** The bot's form in front of everything else; the browser's own dialog keeps the focus inside it. */
export function modalView(view: View): TemplateResult | typeof nothing {
  const { modal } = view.state;
  if (!modal) return nothing;
  return html`<dialog class="modal" aria-labelledby="modal-title" ${ref(showModal)}
    @cancel=${(e: Event) => {
      e.preventDefault();
      view.session.closeModal();
    }}>
    <form @submit=${(e: SubmitEvent) => submit(e, view, modal)}>
      <header>
        <h2 id="modal-title">${modal.title}</h2>
        <button type="button" class="icon-button" aria-label="Close" @click=${() => view.session.closeModal()}>${icon('close')}</button>
      </header>
      <div class="modal-body">${modal.components.map((component) => partView(view, component))}</div>
      ${modal.error ? html`<p class="failure" role="alert">${icon('warn')} ${modal.error}</p>` : nothing}
      <footer>
        <button type="button" class="button secondary" @click=${() => view.session.closeModal()}>Cancel</button>
        <button type="submit" class="button primary" ?disabled=${modal.sending}>${modal.sending ? 'Sending…' : 'Submit'}</button>
      </footer>
    </form>
  </dialog>`;
}

let opened: HTMLDialogElement | undefined;

/** Opens the dialog once it is in the page, and closes it before it goes, so that the focus returns. */
function showModal(element: Element | undefined): void {
  if (element === undefined) opened?.close();
  opened = element instanceof HTMLDialogElement ? element : undefined;
  queueMicrotask(() => {
    if (!opened?.isConnected || opened.open) return;
    opened.showModal();
    // Not on Close, where the browser puts it: there the first Enter would throw away what was typed.
    opened.querySelector<HTMLElement>('.modal-body :is(input, textarea, button)')?.focus();
  });
}

/** A top-level part: a label with its control, an older action row, or a text between them. */
function partView(view: View, part: Component): TemplateResult {
  if (part.type === LABEL && part.component) {
    return controlView(view, part.component, part.label ?? '', part.description ?? '');
  }
  if (part.type === 10) return markdown(view, part.content ?? '');
  return html`${(part.components ?? []).map((child) => controlView(view, child, child.label ?? '', ''))}`;
}

function controlView(view: View, control: Component, label: string, about: string): TemplateResult {
  const required = control.required ?? true;
  const name = control.custom_id ?? '';
  const words = html`<span class="modal-label">${label}${required ? html`<em aria-hidden="true"> *</em>` : nothing}</span>
    ${about ? html`<small>${about}</small>` : nothing}`;
  // Not a <label> around a select menu: a click on a choice would also count as one on its button.
  return control.type === TEXT_INPUT
    ? html`<label class="modal-field">${words}${textInput(control, name, required)}</label>`
    : html`<div class="modal-field">${words}${chooser(view, control, name, label)}</div>`;
}

function textInput(control: Component, name: string, required: boolean): TemplateResult {
  const min = control.min_length || nothing;
  const max = control.max_length ?? 4000;
  const placeholder = control.placeholder ?? '';
  return control.style === 2
    ? html`<textarea name=${name} rows="4" ?required=${required} minlength=${min} maxlength=${max}
        placeholder=${placeholder} .defaultValue=${control.value ?? ''}></textarea>`
    : html`<input name=${name} autocomplete="off" ?required=${required} minlength=${min} maxlength=${max}
        placeholder=${placeholder} .defaultValue=${control.value ?? ''}>`;
}

function chooser(view: View, control: Component, name: string, label: string): TemplateResult {
  if (!isSelect(control)) {
    return html`<span class="unsupported">[A field of type ${control.type} is not shown on this page]</span>`;
  }
  return html`<select-menu
    data-name=${name}
    data-values=${JSON.stringify(defaultValues(control))}
    .label=${label}
    .options=${menuOptions(control, view.state.local)}
    .values=${defaultValues(control)}
    .placeholder=${control.placeholder ?? 'Make a selection'}
    .min=${control.min_values ?? 1}
    .max=${control.max_values ?? 1}
    .onChoose=${(values: string[]) => keep(name, values)}
  ></select-menu>`;
}

/** The chosen values wait on the element itself until the form is submitted. */
function keep(name: string, values: string[]): void {
  const menu = document.querySelector<HTMLElement>(`.modal select-menu[data-name="${CSS.escape(name)}"]`);
  if (menu) menu.dataset.values = JSON.stringify(values);
}

function submit(event: SubmitEvent, view: View, modal: OpenModal): void {
  event.preventDefault();
  if (modal.sending) return;
  const form = event.target as HTMLFormElement;
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of new FormData(form)) fields[name] = String(value);
  for (const menu of form.querySelectorAll<HTMLElement>('select-menu')) {
    fields[menu.dataset.name ?? ''] = JSON.parse(menu.dataset.values ?? '[]') as string[];
  }
  void view.interactions.submitModal(fields);
}
