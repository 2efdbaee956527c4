import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import pino from 'pino';
import { openStore } from '../../../src/db/index.js';
import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import type { Address, Messenger } from '../../../src/ports/messenger.js';
import { createReminderEngine } from '../../../src/services/reminders/engine/index.js';

/** A message as the file that plays Discord keeps it. */
export interface Line extends Address {
  marker: string;
  occurrences: number[];
}

/**
 * A bot whose Discord is a file: it looks once, at the instant of its third argument, and says `idle` when everything
 * is delivered. Its fourth argument says at which message it stops answering itself: `before-2` posts one message and
 * says `hanging` before the second is in the file, `after-2` once it is. Nonces are not kept: only looking helps.
 */
const [, , url = '', file = '', instant = '', hang = ''] = process.argv;
const now = new Date(instant);
let sends = 0;

const posted = (): Line[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line)
    : [];

async function hangAt(moment: string): Promise<void> {
  if (hang !== `${moment}-${sends}`) return;
  console.log('hanging');
  await new Promise(() => setInterval(() => {}, 1_000));
}

const messenger: Messenger<Omit<Line, keyof Address>> = {
  async send(line) {
    sends += 1;
    await hangAt('before');
    appendFileSync(file, `${JSON.stringify(line)}\n`);
    await hangAt('after');
    return { ref: `${line.channelId}/${line.marker}` };
  },
  async findSent(channelId, marker) {
    const found = posted().find((line) => line.channelId === channelId && line.marker === marker);
    return found ? { pages: [`${channelId}/${marker}`], whole: true } : null;
  },
  async directMessage() {
    throw new Error('there is nothing to complain about');
  },
};

const store = await openStore(url, { logger: pino({ level: 'silent' }) });
const engine = createReminderEngine({
  store: store.reminders,
  messenger,
  builder: {
    build: async (claims) => ({
      marker: String(claims[0]?.occurrence.id),
      occurrences: claims.map(({ occurrence }) => occurrence.id),
    }),
  },
  ticker: { start: () => {}, stop: () => {} },
  clock: { now: () => now, steady: () => 0, sleep: () => Promise.reject(new Error('nobody sleeps here')) },
  log: pino({ level: 'silent' }),
  market: { calendar: () => fallbackCalendar, version: () => 'fallback' },
  version: '1.0.0',
  rules: { concurrency: 1 },
});
await engine.tick();
await engine.idle();
await engine.stop();
await store.close();
console.log('idle');
