import type { Client } from 'discord.js';
import pino from 'pino';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DiscordChannel } from '../../src/bot/channel.js';
import { DiscordPreviews } from '../../src/bot/discord-previews.js';
import { discordSurface } from '../../src/bot/discord-surface.js';
import type { Note, NoteChange } from '../../src/ports/outbox.js';
import type { Report } from '../../src/ports/report.js';
import { progressText } from '../../src/screens/progress.js';
import { resultWords } from '../../src/screens/result-words.js';
import { NoteWriter } from '../../src/services/telling/note-writer.js';
import { ResultProjector } from '../../src/services/telling/result-projector.js';
import { BriskClock } from '../services/support/brisk-clock.js';
import { CHANNEL, line, NAME, plan, report, TRADER } from '../services/support/builders.js';

interface Body {
  content: string;
  nonce?: string;
  enforce_nonce?: boolean;
  allowed_mentions: { users: string[] };
}

let sent: { route: string; body: Body }[];
beforeEach(() => {
  sent = [];
});

/** What the channel shows when asked for one message. */
let there: { content: string; components: unknown[] };

/** A REST client that remembers what it is asked, and refuses what `refuses` says. */
function restChannel(refuses: (route: string) => boolean | 'never' = () => false): DiscordChannel {
  const ask =
    (method: string) =>
    async (path: string, { body }: { body: Body & { recipient_id?: string } }) => {
      if (path === '/users/@me/channels') return { id: `dm-of-${body.recipient_id}` };
      const route = `${method} ${path}`;
      sent.push({ route, body });
      const refused = refuses(route);
      if (refused === 'never') await new Promise(() => {});
      if (refused) throw new Error('refused');
      return { id: String(700 + sent.length), content: body.content };
    };
  const client = {
    rest: {
      post: ask('POST'),
      patch: ask('PATCH'),
      setToken: () => {},
      get: async () => ({ id: '600', ...there }),
    },
  } as unknown as Client;
  return new DiscordChannel(client, 'token');
}

const log = pino({ level: 'silent' });
const previews = () => new DiscordPreviews(restChannel(), log);
const projector = new ResultProjector(null as never, null as never, resultWords('PAPER', { of: () => NAME }));

const fresh: Note = {
  id: 1,
  kind: 'result',
  topic: 'plan-1',
  news: '',
  channelId: CHANNEL,
  userId: TRADER,
  pages: [],
  directPages: [],
  told: '',
  attempts: 1,
  createdAt: plan().createdAt,
};

const outbox = { notes: async () => [] };

/** Tells a report by a note, in a channel that refuses what `refuses` says. */
function write(
  told: Report,
  note: Partial<Note> = {},
  refuses: (route: string) => boolean | 'never' = () => false,
): Promise<NoteChange> {
  const clock = new BriskClock('2026-11-23T15:00:01Z');
  const channel = restChannel(refuses);
  const writer = new NoteWriter({ channel, surface: discordSurface, outbox, clock, log });
  return writer.write({ ...fresh, ...note }, [], projector.screen(told, true), projector);
}

describe('the line above a preview', () => {
  const done = plan({ status: 'done', messageIds: ['600'] });
  const told = 'Submitted: **1 GTC order placed** · 5001';
  const lines = [line({ state: 'placed', orderId: '5001' })];

  it.each([
    'Submitted: **0 of 1 GTC order placed** · **1 unknown**',
    'Submitting… **0 of 1 placed**',
    'Nothing is sent yet. This preview expires soon.',
  ])('once its orders are known says so instead of: %s', async (content) => {
    there = { content, components: [] };
    expect(await previews().close(done, lines)).toBe('done');
    expect(sent.map(({ body }) => body.content)).toEqual([told]);
  });

  it('doesn’t say for ever that something is being cancelled: given up, it says so and offers a fresh preview', async () => {
    there = { content: progressText([line({ state: 'reserved', orderId: null })]), components: [] };
    expect(await previews().close(plan({ status: 'stale', messageIds: ['600'] }), [])).toBe('done');
    expect(sent.map(({ body }) => body.content)).toEqual([expect.stringContaining('No order was sent')]);
    expect(JSON.stringify(sent[0]?.body)).toContain('targets:refresh:plan-1');
  });

  it('is left alone where it is right, or where another preview has taken its place', async () => {
    there = { content: told, components: [] };
    expect(await previews().close(done, lines)).toBe('done');
    there = { content: 'another', components: [{ type: 1, components: [] }] };
    expect(await previews().close(done, lines)).toBe('done');
    expect(sent).toEqual([]);
  });
});

/** As many orders as need two messages. */
const long = report(Array.from({ length: 30 }, (_, index) => line({ orderId: String(1000 + index) })));

describe('a result’s message', () => {
  it('goes into the plan’s channel, mentions the trader and nobody else, and it is known where it is', async () => {
    expect(await write(report())).toMatchObject({ pages: [`${CHANNEL}/701`], directPages: [], nextAt: null });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.route).toBe(`POST /channels/${CHANNEL}/messages`);
    expect(sent[0]?.body.content).toContain(`<@${TRADER}>`);
    expect(sent[0]?.body.allowed_mentions).toEqual({ parse: [], users: [TRADER] });
  });

  it('is told directly where the channel refuses, and stays owed to it', async () => {
    const told = await write(report(), {}, (route) => route.includes(CHANNEL));
    expect(told).toMatchObject({ pages: [], directPages: [`dm-of-${TRADER}/702`] });
    expect(told.nextAt).not.toBeNull();
  });

  it('keeps to the channel once it was told directly', async () => {
    const directPages = [`dm-of-${TRADER}/702`];
    const first = await write(report(), {}, (route) => route.includes(CHANNEL));
    sent = [];
    const again = await write(report(), { ...first, attempts: 1 }, (route) => route.includes(CHANNEL));
    expect(again).toMatchObject({ pages: [], directPages });
    expect(sent).toHaveLength(1);
  });

  it('is told directly while the channel lets it wait, and says there that these are the same orders', async () => {
    vi.useFakeTimers();
    try {
      const posting = write(report(), {}, (route) => (route.includes(CHANNEL) ? 'never' : false));
      await vi.advanceTimersByTimeAsync(4_100);
      expect(await posting).toMatchObject({ directPages: [`dm-of-${TRADER}/702`] });
      expect(sent[1]?.body.content).toContain(`Told here because <#${CHANNEL}> took no message from me.`);
      expect(sent[1]?.body.nonce).toBe(sent[0]?.body.nonce);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is tried again later when neither works', async () => {
    const told = await write(report(), {}, () => true);
    expect(told).toMatchObject({ pages: [], directPages: [], told: '', news: '' });
    expect(told.nextAt).not.toBeNull();
  });

  it('is known by every page, and each page is updated in its place', async () => {
    const posted = await write(long);
    expect(posted.pages.length).toBeGreaterThan(1);
    sent = [];
    expect(await write({ ...long, phase: 'checked' }, posted)).toMatchObject({ nextAt: null });
    expect(sent.map(({ route }) => route)).toEqual(
      posted.pages.map((page) => `PATCH /channels/${page.replace('/', '/messages/')}`),
    );
  });

  it('is not edited while its screen stays the same, nor by less than was known', async () => {
    const posted = await write({ ...long, phase: 'checked' });
    sent = [];
    await write({ ...long, phase: 'checked' }, posted);
    const less = projector.screen(long, false);
    const writer = new NoteWriter({
      channel: restChannel(),
      surface: discordSurface,
      outbox,
      clock: new BriskClock('2026-11-23T15:00:01Z'),
      log,
    });
    await writer.write({ ...fresh, ...posted }, [], less, projector);
    expect(sent).toEqual([]);
  });

  it('of repeated news carries the same enforced nonce per page, of other news another one', async () => {
    await write(long);
    await write({ ...long, phase: 'checked' });
    const nonces = sent.map(({ body }) => body.nonce);
    expect(new Set(nonces.slice(0, sent.length / 2)).size).toBe(sent.length / 2);
    expect(nonces.slice(sent.length / 2)).toEqual(nonces.slice(0, sent.length / 2));
    for (const { body } of sent) {
      expect(body.enforce_nonce).toBe(true);
      expect(body.nonce?.length).toBeLessThanOrEqual(25);
    }
    await write(report([line({ state: 'absent', orderId: null })]));
    expect(nonces).not.toContain(sent.at(-1)?.body.nonce);
  });

  it('that is gone can’t be updated, and that is no error', async () => {
    const told = await write(report(), { pages: [`${CHANNEL}/1`], news: 'x' }, () => true);
    expect(told.pages).toEqual([`${CHANNEL}/1`]);
  });

  it('of the command line asks Discord for nothing, and yet counts as told', async () => {
    expect(await write(report(), { channelId: 'cli', userId: 'cli' })).toMatchObject({ nextAt: null });
    expect(sent).toEqual([]);
  });
});
