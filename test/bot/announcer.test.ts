import type { Client } from 'discord.js';
import pino from 'pino';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DiscordAnnouncer } from '../../src/bot/announcer.js';
import { DiscordChannel } from '../../src/bot/channel.js';
import { CHANNEL, line, plan, report, TRADER } from '../services/support/builders.js';

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
function announcer(refuses: (route: string) => boolean | 'never' = () => false): DiscordAnnouncer {
  const ask =
    (method: string) =>
    async (path: string, { body }: { body: Body & { recipient_id?: string } }) => {
      if (path === '/users/@me/channels') return { id: `dm-of-${body.recipient_id}` };
      const route = `${method} ${path}`;
      sent.push({ route, body });
      const refused = refuses(route);
      if (refused === 'never') await new Promise(() => {});
      if (refused) throw new Error('refused');
      return { id: String(700 + sent.length) };
    };
  const client = {
    rest: {
      post: ask('POST'),
      patch: ask('PATCH'),
      setToken: () => {},
      get: async () => ({ id: '600', ...there }),
    },
  } as unknown as Client;
  return new DiscordAnnouncer(new DiscordChannel(client, 'token'), 'PAPER', pino({ level: 'silent' }));
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
    expect(await announcer().closePreview(done, lines)).toBe('done');
    expect(sent.map(({ body }) => body.content)).toEqual([told]);
  });

  it('is left alone where it is right, or where another preview has taken its place', async () => {
    there = { content: told, components: [] };
    expect(await announcer().closePreview(done, lines)).toBe('done');
    there = { content: 'another', components: [{ type: 1, components: [] }] };
    expect(await announcer().closePreview(done, lines)).toBe('done');
    expect(sent).toEqual([]);
  });
});

/** As many orders as need two messages. */
const long = report(Array.from({ length: 30 }, (_, index) => line({ orderId: String(1000 + index) })));

describe('DiscordAnnouncer', () => {
  it('posts into the plan’s channel, mentions the trader and nobody else, and says where it is', async () => {
    expect(await announcer().post(plan(), report(), 'anywhere')).toEqual({
      ref: `${CHANNEL}/701`,
      direct: false,
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.route).toBe(`POST /channels/${CHANNEL}/messages`);
    expect(sent[0]?.body.content).toContain(`<@${TRADER}>`);
    expect(sent[0]?.body.allowed_mentions).toEqual({ parse: [], users: [TRADER] });
  });

  it('tells by direct message what the channel refuses', async () => {
    const reference = await announcer((route) => route.includes(CHANNEL)).post(plan(), report(), 'anywhere');
    expect(reference).toEqual({ ref: `dm-of-${TRADER}/702`, direct: true });
  });

  it('keeps to the channel if asked to', async () => {
    const posted = await announcer((route) => route.includes(CHANNEL)).post(plan(), report(), 'channel');
    expect(posted).toBeNull();
    expect(sent).toHaveLength(1);
  });

  it('tells by direct message while the channel lets it wait, and says there that these are the same orders', async () => {
    vi.useFakeTimers();
    try {
      const posting = announcer((route) => (route.includes(CHANNEL) ? 'never' : false)).post(
        plan(),
        report(),
        'anywhere',
      );
      await vi.advanceTimersByTimeAsync(4_100);
      expect(await posting).toEqual({ ref: `dm-of-${TRADER}/702`, direct: true });
      expect(sent[1]?.body.content).toContain(`Told here because <#${CHANNEL}> took no message from me.`);
      expect(sent[1]?.body.nonce).toBe(sent[0]?.body.nonce);
    } finally {
      vi.useRealTimers();
    }
  });

  it('answers null when neither works, so that it is tried again later', async () => {
    expect(await announcer(() => true).post(plan(), report(), 'anywhere')).toBeNull();
  });

  it('refers to every page, and updates each page in its place', async () => {
    const posted = await announcer().post(plan(), long, 'anywhere');
    const pages = posted?.ref.split(',') ?? [];
    expect(pages.length).toBeGreaterThan(1);
    sent = [];
    await announcer().update(plan(), posted?.ref ?? '', long);
    expect(sent.map(({ route }) => route)).toEqual(
      pages.map((page) => `PATCH /channels/${page.replace('/', '/messages/')}`),
    );
  });

  it('repeated news carries the same enforced nonce per page, other news another one', async () => {
    await announcer().post(plan(), long, 'anywhere');
    await announcer().post(plan(), { ...long, phase: 'checked' }, 'anywhere');
    const nonces = sent.map(({ body }) => body.nonce);
    expect(new Set(nonces.slice(0, sent.length / 2)).size).toBe(sent.length / 2);
    expect(nonces.slice(sent.length / 2)).toEqual(nonces.slice(0, sent.length / 2));
    for (const { body } of sent) {
      expect(body.enforce_nonce).toBe(true);
      expect(body.nonce?.length).toBeLessThanOrEqual(25);
    }
    await announcer().post(plan(), report([line({ state: 'absent', orderId: null })]), 'anywhere');
    expect(nonces).not.toContain(sent.at(-1)?.body.nonce);
  });

  it('a message that is gone can’t be updated, and that is no error', async () => {
    await announcer(() => true).update(plan(), `${CHANNEL}/1`, report());
  });

  it('asks Discord for nothing about a plan of the command line, and yet counts it as told', async () => {
    const ofCli = plan({ channelId: 'cli', userId: 'cli' });
    expect(await announcer().post(ofCli, report(), 'anywhere')).toEqual({ ref: 'cli', direct: false });
    await announcer().update(ofCli, 'screen', report());
    expect(sent).toEqual([]);
  });
});
