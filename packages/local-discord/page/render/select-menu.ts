import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { icon } from './icons.js';

export interface MenuOption {
  label: string;
  value: string;
  description?: string;
}

let serial = 0;

/**
 * Discord's select menu: a button that opens a list. One value: choosing it closes the list and reports
 * it. Several: each choice toggles, and closing the list reports them if they changed. Used by keyboard
 * as a select-only combobox (arrows, Home, End, Enter or Space, Esc, a letter jumps).
 */
export class SelectMenu extends LitElement {
  static override properties = {
    options: { attribute: false },
    values: { attribute: false },
    placeholder: { attribute: false },
    label: { attribute: false },
    min: { attribute: false },
    max: { attribute: false },
    disabled: { attribute: false },
    busy: { attribute: false },
    onChoose: { attribute: false },
  };
  declare options: MenuOption[];
  /** Values chosen from outside (defaults); what is chosen here wins until they change. */
  declare values: string[];
  declare placeholder: string;
  declare label: string;
  declare min: number;
  declare max: number;
  declare disabled: boolean;
  /** A choice is on its way: nothing opens, and the focus stays where the keyboard left it. */
  declare busy: boolean;
  declare onChoose: (values: string[]) => void;

  private readonly listId = `menu-${++serial}`;
  private isOpen = false;
  private justOpened = false;
  private active = 0;
  private chosen: string[] = [];
  private atOpening = '';

  constructor() {
    super();
    this.options = [];
    this.values = [];
    this.placeholder = '';
    this.label = '';
    this.min = 1;
    this.max = 1;
    this.disabled = false;
    this.busy = false;
    this.onChoose = () => {};
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('values');
    if (changed.has('values') && JSON.stringify(before) !== JSON.stringify(this.values)) {
      this.chosen = [...this.values];
    }
  }

  private get several(): boolean {
    return this.max > 1;
  }

  private open(): void {
    if (this.disabled || this.busy || this.isOpen) return;
    this.isOpen = true;
    this.justOpened = true;
    this.atOpening = JSON.stringify(this.chosen);
    this.active = Math.max(
      this.options.findIndex(({ value }) => this.chosen.includes(value)),
      0,
    );
    this.requestUpdate();
  }

  private close(report: boolean): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.requestUpdate();
    if (!report) this.chosen = JSON.parse(this.atOpening) as string[];
    else if (
      this.several &&
      JSON.stringify(this.chosen) !== this.atOpening &&
      this.chosen.length >= this.min
    ) {
      this.onChoose([...this.chosen]);
    }
  }

  private choose(value: string): void {
    if (!this.several) {
      this.chosen = [value];
      this.isOpen = false;
      this.requestUpdate();
      this.onChoose([value]);
      return;
    }
    if (this.chosen.includes(value)) this.chosen = this.chosen.filter((other) => other !== value);
    else if (this.chosen.length < this.max) this.chosen = [...this.chosen, value];
    this.requestUpdate();
  }

  private onKey(event: KeyboardEvent): void {
    if (this.isOpen ? this.keyWhenOpen(event) : this.keyWhenClosed(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  private keyWhenClosed(event: KeyboardEvent): boolean {
    if (!['Enter', ' ', 'ArrowDown', 'ArrowUp'].includes(event.key)) return false;
    this.open();
    return true;
  }

  private keyWhenOpen({ key }: KeyboardEvent): boolean {
    const last = this.options.length - 1;
    if (key === 'Escape') this.close(false);
    else if (key === 'Tab') this.close(true);
    else if (key === 'Enter' || key === ' ') this.chooseActive();
    else if (key === 'ArrowDown') this.active = Math.min(this.active + 1, last);
    else if (key === 'ArrowUp') this.active = Math.max(this.active - 1, 0);
    else if (key === 'Home') this.active = 0;
    else if (key === 'End') this.active = last;
    else if (key.length === 1) this.jump(key);
    this.requestUpdate();
    return key !== 'Tab';
  }

  private chooseActive(): void {
    const option = this.options[this.active];
    if (option) this.choose(option.value);
  }

  private jump(letter: string): void {
    const order = [...this.options.keys()].map((at) => (this.active + 1 + at) % this.options.length);
    const found = order.find((at) => this.options[at]?.label.toLowerCase().startsWith(letter.toLowerCase()));
    this.active = found ?? this.active;
  }

  private onLeave(event: FocusEvent): void {
    if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.close(true);
  }

  protected override render(): TemplateResult {
    const picked = this.options.filter(({ value }) => this.chosen.includes(value));
    const text = picked.length > 0 ? picked.map(({ label }) => label).join(', ') : this.placeholder;
    return html`<div class="select ${this.isOpen ? 'open' : ''}" @focusout=${(e: FocusEvent) => this.onLeave(e)}>
      <button
        type="button"
        class="select-button"
        role="combobox"
        aria-haspopup="listbox"
        aria-expanded=${this.isOpen ? 'true' : 'false'}
        aria-controls=${this.listId}
        aria-label=${`${this.label || this.placeholder}${picked.length > 0 ? `: ${text}` : ''}`}
        aria-activedescendant=${this.isOpen ? `${this.listId}-${this.active}` : ''}
        aria-busy=${this.busy ? 'true' : 'false'}
        ?disabled=${this.disabled}
        @click=${() => (this.isOpen ? this.close(true) : this.open())}
        @keydown=${(e: KeyboardEvent) => this.onKey(e)}
      >
        <span class=${picked.length > 0 ? 'select-text' : 'select-text empty'}>${text}</span>${icon('chevron')}
      </button>
      ${this.isOpen ? this.listView() : nothing}
    </div>`;
  }

  private listView(): TemplateResult {
    return html`<div class="select-popup" @mousedown=${(e: Event) => e.preventDefault()}>
      <div id=${this.listId} class="select-list" role="listbox" aria-multiselectable=${this.several ? 'true' : 'false'}>
        ${this.options.map((option, at) => this.optionView(option, at))}
      </div>
      ${
        this.several
          ? html`<button type="button" class="select-done" @click=${() => this.close(true)}>
              Done (${this.chosen.length} chosen)
            </button>`
          : nothing
      }
    </div>`;
  }

  private optionView(option: MenuOption, at: number): TemplateResult {
    const on = this.chosen.includes(option.value);
    return html`<div
      id=${`${this.listId}-${at}`}
      role="option"
      aria-selected=${on ? 'true' : 'false'}
      class="select-option ${at === this.active ? 'active' : ''}"
      @click=${() => this.choose(option.value)}
    >
      <span class="select-option-text">
        <span>${option.label}</span>
        ${option.description ? html`<small>${option.description}</small>` : nothing}
      </span>
      ${on ? icon('check') : nothing}
    </div>`;
  }

  protected override updated(): void {
    if (!this.isOpen) return;
    if (this.justOpened) this.querySelector('.select-popup')?.scrollIntoView({ block: 'nearest' });
    this.justOpened = false;
    this.querySelector('.select-option.active')?.scrollIntoView({ block: 'nearest' });
  }
}

customElements.define('select-menu', SelectMenu);
