import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { composeTelling } from '../../src/app/compose-telling.js';
import { DiscordChannel } from '../../src/bot/channel.js';
import { type BotStore, openStore } from '../../src/db/index.js';
import { resultWords } from '../../src/screens/result-words.js';
import type { View } from '../../src/screens/view.js';
import type { Projector } from '../../src/services/telling/projector.js';
import { lost, RestChannel } from '../bot/support/rest.js';
import { BriskClock } from '../services/support/brisk-clock.js';
import { brokerWith, CHANNEL, NAME, TRADER } from '../services/support/builders.js';

/*
 * A kind of message that the house doesn't have: all it takes is a projector.
 */

const log = pino({ level: 'silent' });

let clock: BriskClock;
let store: BotStore;
let discord: RestChannel;
beforeEach(async () => {
  clock = new BriskClock('2026-11-23T15:00:01Z');
  store = await openStore('sqlite::memory:', { logger: log });
  discord = new RestChannel(() => clock.now());
});
afterEach(() => store.close());

const greeting: Projector<View> = {
  project: async (name) => ({
    news: 'hello',
    core: '',
    sure: true,
    pages: [{ content: `Hello ${name}`, embeds: [{ footer: { text: `greeting ${name}` } }], components: [] }],
  }),
  newsOn: ({ embeds }, name) => (embeds[0]?.footer?.text === `greeting ${name}` ? 'hello' : null),
  begins: () => true,
};

/** An answer to a greeting. */
const thanks: Projector<View> = {
  ...greeting,
  project: async (name) => ({
    news: 'thanks',
    core: '',
    sure: true,
    pages: [{ content: 'Thanks', embeds: [{ footer: { text: `thanks ${name}` } }], components: [] }],
    repliesTo: { kind: 'greeting', topic: name },
  }),
  newsOn: ({ embeds }, name) => (embeds[0]?.footer?.text === `thanks ${name}` ? 'thanks' : null),
};

/** A process on this database; with the kind, or as the command line, which leaves it to the bot. */
function started(knows = true) {
  const { deliverer } = composeTelling(
    {
      channel: new DiscordChannel(discord.client, 'token'),
      surface: { place: () => 'here', elsewhere: (page) => page },
      words: resultWords('PAPER', { of: () => NAME }),
      ...(knows && { projectors: () => ({ greeting, thanks }) }),
    },
    {
      store,
      broker: brokerWith({}),
      clock,
      log,
      closingReader: { read: async () => ({ kind: 'nothing' }), readAll: async () => new Map() },
      cancelReader: { read: async () => null },
      exitReader: { read: async () => null },
      foundReader: { read: async () => null },
      fillReader: { read: async () => null },
      lostReader: { read: async () => null },
      openedReader: { read: async () => null },
      reminderContent: { build: async () => null },
      boardReader: { read: async () => null },
      assignedReader: { read: async () => null },
    },
  );
  return deliverer;
}

const topic = { kind: 'greeting', topic: 'Ada' };
const tell = (deliverer: ReturnType<typeof started>) =>
  deliverer.tell(topic, async () => {
    const screen = await greeting.project(topic.topic);
    return screen && { screen, channelId: CHANNEL, userId: TRADER };
  });
const said = () => discord.messages.map(({ content }) => content.split('\n')[0]);

/** Takes up what is due, until a minute has passed. */
async function aMinute(deliverer: ReturnType<typeof started>): Promise<void> {
  for (let beat = 0; beat < 12; beat += 1) {
    clock.advance(5_000);
    await deliverer.beat();
    await deliverer.idle();
  }
}

it('is said once, however often and by whichever process it is told', async () => {
  const first = started();
  await Promise.all([tell(first), tell(first)]);
  await tell(started());
  expect(said()).toEqual(['Hello Ada']);
});

it('whose answer was lost is told by the next process that knows the kind, and not again', async () => {
  discord.fault = () => ({ deed: true, error: lost() });
  await tell(started());
  discord.fault = () => null;
  await aMinute(started(false));
  expect(await store.outbox.owed('greeting')).toEqual(['Ada']);
  await aMinute(started());
  expect(await store.outbox.owed('greeting')).toEqual([]);
  expect(said()).toEqual(['Hello Ada']);
});

it('answers the latest message on another topic, after it where that is about to come, and alone where none is', async () => {
  const begin = (kind: string, name: string) =>
    store.outbox.begin([{ kind, topic: name, channelId: CHANNEL, userId: '' }], clock.now());
  await begin('greeting', 'Ada');
  // Another process is at it.
  const now = clock.now();
  await store.outbox.hold({ ...topic, owner: 'other', now, until: new Date(now.getTime() + 15_000) });
  await begin('thanks', 'Ada');
  await begin('thanks', 'Bob');
  await aMinute(started());
  expect(discord.messages.map(({ embeds }) => embeds[0]?.footer?.text)).toEqual([
    'thanks Bob',
    'greeting Ada',
    'thanks Ada',
  ]);
  const [alone, greeted, answer] = discord.messages;
  expect(alone).not.toHaveProperty('message_reference');
  expect(answer?.message_reference).toEqual({ message_id: greeted?.id, fail_if_not_exists: false });
});
