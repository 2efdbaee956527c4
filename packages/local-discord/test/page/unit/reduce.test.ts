import { describe, expect, it } from 'vitest';
import { applyEvent, NO_RESPONSE, withMessage } from '../../../page/state/reduce.js';
import { type AppState, initialState, type Pending } from '../../../page/state/store.js';
import type { Message } from '../../../page/types.js';

const CHANNEL = '100000000000000001';
const message = (id: string, over: Partial<Message> = {}): Message => ({
  id,
  channel_id: CHANNEL,
  author: { id: '5', username: 'bot' },
  content: '',
  timestamp: '2026-01-01T00:00:00Z',
  ...over,
});
const pending = (over: Partial<Pending>): Pending => ({
  nonce: 'n1',
  id: null,
  kind: 'command',
  channel: CHANNEL,
  state: 'sent',
  name: 'targets',
  bot: '5',
  messageId: '',
  customId: '',
  error: '',
  startedAt: 0,
  ...over,
});
function looking(over: Partial<AppState> = {}): AppState {
  return { ...initialState(), channel: CHANNEL, loadedChannel: CHANNEL, ...over };
}

describe('messages', () => {
  it('are kept in the order of their ids, however they arrive', () => {
    const ids = ['1000', '999', '1001', '998'];
    const sorted = ids.reduce<Message[]>((list, id) => withMessage(list, message(id)), []);
    expect(sorted.map(({ id }) => id)).toEqual(['998', '999', '1000', '1001']);
  });

  it('are replaced, not doubled, by an update', () => {
    const state = looking({ messages: [message('1'), message('2')] });
    applyEvent(state, { type: 'message_update', message: message('1', { content: 'new' }) }, 0);
    expect(state.messages.map(({ content }) => content)).toEqual(['new', '']);
  });

  it('of another channel only mark it unread', () => {
    const state = looking();
    applyEvent(state, { type: 'message_create', message: message('1', { channel_id: '7' }) }, 0);
    expect(state.messages).toEqual([]);
    expect([...state.unread]).toEqual(['7']);
  });

  it('end the wait for the interaction they answer', () => {
    const state = looking({ pending: new Map([['n1', pending({ id: '42' })]]) });
    const answer = message('1', { interaction_metadata: { id: '42', type: 2 } });
    applyEvent(state, { type: 'message_create', message: answer }, 0);
    expect(state.pending.size).toBe(0);
  });
});

describe('an interaction', () => {
  const event = { type: 'interaction', id: '42', nonce: 'n1', channel_id: CHANNEL } as const;

  it('is known by its nonce before its id is', () => {
    const state = looking({ pending: new Map([['n1', pending({})]]) });
    applyEvent(state, { ...event, state: 'pending' }, 0);
    expect(state.pending.get('n1')?.id).toBe('42');
    applyEvent(state, { ...event, state: 'acked' }, 0);
    expect(state.pending.size).toBe(0);
  });

  it('that failed stays, with the words Discord uses', () => {
    const state = looking({ pending: new Map([['n1', pending({})]]) });
    applyEvent(state, { ...event, state: 'failed' }, 0);
    expect(state.pending.get('n1')).toMatchObject({ state: 'failed', error: NO_RESPONSE });
  });

  it('of a form that failed keeps the form open and says why', () => {
    const modal = { interaction_id: '9', custom_id: 'm', title: '', components: [], channel: CHANNEL };
    const state = looking({
      modal: { ...modal, sending: true, error: '' },
      pending: new Map([['n1', pending({ kind: 'modal', messageId: '9' })]]),
    });
    applyEvent(state, { ...event, state: 'failed' }, 0);
    expect(state.modal).toMatchObject({ sending: false, error: NO_RESPONSE });
    expect(state.pending.size).toBe(0);
  });

  it('of a form closes it when the answer overtakes the acknowledgement', () => {
    const modal = { interaction_id: '9', custom_id: 'm', title: '', components: [], channel: CHANNEL };
    const state = looking({
      modal: { ...modal, sending: true, error: '' },
      pending: new Map([['n1', pending({ kind: 'modal', messageId: '9', id: '42' })]]),
    });
    const answer = message('1', { interaction_metadata: { id: '42', type: 5 } });
    applyEvent(state, { type: 'message_create', message: answer }, 0);
    expect(state.modal).toBeNull();
  });

  it('of another tab is none of this page’s', () => {
    const state = looking({ pending: new Map([['n1', pending({})]]) });
    applyEvent(state, { ...event, id: '43', nonce: 'other', state: 'failed' }, 0);
    expect(state.pending.get('n1')?.state).toBe('sent');
  });
});
