import pino from 'pino';
import { expect, it } from 'vitest';
import type { Channel } from '../../../src/ports/channel.js';
import type { Outbox } from '../../../src/ports/outbox.js';
import { Deliverer } from '../../../src/services/telling/deliverer.js';
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
