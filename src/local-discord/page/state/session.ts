import * as api from '../api.js';
import type { CommandEntry } from '../composer/entries.js';
import { listen } from '../events.js';
import type { Choice, LocalState, SentOption, ServerEvent } from '../types.js';
import { recall, recallIds, remember } from './memory.js';
import { applyEvent, fail, settle } from './reduce.js';
import type { Pending, Store } from './store.js';

/**
 * One person looking at the server: loads what they may see, follows the event stream, and carries out
 * what they press. Every outcome ends in the store; no method throws, except `complete` and `send…` for
 * the composer, which shows the refusal itself.
 */
export class Session {
  private stopListening: () => void = () => {};
  /** Grows with every load, so that an answer to an older one is not shown over a newer one. */
  private generation = 0;

  constructor(
    readonly store: Store,
    private readonly now: () => number = Date.now,
  ) {}

  private get state() {
    return this.store.state;
  }

  private from(nonce?: string): api.Sender {
    const sender = { user: this.state.user, channel_id: this.state.channel };
    return nonce ? { ...sender, nonce } : sender;
  }

  /** Shows the server as `user` (an id, a label such as "viewer", or '' for the default) and follows it. */
  async start(user: string): Promise<void> {
    const generation = ++this.generation;
    this.stopListening();
    this.store.change((state) => {
      state.link = 'connecting';
      state.pending.clear();
      state.typing.clear();
      state.modal = null;
    });
    try {
      const local = await stateFor(user);
      if (generation !== this.generation) return;
      remember('user', local.me.id);
      this.store.change((state) => {
        Object.assign(state, { local, user: local.me.id, messages: [], loadedChannel: '', notice: '' });
        state.dismissed = new Set(recallIds(`dismissed:${local.me.id}`));
        state.channel = usableChannel(state.channel || recall('channel') || '', local);
      });
      this.follow(generation);
    } catch (error) {
      this.store.change((state) => {
        state.link = 'lost';
        state.notice = describe(error);
      });
      window.setTimeout(() => generation === this.generation && void this.start(user), 1_500);
    }
  }

  private follow(generation: number): void {
    this.stopListening = listen(this.state.user, {
      onOpen: () => void this.catchUp(generation),
      onLost: () =>
        this.store.change((state) => {
          state.link = 'lost';
        }),
      onEvent: (event) => this.receive(event),
    });
  }

  /** After every (re)connection: what happened while nobody listened is read again. */
  private async catchUp(generation: number): Promise<void> {
    try {
      const local = await api.fetchState(this.state.user);
      if (generation !== this.generation) return;
      this.store.change((state) => {
        state.local = local;
        state.link = 'live';
        state.notice = '';
      });
      await this.loadMessages();
      await Promise.all([...this.state.pending.values()].map((pending) => this.askFor(pending)));
    } catch (error) {
      this.note(error);
    }
  }

  /** Reads how an interaction ended whose event may have been missed. */
  private async askFor(pending: Pending): Promise<void> {
    if (pending.id === null || pending.state === 'failed') return;
    const { state } = await api.fetchInteraction(pending.id);
    if (state === 'pending') return;
    const event = { type: 'interaction', id: pending.id, state, channel_id: pending.channel } as const;
    this.apply(event);
  }

  private receive(event: ServerEvent): void {
    if (event.type === 'reset') void this.start(this.state.user);
    else if (event.type === 'modal') this.openModal(event);
    else this.apply(event);
  }

  private apply(event: ServerEvent): void {
    this.store.change((state) => {
      applyEvent(state, event, this.now());
      if (event.type === 'channels' && state.local) {
        const channel = usableChannel(state.channel, state.local);
        if (channel !== state.channel) void this.openChannel(channel);
      }
    });
  }

  private openModal(event: Extract<ServerEvent, { type: 'modal' }>): void {
    // Another tab of the same person began it: the modal belongs there.
    if (event.nonce !== undefined && !this.nonces.has(event.nonce)) return;
    this.store.change((state) => {
      state.modal = { ...event, channel: state.channel, sending: false, error: '' };
    });
  }

  async openChannel(channel: string): Promise<void> {
    remember('channel', channel);
    this.store.change((state) => {
      state.channel = channel;
      state.sidebarOpen = false;
      state.typing.clear();
      state.unread.delete(channel);
    });
    try {
      await this.loadMessages();
    } catch (error) {
      this.note(error);
    }
  }

  private async loadMessages(): Promise<void> {
    const { channel, user } = this.state;
    if (!channel) return;
    const messages = await api.fetchMessages(channel, user);
    if (channel !== this.state.channel || user !== this.state.user) return;
    this.store.change((state) => {
      Object.assign(state, { messages, loadedChannel: channel });
    });
  }

  /** Sends a message; rejects with the server's reason. */
  async sendText(content: string): Promise<void> {
    await api.sendMessage(this.from(), content);
    this.welcomeUsed();
  }

  /** Sends a command; rejects with the server's reason when nothing reached the bot. */
  async sendCommand(entry: CommandEntry, options: SentOption[]): Promise<void> {
    const pending = this.begin('command', { name: entry.label });
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

  closeModal(): void {
    this.store.change((state) => {
      state.modal = null;
    });
  }

  dismiss(messageId: string): void {
    this.store.change((state) => {
      state.dismissed.add(messageId);
      remember(`dismissed:${state.user}`, JSON.stringify([...state.dismissed].slice(-200)));
    });
  }

  dismissPending(nonce: string): void {
    this.store.change((state) => state.pending.delete(nonce));
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
    const blank = { name: '', messageId: '', customId: '', error: '', id: null, state: 'sent' } as const;
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

  private note(error: unknown): void {
    this.store.change((state) => {
      state.notice = describe(error);
    });
  }
}

export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The server as `user` sees it; someone it does not know (any more) becomes its default user. */
async function stateFor(user: string): Promise<LocalState> {
  const isId = /^\d+$/.test(user);
  try {
    const local = await api.fetchState(isId ? user : '');
    const labelled = isId
      ? undefined
      : local.users.find(({ label }) => label !== undefined && label === user);
    return labelled ? await api.fetchState(labelled.id) : local;
  } catch (error) {
    if (error instanceof api.ApiError && error.status >= 400 && error.status < 500 && isId)
      return api.fetchState('');
    throw error;
  }
}

/** `wanted` if this user may see it, else the first text channel. */
function usableChannel(wanted: string, local: LocalState): string {
  const ids = [...local.channels.filter(({ type }) => type !== 4), ...local.dms.map(dmAsChannel)].map(
    ({ id }) => id,
  );
  return ids.includes(wanted) ? wanted : (ids[0] ?? '');
}

function dmAsChannel(dm: { channel_id: string }): { id: string } {
  return { id: dm.channel_id };
}
