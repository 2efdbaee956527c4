import { LitElement, type PropertyValues } from 'lit';
import { describe } from '../state/interactions.js';
import type { Choice, Command, LocalState, SentOption } from '../types.js';
import { autocompleteAsker } from './asker.js';
import type { Draft, Place } from './draft.js';
import { addField, fieldOf, newDraft, nextPlace, pickChoice, removeField, setText } from './draft.js';
import type { CommandEntry } from './entries.js';
import { commandEntries } from './entries.js';
import { Keyboard } from './keyboard.js';
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
  /** Told whenever a command with choices of the bot's begins to be written, or no longer is. */
  picking?(on: boolean): void;
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
    dmBot: { attribute: false },
  };
  declare local: LocalState | null;
  declare host: ComposerHost | null;
  /** "#trading", or "@bot" in a direct message. */
  declare channelName: string;
  /** Whose direct messages these are; '' in a channel. */
  declare dmBot: string;

  text = '';
  draft: Draft | null = null;
  place: Place = 'tail';
  tail = '';
  /** Suggestion highlighted with the arrow keys; null = the list's own default. */
  chosen: number | null = null;
  listOpen = false;
  error = '';
  errors = new Map<string, string>();
  private asked: Asked | null = null;
  private focusWanted = false;
  private entriesFor: Command[] | null = null;
  private entriesDm = '';
  private entriesCache: CommandEntry[] = [];

  private readonly keyboard = new Keyboard(this);
  private readonly ask = autocompleteAsker({
    complete: (entry, options, signal) => this.host?.complete(entry, options, signal) ?? Promise.resolve([]),
    onAnswer: (asked) => {
      this.asked = asked;
      this.requestUpdate();
      if (asked.state !== 'loading') this.keyboard.replay();
    },
  });

  constructor() {
    super();
    this.local = null;
    this.host = null;
    this.channelName = '';
    this.dmBot = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  get entries(): CommandEntry[] {
    const commands = this.local?.commands ?? [];
    if (commands !== this.entriesFor || this.dmBot !== this.entriesDm) {
      this.entriesFor = commands;
      this.entriesDm = this.dmBot;
      this.entriesCache = commandEntries(commands, this.dmBot);
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
    this.keyboard.forget();
    this.chosen = null;
    this.listOpen = false;
    this.ask.cancel();
    this.host?.picking?.(false);
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
    this.keyboard.forget();
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
      this.keyboard.forget();
    }
    this.listOpen = true;
    this.askBot();
    this.requestUpdate();
  }

  /** Focus went elsewhere on the page: the list closes, what was written stays. */
  onLeave(to: EventTarget | null): void {
    if (to instanceof Node && this.contains(to)) return;
    this.listOpen = false;
    this.keyboard.forget();
    this.requestUpdate();
  }

  onKey(event: KeyboardEvent): void {
    if (!event.isComposing && this.keyboard.handles(event)) event.preventDefault();
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

  /** The command whose whole name stands in the plain box, if it is one. */
  typedEntry(): CommandEntry | undefined {
    return this.entries.find(({ label }) => `/${label}` === this.text.trim());
  }

  /** Takes the command back into plain text, so that another can be typed. */
  toText(): void {
    const label = this.draft?.entry.label ?? '';
    this.clear();
    this.text = `/${label}`;
    this.listOpen = true;
  }

  removeOption(name: string): void {
    if (!this.draft) return;
    this.begin(removeField(this.draft, name));
  }

  /** Shows `draft` with the caret at `place` (default: where something is missing, else the end). */
  begin(draft: Draft, place: Place = nextPlace(draft)): void {
    this.draft = draft;
    this.place = place;
    this.text = '';
    this.tail = '';
    this.error = '';
    this.chosen = null;
    this.listOpen = true;
    this.host?.picking?.(draft.fields.some(({ option }) => option.autocomplete));
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
