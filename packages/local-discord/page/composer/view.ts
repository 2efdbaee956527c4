import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from '../render/icons.js';
import { botName } from '../state/people.js';
import type { ChatComposer } from './composer.js';
import type { Draft, Field } from './draft.js';
import { unusedOptions } from './draft.js';
import type { Item, Suggestions } from './suggestions.js';

const LIST_ID = 'suggestions';

/** The whole message box: suggestions above it, the error line, the box itself. */
export function composerView(composer: ChatComposer): TemplateResult {
  const list = composer.suggestions();
  return html`
    <div class="composer" @focusout=${(e: FocusEvent) => composer.onLeave(e.relatedTarget)}>
      ${suggestionsView(composer, list)}
      ${composer.error ? html`<p class="composer-error" id="composer-error" role="alert">${composer.error}</p>` : nothing}
      <div class="composer-box" @click=${(e: MouseEvent) => focusEnd(e, composer)}>
        ${composer.draft ? draftView(composer, composer.draft, list) : textView(composer, list)}
        <button class="icon-button send" aria-label="Send" title="Send" @click=${() => void composer.send()}>
          ${icon('send')}
        </button>
      </div>
    </div>
  `;
}

/** A click on the box's empty space goes on writing. */
function focusEnd(event: MouseEvent, composer: ChatComposer): void {
  const target = event.target as Element;
  if (target.matches('.composer-box, .draft')) composer.wantFocus();
}

function textView(composer: ChatComposer, list: Suggestions): TemplateResult {
  return html`<textarea
    class="composer-text"
    rows="1"
    data-current
    role="combobox"
    aria-label=${`Message ${composer.channelName}`}
    aria-autocomplete="list"
    aria-haspopup="listbox"
    aria-expanded=${expanded(list)}
    aria-controls=${LIST_ID}
    aria-activedescendant=${activeId(composer, list)}
    placeholder=${`Message ${composer.channelName} — type / for commands`}
    maxlength="2000"
    .value=${live(composer.text)}
    @input=${(e: InputEvent) => composer.onText((e.target as HTMLTextAreaElement).value)}
    @focus=${() => composer.onFocus('tail')}
    @keydown=${(e: KeyboardEvent) => composer.onKey(e)}
  ></textarea>`;
}

function draftView(composer: ChatComposer, draft: Draft, list: Suggestions): TemplateResult {
  return html`<div class="draft" role="group" aria-label=${`Command ${draft.entry.label}`}>
    <span class="draft-command">/${draft.entry.label}</span>
    ${repeat(
      draft.fields,
      ({ option }) => option.name,
      (field) => fieldView(composer, field, list),
    )}
    ${tailView(composer, draft, list)}
  </div>`;
}

function fieldView(composer: ChatComposer, field: Field, list: Suggestions): TemplateResult {
  const { name, description, required } = field.option;
  const current = composer.place !== 'tail' && composer.place.field === name;
  const wrong = composer.errors.has(name);
  return html`<span class="pill ${wrong ? 'wrong' : ''} ${current ? 'current' : ''}">
    <label class="pill-name" for=${`option-${name}`}>${name}</label>
    <input
      id=${`option-${name}`}
      class="pill-input"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      ?data-current=${current}
      role="combobox"
      aria-label=${`${name}${required ? ' (required)' : ''}: ${description}`}
      aria-autocomplete="list"
      aria-haspopup="listbox"
      aria-expanded=${current ? expanded(list) : 'false'}
      aria-controls=${LIST_ID}
      aria-activedescendant=${current ? activeId(composer, list) : ''}
      aria-invalid=${wrong ? 'true' : 'false'}
      aria-describedby=${wrong ? 'composer-error' : nothing}
      size=${Math.min(Math.max(field.text.length, 2), 40)}
      .value=${live(field.text)}
      @input=${(e: InputEvent) => composer.onField(name, (e.target as HTMLInputElement).value)}
      @focus=${() => composer.onFocus({ field: name })}
      @keydown=${(e: KeyboardEvent) => composer.onKey(e)}
    />
    ${
      required
        ? nothing
        : html`<button class="pill-remove" tabindex="-1" aria-label=${`Remove ${name}`} @click=${() => composer.removeOption(name)}>
            ${icon('close')}
          </button>`
    }
  </span>`;
}

function tailView(composer: ChatComposer, draft: Draft, list: Suggestions): TemplateResult {
  const current = composer.place === 'tail';
  const free = unusedOptions(draft).length;
  return html`<input
    class="tail-input"
    autocomplete="off"
    autocapitalize="off"
    spellcheck="false"
    ?data-current=${current}
    role="combobox"
    aria-label=${free > 0 ? `More options of ${draft.entry.label}, or Enter to send` : 'Press Enter to send'}
    aria-autocomplete="list"
    aria-haspopup="listbox"
    aria-expanded=${current ? expanded(list) : 'false'}
    aria-controls=${LIST_ID}
    aria-activedescendant=${current ? activeId(composer, list) : ''}
    placeholder=${free > 0 ? `+${free} optional` : ''}
    .value=${live(composer.tail)}
    @input=${(e: InputEvent) => composer.onTail((e.target as HTMLInputElement).value)}
    @focus=${() => composer.onFocus('tail')}
    @keydown=${(e: KeyboardEvent) => composer.onKey(e)}
  />`;
}

function expanded(list: Suggestions): 'true' | 'false' {
  return list.items.length > 0 ? 'true' : 'false';
}

function activeId(composer: ChatComposer, list: Suggestions): string {
  const at = composer.active(list);
  return at >= 0 ? `suggestion-${at}` : '';
}

function suggestionsView(composer: ChatComposer, list: Suggestions): TemplateResult {
  const active = composer.active(list);
  const shown = list.items.length > 0 || list.note !== '' || list.title !== '';
  return html`<div class="suggestions" ?hidden=${!shown} @mousedown=${(e: Event) => e.preventDefault()}>
    <div class="suggestions-title">${list.title}</div>
    <div id=${LIST_ID} role="listbox" aria-label=${list.title || 'Suggestions'}>
      ${list.items.map((item, index) => itemView(composer, item, index, index === active))}
    </div>
    <div class="suggestions-note" role="status">${list.note}</div>
  </div>`;
}

function itemView(composer: ChatComposer, item: Item, index: number, active: boolean): TemplateResult {
  return html`<div
    role="option"
    id=${`suggestion-${index}`}
    class="suggestion"
    aria-selected=${active ? 'true' : 'false'}
    @click=${() => composer.pick(item)}
  >
    ${itemBody(composer, item)}
  </div>`;
}

function itemBody(composer: ChatComposer, item: Item): TemplateResult {
  if (item.kind === 'choice') return html`<span class="suggestion-name">${item.choice.name}</span>`;
  if (item.kind === 'option') {
    return html`<span class="suggestion-name">${item.option.name}</span>
      <span class="suggestion-about">${item.option.description}</span>`;
  }
  const { entry } = item;
  const bot = botName(composer.local, entry.command.application_id);
  return html`<span class="suggestion-name">/${entry.label}</span>
    <span class="suggestion-hints">${entry.options.map(({ name, required }) => html`<i class=${required ? 'needed' : ''}>${name}</i>`)}</span>
    <span class="suggestion-about">${entry.description}</span>
    <span class="suggestion-bot">${bot}</span>`;
}
