import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import pino from 'pino';
import { openStore } from '../../../src/db/index.js';
import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import type { Channel } from '../../../src/ports/channel.js';
import { createReminderEngine, ReminderSaying } from '../../../src/services/reminders/engine/index.js';
import { Deliverer } from '../../../src/services/telling/deliverer.js';

/** A page of a message as the file that plays Discord keeps it. */
export interface Line {
  channelId: string;
  /** The run that leads it. */
  marker: string;
  /** Runs that it tells; of a message of two pages the first one tells none. */
  occurrences: number[];
  last: boolean;
}

type Page = Omit<Line, 'channelId'>;

/**
 * A bot whose Discord is a file: it looks once, at the instant of its third argument, and says `idle` when everything
 * is told. Each message has two pages. Its fourth argument says at which page it stops answering itself: `before-2`
 * posts one page and says `hanging` before the second is in the file, `after-2` once it is. Nonces are not kept: only
 * looking helps.
 */
const [, , url = '', file = '', instant = '', hang = ''] = process.argv;
const now = new Date(instant);
let posts = 0;

const posted = (): Line[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line)
    : [];

async function hangAt(moment: string, count = posts): Promise<void> {
  if (hang !== `${moment}-${count}`) return;
  console.log('hanging');
  await new Promise(() => setInterval(() => {}, 1_000));
}

let edits = 0;
const channel: Channel<Page> = {
  async post({ channelId, page }) {
    posts += 1;
    await hangAt('before');
    appendFileSync(file, `${JSON.stringify({ channelId, ...page })}\n`);
    await hangAt('after');
    return { ref: `${channelId}/${posted().length}`, isEarlier: false };
  },
  async edit() {
    edits += 1;
    await hangAt('edit', edits);
  },
  async find(channelId, _since, belongs) {
    return posted()
      .map((page, index) => ({ ref: `${channelId}/${index + 1}`, page }))
      .filter(({ page }) => page.channelId === channelId && belongs(page));
  },
  remove: () => Promise.reject(new Error('nothing is too much')),
  look: () => Promise.reject(new Error('nobody looks at one')),
  directWith: () => Promise.reject(new Error('there is nothing to complain about')),
};

const log = pino({ level: 'silent' });
const store = await openStore(url, { logger: log });
const clock = { now: () => now, steady: () => 0, sleep: () => Promise.reject(new Error('nobody sleeps')) };
const reminder = new ReminderSaying<Page, Page>({
  store: store.reminders,
  builder: {
    build: async (owed) => ({
      marker: String(owed[0]?.occurrence.leadId),
      occurrences: owed.map(({ occurrence }) => occurrence.id),
      last: true,
    }),
  },
  words: {
    pages: (content) => [{ ...content, occurrences: [], last: false }, content],
    mark: ({ marker, last }, leadId) => (marker === leadId ? (last ? 'last' : 'part') : null),
  },
  clock,
});
const deliverer = new Deliverer<Page>({
  outbox: store.outbox,
  projectors: {},
  sayings: { reminder },
  channel,
  surface: { place: () => 'here', elsewhere: (page) => page },
  clock,
  log,
  owner: randomUUID(),
  concurrency: 1,
});
const engine = createReminderEngine({
  store: store.reminders,
  deliverer,
  ticker: { start: () => {}, stop: () => {} },
  clock,
  log,
  market: { calendar: () => fallbackCalendar, version: () => 'fallback' },
  version: '1.0.0',
});
await engine.tick();
await deliverer.beat();
await deliverer.idle();
await engine.stop();
await deliverer.stop();
await store.close();
console.log('idle');
