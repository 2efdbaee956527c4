import pino from 'pino';
import { expect, it } from 'vitest';
import { type Channel, ChannelUnavailable } from '../../../src/ports/channel.js';
import type { Note } from '../../../src/ports/outbox.js';
import { NoteWriter } from '../../../src/services/telling/note-writer.js';
import type { Projector, Screen } from '../../../src/services/telling/projector.js';
import { VirtualClock } from '../../brokers/support/clocks.js';

interface Page {
  text: string;
}

const NOTE: Note = {
  id: 1,
  kind: 'result',
  topic: 'p1',
  news: '',
  channelId: '9',
  userId: '1',
  pages: [],
  directPages: [],
  told: '',
  attempts: 1,
  createdAt: new VirtualClock().now(),
};
const PROJECTOR = { newsOn: () => null, begins: () => true } as unknown as Projector<Page>;
const screenOf = (text: string): Screen<Page> => ({
  news: 'a',
  core: text,
  sure: true,
  pages: [{ text }],
  level: 'on',
});

/** A channel that takes a message too late for its sender, and answers a repeated nonce with that one. */
function slowChannel() {
  const messages = new Map<string, Page>();
  let late: (() => void) | null = null;
  const channel: Partial<Channel<Page>> = {
    find: async () => [],
    directWith: async () => '5',
    post: async ({ channelId, page, nonce }) => {
      const ref = `${channelId}/${nonce}`;
      if (channelId === '9' && !late) {
        late = () => messages.set(ref, page);
        throw new ChannelUnavailable({ code: 'NO_ANSWER' } as never, { maybeSent: true });
      }
      if (!messages.has(ref)) messages.set(ref, page);
      return ref;
    },
    edit: async (ref, page) => void messages.set(ref, { ...messages.get(ref), ...page } as Page),
  };
  return { channel: channel as Channel<Page>, messages, arrive: () => late?.() };
}

it('a message of an earlier try that turns up late says what is true by then', async () => {
  const { channel, messages, arrive } = slowChannel();
  const sut = new NoteWriter<Page>({
    channel,
    surface: { place: () => 'here', elsewhere: (page) => page },
    outbox: { notes: async () => [] },
    clock: new VirtualClock(),
    log: pino({ level: 'silent' }),
  });
  const first = await sut.write(NOTE, [], screenOf('on its way'), PROJECTOR);
  expect(first.directPages).toHaveLength(1);
  // After the next try has looked for it, and before that posts.
  arrive();
  const then = await sut.write({ ...NOTE, ...first, attempts: 2 }, [], screenOf('filled'), PROJECTOR);
  expect([...messages.values()].map(({ text }) => text)).toEqual(['filled', 'filled']);
  expect(then).toMatchObject({ pages: [expect.stringMatching(/^9\//)], nextAt: null });
});

it('is owed while that can’t be said', async () => {
  const { channel, arrive } = slowChannel();
  const sut = new NoteWriter<Page>({
    channel: {
      ...channel,
      edit: async () => Promise.reject(new ChannelUnavailable({ code: 'NO_ANSWER' } as never)),
    },
    surface: { place: () => 'here', elsewhere: (page) => page },
    outbox: { notes: async () => [] },
    clock: new VirtualClock(),
    log: pino({ level: 'silent' }),
  });
  arrive();
  const note = { ...NOTE, attempts: 2 };
  await sut.write(note, [], screenOf('filled'), PROJECTOR);
  const then = await sut.write(note, [], screenOf('filled'), PROJECTOR);
  expect(then).toMatchObject({ pages: [expect.stringMatching(/^9\//)], told: '', nextAt: expect.any(Date) });
});
