import * as api from '../api.js';
import type { CommandEntry } from '../composer/entries.js';
import type { Choice, SentOption } from '../types.js';
import { remember } from './memory.js';
import { fail, settle } from './reduce.js';
import type { Pending, Store } from './store.js';

/**
 * What a person does: write, use a command, press, choose, fill a form. Outcomes end in the store, or
 * arrive there as events; `send…` and `complete` also reject, as the composer shows the refusal itself.
 */
export class Interactions {
  constructor(
    private readonly store: Store,
    private readonly now: () => number = Date.now,
  ) {}

  private get state() {
    return this.store.state;
  }

  private from(nonce?: string): api.Sender {
    const sender = { user: this.state.user, channel_id: this.state.channel };
    return nonce ? { ...sender, nonce } : sender;
  }

  /** Sends a message; rejects with the server's reason. */
  async sendText(content: string): Promise<void> {
    await api.sendMessage(this.from(), content);
    this.welcomeUsed();
  }

  /** Sends a command; rejects with the server's reason when nothing reached the bot. */
  async sendCommand(entry: CommandEntry, options: SentOption[]): Promise<void> {
    const pending = this.begin('command', { name: entry.label, bot: entry.command.application_id ?? '' });
    try {
      this.took(pending, await api.sendCommand(this.from(pending.nonce), entry.command, entry.wrap(options)));
      this.welcomeUsed();
    } catch (error) {
      this.store.change((state) => state.pending.delete(pending.nonce));
      throw error;
    }
  }

  /** The bot's choices for the option marked `focused`; rejects when it does not answer. */
  async complete(entry: CommandEntry, options: SentOption[], signal: AbortSignal): Promise<Choice[]> {
    const answer = await api.autocomplete(this.from(), entry.command, entry.wrap(options), signal);
    return answer.choices;
  }

  async press(messageId: string, customId: string, values?: string[]): Promise<void> {
    const pending = this.begin('component', { messageId, customId });
    try {
      this.took(pending, await api.useComponent(this.from(pending.nonce), messageId, customId, values));
    } catch (error) {
      this.store.change((state) => fail(state, pending, describe(error)));
    }
  }

  async submitModal(fields: Record<string, string | string[]>): Promise<void> {
    const modal = this.state.modal;
    if (!modal || modal.sending) return;
    const pending = this.begin('modal', { messageId: modal.interaction_id, customId: modal.custom_id });
    this.store.change((state) => {
      state.modal = { ...modal, sending: true, error: '' };
    });
    try {
      const from = { ...this.from(pending.nonce), channel_id: modal.channel };
      this.took(pending, await api.submitModal(from, modal.interaction_id, modal.custom_id, fields));
    } catch (error) {
      this.store.change((state) => fail(state, pending, describe(error)));
    }
  }

  /** The welcome card has done its work once something was sent; it stays reachable by its button. */
  welcomeUsed(): void {
    remember('welcome', 'used');
    this.store.change((state) => {
      state.welcomeOpen = false;
    });
  }

  private readonly nonces = new Set<string>();

  private begin(kind: Pending['kind'], about: Partial<Pending>): Pending {
    const nonce = `${this.now()}${Math.floor(Math.random() * 1e9)}`.slice(0, 25);
    this.nonces.add(nonce);
    const blank = {
      name: '',
      bot: '',
      messageId: '',
      customId: '',
      error: '',
      id: null,
      state: 'sent',
    } as const;
    const pending: Pending = {
      ...blank,
      nonce,
      kind,
      channel: this.state.channel,
      startedAt: this.now(),
      ...about,
    };
    this.store.change((state) => {
      // A new press on the same message replaces the failure shown for the last one.
      for (const old of state.pending.values()) {
        if (old.state === 'failed' && old.kind === kind && old.messageId === pending.messageId) {
          if (kind === 'component') state.pending.delete(old.nonce);
        }
      }
      state.pending.set(nonce, pending);
    });
    return pending;
  }

  private took(pending: Pending, { interaction_id }: api.Started): void {
    this.store.change((state) => {
      if (pending.kind === 'command') state.commandNames.set(interaction_id, pending.name);
      const known = state.pending.get(pending.nonce);
      if (!known) return;
      known.id = interaction_id;
      const answered = state.messages.some((message) => message.interaction_metadata?.id === interaction_id);
      if (answered) settle(state, known);
    });
  }

  /** Whether an interaction of that nonce began on this page (and not in another tab). */
  isOurs(nonce: string): boolean {
    return this.nonces.has(nonce);
  }
}

export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
