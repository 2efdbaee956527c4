import { expect, test } from 'vitest';
import type { BotStore } from '../../src/db/index.js';
import { at, MINUTE, newReminder } from '../reminders/engine/support/reminders.js';
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
});
