import type { ChatComposer } from './composer.js';
import { fieldOf, newDraft, removeField } from './draft.js';
import type { Suggestions } from './suggestions.js';

/** What the keys do in the message box. Each handler says whether the key was used up. */
export class Keyboard {
  /** Enter/Tab presses made while the bot's choices were still on their way; replayed when they arrive. */
  private held: string[] = [];

  constructor(private readonly box: ChatComposer) {}

  handles(event: KeyboardEvent): boolean {
    const list = this.box.suggestions();
    switch (event.key) {
      case 'Enter':
      case 'Tab':
        return !event.shiftKey && this.forward(event.key, list);
      case 'ArrowDown':
        return this.move(1, list);
      case 'ArrowUp':
        return this.move(-1, list);
      case 'Escape':
        return this.escape(list);
      case 'Backspace':
        return this.backspace();
      default:
        return false;
    }
  }

  /** Gives held presses up: something else was typed, or the focus went elsewhere. */
  forget(): void {
    this.held = [];
  }

  replay(): void {
    const keys = this.held;
    this.held = [];
    for (const key of keys) this.forward(key, this.box.suggestions());
  }

  /**
   * Enter and Tab: pick what is highlighted; Enter sends when nothing is. While the choices for the typed
   * text are awaited the press is held, as what is listed belongs to an earlier text.
   */
  private forward(key: string, list: Suggestions): boolean {
    if (list.waiting && (key === 'Enter' || this.fieldText() !== '')) {
      this.held.push(key);
      return true;
    }
    if (key === 'Enter' && this.isComplete()) {
      void this.box.send();
      return true;
    }
    const item = list.items[this.box.active(list)];
    if (item) this.box.pick(item);
    else if (key === 'Enter') void this.box.send();
    return item !== undefined || key === 'Enter';
  }

  private fieldText(): string {
    const { draft, place } = this.box;
    return draft && place !== 'tail' ? (fieldOf(draft, place.field)?.text ?? '') : '';
  }

  /**
   * Enter has nothing left to pick: the current value was picked before, or a command without options
   * was typed in full (it becomes the draft to send).
   */
  private isComplete(): boolean {
    const { draft, place, chosen } = this.box;
    if (chosen !== null) return false;
    if (draft) return place !== 'tail' && fieldOf(draft, place.field)?.picked != null;
    const entry = this.box.typedEntry();
    if (!entry || entry.options.length > 0) return false;
    this.box.draft = newDraft(entry);
    return true;
  }

  private move(step: 1 | -1, list: Suggestions): boolean {
    const { box } = this;
    if (!box.listOpen) {
      box.listOpen = true;
      box.requestUpdate();
      return box.suggestions().items.length > 0;
    }
    const count = list.items.length;
    if (count === 0) return false;
    const from = box.active(list);
    box.chosen = from < 0 && step < 0 ? count - 1 : (from + step + count) % count;
    box.requestUpdate();
    return true;
  }

  /** Esc closes the list first, then gives the command up. */
  private escape(list: Suggestions): boolean {
    const { box } = this;
    const listed = list.items.length > 0 || list.note !== '';
    if (!listed && !box.draft) return false;
    if (listed) box.listOpen = false;
    else {
      box.clear();
      box.wantFocus();
    }
    box.requestUpdate();
    return true;
  }

  /** In an empty field Backspace takes the field out, then the command itself. */
  private backspace(): boolean {
    const { box } = this;
    if (!box.draft || this.fieldText() !== '' || box.tail !== '') return false;
    if (box.place === 'tail') {
      const last = box.draft.fields.at(-1);
      if (last) box.place = { field: last.option.name };
      else box.toText();
    } else if (fieldOf(box.draft, box.place.field)?.option.required) box.toText();
    else {
      box.draft = removeField(box.draft, box.place.field);
      box.place = 'tail';
    }
    box.wantFocus();
    return true;
  }
}
