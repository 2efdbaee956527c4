import type { InteractionEvent, Message, ServerEvent } from '../types.js';
import { MessageFlag } from '../types.js';
import type { AppState, Pending } from './store.js';

const TYPING_MS = 10_000;
/** Discord's words for an interaction the bot did not answer in time. */
export const NO_RESPONSE = 'The application did not respond';

/** Applies one event of the stream. `modal` and `reset` need requests and are handled by the session. */
export function applyEvent(state: AppState, event: ServerEvent, nowMs: number): void {
  switch (event.type) {
    case 'message_create':
    case 'message_update':
      applyMessage(state, event.message);
      return;
    case 'message_delete':
      state.messages = state.messages.filter((message) => message.id !== event.id);
      return;
    case 'interaction':
      applyInteraction(state, event);
      return;
    case 'typing':
      if (event.channel_id === state.channel) state.typing.set(event.user, nowMs + TYPING_MS);
      return;
    case 'commands':
      if (state.local) state.local = { ...state.local, commands: event.commands };
      return;
    case 'channels':
      if (state.local) state.local = { ...state.local, channels: event.channels, dms: event.dms };
      return;
    case 'bot_status':
      applyBotStatus(state, event.bot, event.online);
      return;
  }
}

function applyMessage(state: AppState, message: Message): void {
  if (message.channel_id !== state.loadedChannel) {
    state.unread.add(message.channel_id);
    return;
  }
  state.typing.delete(message.author.id);
  state.messages = withMessage(state.messages, message);
  forgetAnswered(state, message);
}

/** Replaces the message of that id in place, else inserts it by id (snowflakes sort by time). */
export function withMessage(messages: Message[], message: Message): Message[] {
  const at = messages.findIndex((known) => known.id === message.id);
  if (at >= 0) return messages.with(at, message);
  const after = messages.findIndex((known) => laterId(known.id, message.id));
  return after < 0 ? [...messages, message] : messages.toSpliced(after, 0, message);
}

function laterId(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}

/** An answer on screen ends the wait for it, also when it overtakes the `acked` event. */
function forgetAnswered(state: AppState, message: Message): void {
  const answered = message.interaction_metadata?.id;
  for (const pending of state.pending.values()) {
    if (pending.id !== null && pending.id === answered) settle(state, pending);
  }
}

function applyInteraction(state: AppState, event: InteractionEvent): void {
  const pending = findPending(state, event.id, event.nonce);
  if (!pending) return;
  pending.id = event.id;
  if (event.state === 'acked') settle(state, pending);
  if (event.state === 'failed') fail(state, pending, NO_RESPONSE);
}

function findPending(state: AppState, id: string, nonce?: string): Pending | undefined {
  if (nonce !== undefined && state.pending.has(nonce)) return state.pending.get(nonce);
  return [...state.pending.values()].find((pending) => pending.id === id);
}

/** The bot answered: nothing is waited for any more, and a modal that was being sent closes. */
export function settle(state: AppState, pending: Pending): void {
  state.pending.delete(pending.nonce);
  if (pending.kind === 'modal' && state.modal?.interaction_id === pending.messageId) state.modal = null;
}

/** Says that it failed where it began: in the channel, under the message, or in the open modal. */
export function fail(state: AppState, pending: Pending, reason: string): void {
  if (pending.kind === 'modal') {
    state.pending.delete(pending.nonce);
    if (state.modal?.interaction_id !== pending.messageId) return;
    state.modal = { ...state.modal, sending: false, error: reason };
    return;
  }
  state.pending.set(pending.nonce, { ...pending, state: 'failed', error: reason });
}

function applyBotStatus(state: AppState, bot: string, online: boolean): void {
  if (!state.local) return;
  const bots = state.local.bots.map((known) => (known.id === bot ? { ...known, online } : known));
  state.local = { ...state.local, bots };
}

export function isEphemeral(message: Message): boolean {
  return ((message.flags ?? 0) & MessageFlag.Ephemeral) !== 0;
}
