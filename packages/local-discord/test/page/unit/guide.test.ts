import { describe, expect, it } from 'vitest';
import { nextStep } from '../../../page/state/guide.js';
import { type AppState, initialState } from '../../../page/state/store.js';
import type { LocalState, Message } from '../../../page/types.js';

const ME = '7';
const demo = { panel: { title: 'Paper market', url: '/' } } as unknown as LocalState;

let last = 0;
const said = (over: Partial<Message> = {}): Message => {
  last += 1;
  return {
    id: `${last}`,
    channel_id: '1',
    author: { id: '5', username: 'bot', bot: true },
    content: '',
    timestamp: '2026-01-01T00:00:00Z',
    ...over,
  };
};
const buttons = (...of: { label: string; disabled?: boolean }[]): Partial<Message> => ({
  components: [{ type: 1, components: of.map((each) => ({ type: 2, ...each })) }],
});
const calling = (content = '<@7> 3 orders placed\nLive: working until filled or cancelled.') =>
  said({ content, mentions: [{ id: ME, username: 'me' }] });
const looking = (over: Partial<AppState> = {}): AppState => ({
  ...initialState(),
  local: demo,
  user: ME,
  ...over,
});

describe('the next step of a visitor', () => {
  it('is the welcome card’s at first, and to pick while a command offers choices', () => {
    expect(nextStep(looking({ welcomeOpen: true }))).toBeNull();
    expect(nextStep(looking({ welcomeOpen: true, picking: true }))).toBe('pick');
  });

  it('is Submit while a preview offers it, then a fill, then what the bot says of it', () => {
    const preview = said(buttons({ label: 'Submit 3 GTC orders' }, { label: 'Cancel' }));
    expect(nextStep(looking({ messages: [preview] }))).toBe('submit');
    const ended = { ...preview, components: [] };
    expect(nextStep(looking({ messages: [ended] }))).toBeNull();
    expect(nextStep(looking({ messages: [ended, calling()] }))).toBe('fill');
    const filled = calling('<@7> #7 QQQ 604/599P filled at 1.22');
    expect(nextStep(looking({ messages: [ended, calling(), filled] }))).toBe('look');
    expect(nextStep(looking({ messages: [filled, ended, calling()] })), 'of another order').toBe('fill');
    const off = said(buttons({ label: 'Submit', disabled: true }));
    expect(nextStep(looking({ messages: [off] }))).toBeNull();
  });

  it('is nobody else’s: calls of others and their own words don’t count', () => {
    const other = said({ mentions: [{ id: '8', username: 'other' }] });
    const person = said({ author: { id: '9', username: 'p' }, mentions: [{ id: ME, username: 'me' }] });
    expect(nextStep(looking({ messages: [other, person] }))).toBeNull();
  });

  it('is not told where there is no market, or no hint is wanted', () => {
    const messages = [calling()];
    expect(nextStep(looking({ messages, guideOpen: false }))).toBeNull();
    expect(nextStep(looking({ messages, local: { ...demo, panel: null } }))).toBeNull();
  });
});
