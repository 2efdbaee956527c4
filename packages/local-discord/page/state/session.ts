import * as api from '../api.js';
import { listen } from '../events.js';
import type { LocalState, ServerEvent } from '../types.js';
import { describe, type Interactions } from './interactions.js';
import { recall, recallIds, remember } from './memory.js';
import { applyEvent } from './reduce.js';
import type { Pending, Store } from './store.js';

/**
 * One person looking at the server: loads what they may see and follows the event stream. Every
 * outcome ends in the store; no method throws.
 */
export class Session {
  private stopListening: () => void = () => {};
  /** Grows with every load, so that an answer to an older one is not shown over a newer one. */
  private generation = 0;

  constructor(
    readonly store: Store,
    private readonly interactions: Interactions,
    private readonly now: () => number = Date.now,
  ) {}

  private get state() {
    return this.store.state;
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

  /** Reads how an interaction ended whose event may have been missed; one nobody knows any more failed. */
  private async askFor(pending: Pending): Promise<void> {
    if (pending.id === null || pending.state === 'failed') return;
    const { state } = await api.fetchInteraction(pending.id).catch((error: unknown) => {
      if (error instanceof api.ApiError && error.status === 404) return { state: 'failed' as const };
      throw error;
    });
    if (state === 'pending') return;
    this.apply({ type: 'interaction', id: pending.id, state, channel_id: pending.channel });
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
    if (event.nonce !== undefined && !this.interactions.isOurs(event.nonce)) return;
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

  private note(error: unknown): void {
    this.store.change((state) => {
      state.notice = describe(error);
    });
  }
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
