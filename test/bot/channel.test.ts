import type { Client } from 'discord.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { DiscordChannel } from '../../src/bot/channel.js';
import { ChannelRefused, ChannelUnavailable } from '../../src/ports/channel.js';
import type { View } from '../../src/screens/view.js';
import { putPages } from '../../src/services/telling/pages.js';
import { RestChannel } from './support/rest.js';

const SINCE = new Date('2026-11-23T15:00:00Z');

let messages: { id: string; content: string; author: { id: string } }[];
let asked: string[];
beforeEach(() => {
  messages = [];
  asked = [];
});

/** Discord by REST; whose bot this is and what it may, the gateway tells only once it is connected. */
function channel(gateway: { mayRead: boolean } | null, readable = gateway?.mayRead ?? true): DiscordChannel {
  const get = async (path: string, { query }: { query?: URLSearchParams } = {}) => {
    asked.push(path);
    if (path === '/users/@me') return { id: '42' };
    const after = BigInt(query?.get('after') ?? 0);
    const limit = Number(query?.get('limit'));
    return readable ? messages.filter(({ id }) => BigInt(id) > after).slice(0, limit) : [];
  };
  const rights = { permissionsFor: () => ({ has: () => gateway?.mayRead }) };
  const known = gateway
    ? { user: { id: '42' }, channels: { cache: new Map([['800', rights]]) } }
    : { user: null };
  return new DiscordChannel({ rest: { setToken: () => {}, get }, ...known } as unknown as Client, 'token');
}

const put = (text: string, author = '42') => {
  const id = String((BigInt(SINCE.getTime() - 1_420_070_400_000) << 22n) + BigInt(messages.length + 1));
  messages.push({ id, content: text, author: { id: author } });
  return `800/${id}`;
};
const found = async (from: DiscordChannel) =>
  (await from.find('800', SINCE, ({ content }) => content.startsWith('ours'))).map(({ ref }) => ref);

describe('what we posted', () => {
  it.each([
    ['connected', { mayRead: true }],
    ['not connected yet', null],
  ])('is found again, and nobody else’s, while the gateway is %s', async (_name, gateway) => {
    put('ours by another', '43');
    const ours = [put('ours'), put('ours too')];
    put('of ours about something else');
    expect(await found(channel(gateway))).toEqual(ours);
  });

  it('is found behind however many messages of others', async () => {
    for (let index = 0; index < 1_200; index += 1) put('talk', '43');
    const ours = put('ours');
    expect(await found(channel({ mayRead: true }))).toEqual([ours]);
  });
});

describe('nothing found', () => {
  it('proves that nothing is there where the history may be read', async () => {
    put('talk', '43');
    expect(await found(channel({ mayRead: true }))).toEqual([]);
    expect(await found(channel(null))).toEqual([]);
  });

  it('proves nothing where it may not be read', async () => {
    await expect(found(channel({ mayRead: false }))).rejects.toBeInstanceOf(ChannelRefused);
  });

  it('proves nothing before it is known whether it may be read', async () => {
    await expect(found(channel(null, false))).rejects.toBeInstanceOf(ChannelUnavailable);
  });
});

describe('an earlier try that got out after it was given up', () => {
  const page = (content: string): View => ({ content, embeds: [], components: [] });

  const posting = { channelId: '800', mentions: [], nonce: 'n' };

  it('says what the later one was to say: Discord answers a repeated nonce with the earlier message', async () => {
    const discord = new RestChannel(() => SINCE);
    const sut = new DiscordChannel(discord.client, 'token');
    const { ref } = await sut.post({ ...posting, page: page('on its way') });
    expect(await putPages(sut, { ...posting, pages: [page('filled')] })).toEqual([ref]);
    expect(discord.messages.map(({ content }) => content)).toEqual(['filled']);
    // What is the same is left alone.
    const calls = discord.calls.length;
    await putPages(sut, { ...posting, pages: [page('filled')] });
    expect(discord.calls.slice(calls)).toEqual(['post']);
  });

  it('changes nothing when its own answer comes: that the other one is the later nobody knows any more', async () => {
    const discord = new RestChannel(() => SINCE);
    const sut = new DiscordChannel(discord.client, 'token');
    await sut.post({ ...posting, page: page('filled') });
    expect(await sut.post({ ...posting, page: page('on its way') })).toMatchObject({ isEarlier: true });
    expect(discord.messages.map(({ content }) => content)).toEqual(['filled']);
  });
});

describe('a thread in which nobody wrote for a while', () => {
  const page = (content: string): View => ({ content, embeds: [], components: [] });
  const posting = { channelId: '800', mentions: [], nonce: 'n', page: page('works') };

  async function posted() {
    const discord = new RestChannel(() => SINCE);
    const sut = new DiscordChannel(discord.client, 'token');
    return { discord, sut, ref: (await sut.post(posting)).ref };
  }

  it('is opened for what was said there to stay true', async () => {
    const { discord, sut, ref } = await posted();
    discord.archived.set('800', 'open');
    await sut.edit(ref, page('cancelled'));
    expect(discord.messages.map(({ content }) => content)).toEqual(['cancelled']);
    discord.archived.set('800', 'open');
    await sut.attach(ref, { name: 'a.png', alt: 'a', bytes: new Uint8Array() });
    discord.archived.set('800', 'open');
    await sut.remove(ref);
    expect(discord.messages).toEqual([]);
  });

  it('stays closed where somebody locked it: that is a no that stays', async () => {
    const { discord, sut, ref } = await posted();
    discord.archived.set('800', 'locked');
    await expect(sut.edit(ref, page('cancelled'))).rejects.toMatchObject({ fate: 'forbidden' });
    expect(discord.messages.map(({ content }) => content)).toEqual(['works']);
  });
});
