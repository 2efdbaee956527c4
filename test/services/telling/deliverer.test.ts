import pino from 'pino';
import { expect, it } from 'vitest';
import type { Channel } from '../../../src/ports/channel.js';
import type { NoteChange, Outbox } from '../../../src/ports/outbox.js';
import { Deliverer } from '../../../src/services/telling/deliverer.js';
import { NotYet } from '../../../src/services/telling/projector.js';
import { VirtualClock } from '../../brokers/support/clocks.js';

it('woken, looks for what is due only where it tells what is due at all', async () => {
  let looks = 0;
  const outbox = {
    due: async () => {
      looks += 1;
      return [];
    },
  } as unknown as Outbox;
  const deliverer = new Deliverer({
    outbox,
    projectors: {},
    channel: {} as Channel<object>,
    surface: { place: () => 'here', elsewhere: (page) => page },
    clock: new VirtualClock(),
    log: pino({ level: 'silent' }),
    owner: 'me',
  });
  deliverer.wake();
  await deliverer.idle();
  expect(looks).toBe(0);
  deliverer.start({ start: () => {}, stop: () => {} });
  deliverer.wake();
  await deliverer.stop();
  expect(looks).toBe(1);
});

it('looks again when its kind says so, where nothing can be said before', async () => {
  const until = new Date('2026-11-24T15:00:00Z');
  const note = {
    id: 1,
    kind: 'closed',
    topic: '37',
    news: '',
    channelId: '9',
    userId: '1',
    pages: [],
    directPages: [],
    told: '',
    attempts: 1,
    createdAt: new Date(0),
  };
  const released: NoteChange[][] = [];
  const outbox = {
    hold: async () => ({ notes: [note], until, due: true, asked: 0 }),
    release: async (_holding: unknown, changes: NoteChange[]) => void released.push(changes),
  } as unknown as Outbox;
  const deliverer = new Deliverer({
    outbox,
    projectors: {},
    channel: {} as Channel<object>,
    surface: { place: () => 'here', elsewhere: (page) => page },
    clock: new VirtualClock(),
    log: pino({ level: 'silent' }),
    owner: 'me',
  });
  const told = await deliverer.tell({ kind: 'closed', topic: '37' }, async () => {
    throw new NotYet(until);
  });
  expect(told).toBe('owed');
  expect(released).toMatchObject([[{ id: 1, nextAt: until }]]);
});
