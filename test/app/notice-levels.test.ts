import fc from 'fast-check';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeTelling } from '../../src/app/compose-telling.js';
import { DiscordChannel } from '../../src/bot/channel.js';
import { type BotStore, openStore } from '../../src/db/index.js';
import type { NoticeLevel } from '../../src/ports/notices.js';
import { resultWords } from '../../src/screens/result-words.js';
import type { View } from '../../src/screens/view.js';
import type { Projector } from '../../src/services/telling/projector.js';
import { lost, RestChannel } from '../bot/support/rest.js';
import { BriskClock } from '../services/support/brisk-clock.js';
import { brokerWith, CHANNEL, NAME, TRADER } from '../services/support/builders.js';

/*
 * How loud a message comes, and one that takes another's place, over the outbox and Discord's REST API.
 */

const log = pino({ level: 'silent' });
const SILENT = 4096;

let clock: BriskClock;
let store: BotStore;
let discord: RestChannel;
const open = async () => {
  clock = new BriskClock('2026-11-23T15:00:01Z');
  store = await openStore('sqlite::memory:', { logger: log });
  discord = new RestChannel(() => clock.now());
};
beforeEach(open);
afterEach(() => store.close());

/** What is to be said: which news, and how loud. */
interface Said {
  news: string;
  text: string;
  level?: NoticeLevel;
  alone?: true;
}

let said: Said;
const page = ({ news, text }: Said): View => ({
  content: text,
  embeds: [{ footer: { text: `card ${news}` } }],
  components: [],
});
const card: Projector<View> = {
  project: async () => {
    const { news, text, level, alone } = said;
    const manner = { ...(level && { level }), ...(alone && { alone }) };
    return { news, core: text.replaceAll(' ', ''), sure: true, pages: [page(said)], ...manner };
  },
  newsOn: ({ embeds }) => /^card (.*)$/.exec(embeds[0]?.footer?.text ?? '')?.[1] ?? null,
  begins: () => true,
};

let processes = 0;
/** A process of its own on this database. */
function started() {
  processes += 1;
  const own: BotStore = Object.create(store, {
    processes: { value: { ...store.processes, self: `process ${processes}` } },
  });
  return composeTelling(
    {
      channel: new DiscordChannel(discord.client, 'token'),
      surface: { place: () => 'here', elsewhere: (each) => each },
      words: resultWords('PAPER', { of: () => NAME }),
      projectors: () => ({ card }),
    },
    {
      store: own,
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
  ).deliverer;
}

const tell = async (what: Said, userId = TRADER) => {
  said = what;
  await started().tell({ kind: 'card', topic: '37' }, async () => {
    const screen = await card.project('37');
    return screen && { screen, channelId: CHANNEL, userId };
  });
};
const shown = () => discord.messages.map(({ content }) => content);

/** Takes up what is due, until so much time has passed. */
async function later(minutes: number): Promise<void> {
  const deliverer = started();
  for (let beat = 0; beat < minutes * 6; beat += 1) {
    clock.advance(10_000);
    await deliverer.beat();
    await deliverer.idle();
  }
}

describe('how loud a message comes', () => {
  it('is with a mention and a sound, or silently without either', async () => {
    await tell({ news: 'a', text: 'loud' });
    await tell({ news: 'b', text: 'quiet', level: 'silent' });
    expect(discord.messages.at(-2)).toMatchObject({ content: 'quiet', flags: 0, mentions: [{ id: TRADER }] });
    expect(discord.messages.at(-1)).toMatchObject({ content: 'quiet', flags: SILENT, mentions: [] });
  });

  it('is not at all where it is off, and nothing is owed; what is out is kept true', async () => {
    await tell({ news: 'a', text: 'one', level: 'off' });
    await later(5);
    expect(shown()).toEqual([]);
    await tell({ news: 'a', text: 'one' });
    await tell({ news: 'a', text: 'two', level: 'off' });
    expect(shown()).toEqual(['two']);
    await later(5);
    expect(await store.outbox.owed('card')).toEqual([]);
  });

  it('is looked for where it may have got out before it was switched off', async () => {
    discord.fault = () => ({ deed: true, error: lost() });
    await tell({ news: 'a', text: 'one' });
    discord.fault = () => null;
    said = { news: 'a', text: 'two', level: 'off' };
    await later(2);
    expect(shown()).toEqual(['two']);
  });
});

describe('a message that stands alone', () => {
  it('comes before the one goes whose place it takes', async () => {
    await tell({ news: 'a', text: 'first', alone: true });
    discord.fault = (_call, name) => (name === 'post' ? { deed: false, error: lost() } : null);
    await tell({ news: 'b', text: 'second', alone: true });
    expect(shown()).toEqual(['first']);
    discord.fault = () => null;
    await later(15);
    expect(shown()).toEqual(['second']);
    expect(await store.outbox.owed('card')).toEqual([]);
  });

  it('is over once somebody has removed it, until it is news again', async () => {
    await tell({ news: 'a', text: 'first', alone: true });
    discord.messages = [];
    await tell({ news: 'a', text: 'second', alone: true });
    expect(await store.outbox.notes({ kind: 'card', topic: '37' })).toEqual([]);
    expect(shown()).toEqual([]);
  });

  it('is one in the end, whatever got lost on the way, by several processes', async () => {
    const fault = fc.constantFrom(null, { deed: false }, { deed: true });
    const step = fc.record({ again: fc.boolean(), faults: fc.array(fault, { maxLength: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        await store.close();
        await open();
        let place = 0;
        for (const [index, { again, faults }] of steps.entries()) {
          if (again) place += 1;
          const queue = [...faults];
          discord.fault = () => {
            const next = queue.shift();
            return next ? { ...next, error: lost() } : null;
          };
          const what = { news: `p${place}`, text: `text ${index}`, alone: true } as const;
          await Promise.all([tell(what, ''), tell(what, '')]);
        }
        discord.fault = () => null;
        await later(20);
        expect(shown()).toEqual([`text ${steps.length - 1}`]);
      }),
      { numRuns: 15 },
    );
  });
});
