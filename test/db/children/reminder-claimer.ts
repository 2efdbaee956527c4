import { createInterface } from 'node:readline';
import pino from 'pino';
import { openStore } from '../../../src/db/index.js';
import { at, everyMinutes, HOUR, MINUTE } from '../../reminders/engine/support/reminders.js';

/**
 * Opens the database of its first argument and says `ready`. For each line, an hour after the start: claims what is due
 * by then in small parts until nothing is, ends every claim, and answers with the occurrences it had.
 */
const [, , url = '', owner = ''] = process.argv;
const { reminders, close } = await openStore(url, { logger: pino({ level: 'silent' }) }).then((store) => ({
  reminders: store.reminders,
  close: () => store.close(),
}));
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const now = at(Number(line) * HOUR);
  const had: number[] = [];
  for (;;) {
    const claims = await reminders.claimDue({
      now,
      owner,
      leaseMs: MINUTE,
      limit: 5,
      graceMs: HOUR,
      nextRun: everyMinutes,
    });
    if (claims.length === 0) break;
    for (const { occurrence } of claims) {
      const ended = await reminders.finish(occurrence.id, owner, {
        state: 'sent',
        messageRef: owner,
        at: now,
      });
      if (!ended) throw new Error(`lost ${occurrence.id}`);
      had.push(occurrence.id);
    }
  }
  console.log(JSON.stringify(had));
}
await close();
