import { expect, test } from 'vitest';
import type { BotStore } from '../../src/db/index.js';
import { at, MINUTE, newReminder, request, T0 } from '../reminders/engine/support/reminders.js';
import { onEach } from './support/drivers.js';

onEach(['sqlite memory', 'postgres'], ({ open }) => {
  const reminders = async () => ((await open()) as BotStore).reminders;

  test('the next run of all is that of the earliest active reminder', async () => {
    const store = await reminders();
    expect(await store.nextDue()).toBeNull();
    await store.add(newReminder({ nextRunAt: at(2 * MINUTE) }));
    const first = await store.add(newReminder({ nextRunAt: at(MINUTE) }));
    expect(await store.nextDue()).toEqual(at(MINUTE));
    await store.change(first.id, { state: 'paused' });
    expect(await store.nextDue()).toEqual(at(2 * MINUTE));
  });

  test('the occurrences of one message are found by the one that leads it, which comes first', async () => {
    const store = await reminders();
    for (let count = 0; count < 3; count += 1) await store.add(newReminder());
    const [alone = 0, other = 0, lead = 0] = (await store.claimDue(request())).map(
      ({ occurrence }) => occurrence.id,
    );
    await store.dispatch([lead, other], 'A', T0, at(MINUTE));
    await store.dispatch([alone], 'A', T0, at(MINUTE));
    expect((await store.together(lead)).map(({ id }) => id)).toEqual([lead, other]);
    expect((await store.together(alone)).map(({ id }) => id)).toEqual([alone]);
    expect(await store.together(other)).toEqual([]);
  });
});
