import { createInterface } from 'node:readline';
import pino from 'pino';
import { openStore } from '../../../src/db/index.js';
import { at, everyMinutes, HOUR, MINUTE } from '../../reminders/engine/support/reminders.js';

/**
 * Opens the database of its first argument and says `ready`. For each line, an hour after the start: takes up what is
 * due by then in small parts, tells whatever is owed and nobody has, until nothing is, and answers with the runs it had.
 */
const [, , url = '', owner = ''] = process.argv;
const store = await openStore(url, { logger: pino({ level: 'silent' }) });
const { reminders, outbox } = store;
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const now = at(Number(line) * HOUR);
  const had: number[] = [];
  for (;;) {
    const taken = await reminders.takeUp({ now, limit: 5, graceMs: HOUR, nextRun: everyMinutes });
    const due = await outbox.due(now, 5);
    if (taken === 0 && due.length === 0) break;
    for (const { kind, topic } of due) {
      const holding = { kind, topic, owner, now, until: new Date(now.getTime() + MINUTE) };
      const hold = await outbox.hold(holding);
      const [note] = hold?.due ? hold.notes : [];
      const ids = note ? (await reminders.owed(Number(topic))).map(({ occurrence }) => occurrence.id) : [];
      if (note) {
        if (!(await reminders.dispatch(Number(topic), ids, now))) throw new Error(`lost ${topic}`);
        await reminders.finish(Number(topic), { state: 'sent', messageRef: owner, at: now });
        had.push(...ids);
      }
      if (hold) {
        const changes = note ? [{ ...note, news: 'said', nextAt: null }] : [];
        await outbox.release(holding, changes, hold.asked);
      }
    }
  }
  console.log(JSON.stringify(had));
}
await store.close();
