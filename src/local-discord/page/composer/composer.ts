import { LitElement, type PropertyValues } from 'lit';
import { describe } from '../state/session.js';
import type { Choice, Command, LocalState, SentOption } from '../types.js';
import { autocompleteAsker } from './asker.js';
import type { Draft, Place } from './draft.js';
import { addField, fieldOf, newDraft, nextPlace, pickChoice, removeField, setText } from './draft.js';
import type { CommandEntry } from './entries.js';
import { commandEntries } from './entries.js';
import { listedValues } from './lists.js';
import type { Asked, Item, Suggestions } from './suggestions.js';
import { askedKey, NOTHING, suggestCommands, suggestForDraft } from './suggestions.js';
import { readOptions, readTyped, readWithin } from './typed.js';
import { buildOptions, focusedOptions } from './values.js';
import { composerView } from './view.js';

/** What the composer asks of the page; each rejects with the reason to show. */
export interface ComposerHost {
  sendText(content: string): Promise<void>;
  sendCommand(entry: CommandEntry, options: SentOption[]): Promise<void>;
  complete(entry: CommandEntry, options: SentOption[], signal: AbortSignal): Promise<Choice[]>;
}

/**
 * The message box: plain text, or a slash command being filled in. It renders into the page itself (no
 * shadow root), so the page's styles and labels apply.
 */
export class ChatComposer extends LitElement {
  static override properties = {
    local: { attribute: false },
    host: { attribute: false },
    channelName: { attribute: false },
  };
  declare local: LocalState | null;
  declare host: ComposerHost | null;
  declare channelName: string;

  text = '';
  draft: Draft | null = null;
  place: Place = 'tail';
  tail = '';
  /** Highlighted suggestion; null = the list's own default. */
  private chosen: number | null = null;
  listOpen = false;
  error = '';
  errors = new Map<string, string>();
  private asked: Asked | null = null;
  /** Enter/Tab presses made while the bot's choices were still on their way; replayed when they arrive. */
  private held: string[] = [];
  private focusWanted = false;
  private entriesFor: Command[] | null = null;
  private entriesCache: CommandEntry[] = [];

  private readonly ask = autocompleteAsker({
    complete: (entry, options, signal) => this.host?.complete(entry, options, signal) ?? Promise.resolve([]),
    onAnswer: (asked) => {
      this.asked = asked;
      this.requestUpdate();
      if (asked.state !== 'loading') this.replayHeld();
    },
  });

  constructor() {
    super();
    this.local = null;
    this.host = null;
    this.channelName = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  get entries(): CommandEntry[] {
    const commands = this.local?.commands ?? [];
    if (commands !== this.entriesFor) {
      this.entriesFor = commands;
      this.entriesCache = commandEntries(commands);
    }
    return this.entriesCache;
  }

  readonly lookup = (option: Parameters<typeof listedValues>[0]): Choice[] =>
    listedValues(option, this.local);

  suggestions(): Suggestions {
    if (!this.listOpen) return NOTHING;
    if (!this.draft) return suggestCommands(this.text, this.entries);
    return suggestForDraft(this.draft, this.place, this.tail, this.asked, this.lookup);
  }

  /** Index of the highlighted suggestion, -1 for none. */
  active(list: Suggestions): number {
    return Math.min(this.chosen ?? list.first, list.items.length - 1);
  }

  /** Starts the named command (or types it, if the bot has not registered it) and takes the focus. */
  fill(label: string): void {
    const entry = this.entries.find((candidate) => candidate.label === label);
    this.clear();
    if (entry) this.begin(newDraft(entry));
    else this.text = `/${label}`;
    this.listOpen = true;
    this.wantFocus();
  }

  /** Empties the box. */
  clear(): void {
    this.text = '';
    this.tail = '';
    this.draft = null;
    this.place = 'tail';
    this.error = '';
    this.errors = new Map();
    this.held = [];
    this.chosen = null;
    this.listOpen = false;
    this.ask.cancel();
    this.requestUpdate();
  }

  wantFocus(): void {
    this.focusWanted = true;
    this.requestUpdate();
  }

  /** The plain text box changed. */
  onText(text: string): void {
    this.text = text;
    this.error = '';
    this.chosen = null;
    this.listOpen = true;
    const typed = readTyped(text, this.entries);
    if (typed) this.begin(typed.draft, typed.place);
    this.requestUpdate();
  }

  /** An option's field changed. */
  onField(name: string, text: string): void {
    if (!this.draft) return;
    this.chosen = null;
    this.listOpen = true;
    this.held = [];
    this.errors.delete(name);
    this.error = '';
    const split = readWithin(this.draft, name, text);
    if (split) {
      this.begin(split.draft, split.place);
      return;
    }
    this.draft = setText(this.draft, name, text);
    this.askBot();
    this.requestUpdate();
  }

  /** The box behind the last option changed. */
  onTail(text: string): void {
    if (!this.draft) return;
    this.tail = text;
    this.chosen = null;
    this.listOpen = true;
    this.error = '';
    const named = /(^|\s)([\p{L}\p{N}_-]{1,32}):/u.exec(text)?.[2];
    if (named && this.draft.entry.options.some((option) => option.name === named)) {
      const typed = readOptions(this.draft, text);
      this.begin(typed.draft, typed.place);
    }
    this.requestUpdate();
  }

  onFocus(place: Place): void {
    const moved = JSON.stringify(place) !== JSON.stringify(this.place);
    this.place = place;
    if (moved) {
      this.chosen = null;
      this.held = [];
    }
    this.listOpen = true;
    this.askBot();
    this.requestUpdate();
  }

  /** Focus went elsewhere on the page: the list closes, what was written stays. */
  onLeave(to: EventTarget | null): void {
    if (to instanceof Node && this.contains(to)) return;
    this.listOpen = false;
    this.held = [];
    this.requestUpdate();
  }

  onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const list = this.suggestions();
    const handled = this.keyHandled(event, list);
    if (handled) event.preventDefault();
  }

  private keyHandled(event: KeyboardEvent, list: Suggestions): boolean {
    const forward = event.key === 'Enter' ? !event.shiftKey : event.key === 'Tab' && !event.shiftKey;
    if (forward) return this.forward(event.key, list);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      return this.move(event.key === 'ArrowDown' ? 1 : -1, list);
    }
    if (event.key === 'Escape') return this.escape(list);
    if (event.key === 'Backspace') return this.backspace();
    return false;
  }

  /** Enter and Tab: pick what is highlighted; Enter sends when nothing is. */
  private forward(key: string, list: Suggestions): boolean {
    if (list.waiting && (this.fieldText() !== '' || this.held.length > 0 || key === 'Enter')) {
      this.held.push(key);
      return true;
    }
    if (key === 'Enter' && this.completeAsTyped()) {
      void this.send();
      return true;
    }
    const item = list.items[this.active(list)];
    if (item) {
      this.pick(item);
      return true;
    }
    if (key === 'Enter') void this.send();
    return key === 'Enter';
  }

  private fieldText(): string {
    return this.draft && this.place !== 'tail' ? (fieldOf(this.draft, this.place.field)?.text ?? '') : '';
  }

  /**
   * Enter has nothing left to pick: a command without options typed in full is sent at once, and so is a
   * draft whose current value was picked before.
   */
  private completeAsTyped(): boolean {
    if (this.draft && this.place !== 'tail') {
      return fieldOf(this.draft, this.place.field)?.picked != null && this.chosen === null;
    }
    const entry = this.draft ? undefined : this.typedEntry();
    if (!entry || entry.options.length > 0 || this.chosen !== null) return false;
    this.draft = newDraft(entry);
    return true;
  }

  private typedEntry(): CommandEntry | undefined {
    return this.entries.find(({ label }) => `/${label}` === this.text.trim());
  }

  private replayHeld(): void {
    const keys = this.held;
    this.held = [];
    for (const key of keys) this.forward(key, this.suggestions());
  }

  private move(step: 1 | -1, list: Suggestions): boolean {
    if (!this.listOpen) {
      this.listOpen = true;
      this.requestUpdate();
      return this.suggestions().items.length > 0;
    }
    const count = list.items.length;
    if (count === 0) return false;
    const from = this.active(list);
    this.chosen = from < 0 && step < 0 ? count - 1 : (from + step + count) % count;
    this.requestUpdate();
    return true;
  }

  /** Esc closes the list first, then gives the command up. */
  private escape(list: Suggestions): boolean {
    if (this.listOpen && (list.items.length > 0 || list.note !== '')) this.listOpen = false;
    else if (this.draft) {
      this.clear();
      this.wantFocus();
    } else return false;
    this.requestUpdate();
    return true;
  }

  /** At the start of an empty field Backspace takes the field out, then the command itself. */
  private backspace(): boolean {
    if (!this.draft) return false;
    if (this.place === 'tail') {
      if (this.tail !== '') return false;
      const last = this.draft.fields.at(-1);
      if (last) this.place = { field: last.option.name };
      else this.toText();
    } else {
      const field = fieldOf(this.draft, this.place.field);
      if (field?.text !== '') return false;
      if (field.option.required) this.toText();
      else {
        this.draft = removeField(this.draft, field.option.name);
        this.place = 'tail';
      }
    }
    this.wantFocus();
    return true;
  }

  private toText(): void {
    const label = this.draft?.entry.label ?? '';
    this.clear();
    this.text = `/${label}`;
    this.listOpen = true;
  }

  pick(item: Item): void {
    if (item.kind === 'command') this.begin(newDraft(item.entry));
    else if (item.kind === 'option' && this.draft) {
      const name = item.option.name;
      this.begin(addField(this.draft, name), { field: name });
    } else if (item.kind === 'choice' && this.draft && this.place !== 'tail') {
      const draft = pickChoice(this.draft, this.place.field, item.choice);
      this.errors.delete(this.place.field);
      this.begin(draft);
    }
  }

  removeOption(name: string): void {
    if (!this.draft) return;
    this.begin(removeField(this.draft, name));
  }

  /** Shows `draft` with the caret at `place` (default: where something is missing, else the end). */
  private begin(draft: Draft, place: Place = nextPlace(draft)): void {
    this.draft = draft;
    this.place = place;
    this.text = '';
    this.tail = '';
    this.error = '';
    this.chosen = null;
    this.listOpen = true;
    this.askBot();
    this.wantFocus();
  }

  private askBot(): void {
    const { draft, place } = this;
    if (!draft || place === 'tail') return;
    const field = fieldOf(draft, place.field);
    if (!field?.option.autocomplete || field.picked) return;
    const key = askedKey(place.field, field.text);
    this.ask.start(key, draft.entry, focusedOptions(draft, place.field, this.lookup));
  }

  async send(): Promise<void> {
    if (this.draft) return this.sendDraft(this.draft);
    const content = this.text.trim();
    if (content === '') return;
    if (content.startsWith('/')) {
      const entry = this.typedEntry();
      if (entry) return this.begin(newDraft(entry));
      this.error = `There is no command ${content.split(' ')[0]}. Type / to see the list.`;
      return this.requestUpdate();
    }
    this.clear();
    await this.host
      ?.sendText(content)
      .catch((error: unknown) => this.refused(error, () => this.onText(content)));
  }

  private async sendDraft(draft: Draft): Promise<void> {
    const stray = this.tail.trim();
    if (stray !== '') {
      this.error = `This command has no option "${stray}".`;
      return this.requestUpdate();
    }
    const built = buildOptions(draft, this.lookup);
    if (!built.ok) return this.showErrors(built.errors);
    this.clear();
    this.wantFocus();
    await this.host
      ?.sendCommand(draft.entry, built.options)
      .catch((error: unknown) => this.refused(error, () => this.begin(draft, 'tail')));
  }

  /** Nothing was sent: the reason is shown and the words come back, unless new ones were begun. */
  private refused(error: unknown, restore: () => void): void {
    if (!this.draft && this.text === '') restore();
    this.error = describe(error);
    this.listOpen = false;
    this.requestUpdate();
  }

  private showErrors(errors: Map<string, string>): void {
    const [name, reason] = [...errors][0] ?? ['', ''];
    this.errors = errors;
    this.error = `${name}: ${reason}`;
    this.place = { field: name };
    this.askBot();
    this.wantFocus();
  }

  protected override render(): unknown {
    return composerView(this);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.querySelector('[role=option][aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
    if (!this.focusWanted) return;
    this.focusWanted = false;
    const input = this.querySelector<HTMLInputElement | HTMLTextAreaElement>('[data-current]');
    input?.focus();
    input?.setSelectionRange(input.value.length, input.value.length);
  }
}

customElements.define('chat-composer', ChatComposer);
