import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalDiscordUser } from '../client/discord-user.js';
import { Stage } from './world.js';

const NOWHERE = '123456789012345678';

describe('REST errors', () => {
  let stage: Stage;
  let tess: LocalDiscordUser;
  let channel: string;
  beforeAll(async () => {
    stage = await Stage.open({ rateLimits: false });
    tess = await stage.user();
    channel = `/channels/${stage.discord.channelId}`;
  });
  afterAll(() => stage.close());
  beforeEach(() => tess.changeWorld({ clear_overwrites: stage.discord.channelId }));

  async function outcome(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
    const { status, json } = await stage.rest(method, path, body, headers);
    return { status, code: json.code };
  }
  const deny = (...permissions: string[]) =>
    tess.changeWorld({ deny: { channel_id: stage.discord.channelId, permissions } });

  it.each<[string, string, string, unknown, number, number]>([
    ['an unknown route', 'GET', '/nonsense', undefined, 404, 0],
    ['a wrong method', 'DELETE', '/users/@me', undefined, 405, 0],
    ['an unknown channel', 'GET', `/channels/${NOWHERE}`, undefined, 404, 10003],
    ['an unknown guild', 'GET', `/guilds/${NOWHERE}`, undefined, 404, 10004],
    ['an unknown user', 'GET', `/users/${NOWHERE}`, undefined, 404, 10013],
    ['a DM to an unknown user', 'POST', '/users/@me/channels', { recipient_id: NOWHERE }, 404, 10013],
    [
      'a webhook of no interaction',
      'POST',
      `/webhooks/${NOWHERE}/token?wait=true`,
      { content: 'x' },
      404,
      10015,
    ],
  ])('%s', async (_what, method, path, body, status, code) => {
    expect(await outcome(method, path, body)).toEqual({ status, code });
  });

  it('a missing or wrong token is 401, except where the URL is the authority', async () => {
    for (const authorization of ['', 'Bot wrong', `Bearer ${stage.discord.token}`]) {
      expect(await outcome('GET', '/users/@me', undefined, { authorization })).toEqual({
        status: 401,
        code: 0,
      });
    }
    const hook = await outcome(
      'POST',
      `/webhooks/${NOWHERE}/t?wait=true`,
      { content: 'x' },
      { authorization: '' },
    );
    expect(hook.code).toBe(10015);
  });

  it('another API version is 50041', async () => {
    const response = await fetch(`${stage.discord.apiUrl}/v9/users/@me`);
    expect(await response.json()).toMatchObject({ code: 50041 });
  });

  it('a body that is not JSON is 50109', async () => {
    const response = await fetch(`${stage.discord.apiUrl}/v10${channel}/messages`, {
      method: 'POST',
      headers: { authorization: `Bot ${stage.discord.token}`, 'content-type': 'application/json' },
      body: '{"content":',
    });
    expect(await response.json()).toMatchObject({ code: 50109 });
  });

  it('an unknown message is 10008, for reading, editing and deleting alike', async () => {
    const path = `${channel}/messages/${NOWHERE}`;
    expect(await outcome('GET', path)).toEqual({ status: 404, code: 10008 });
    expect(await outcome('PATCH', path, { content: 'x' })).toEqual({ status: 404, code: 10008 });
    expect(await outcome('DELETE', path)).toEqual({ status: 404, code: 10008 });
  });

  it('who left the guild is an unknown member (10007) and cannot be written to (50278)', async () => {
    const made = await tess.changeWorld({ users: [{ username: 'leaver' }] });
    const { id } = made.users[0];
    const member = `/guilds/${stage.discord.guildId}/members/${id}`;
    expect((await stage.rest('GET', member)).status).toBe(200);
    const { json: dm } = await stage.rest('POST', '/users/@me/channels', { recipient_id: id });
    await tess.changeWorld({ remove_members: [id] });
    expect(await outcome('GET', member)).toEqual({ status: 404, code: 10007 });
    expect(await outcome('POST', `/channels/${dm.id}/messages`, { content: 'x' })).toEqual({
      status: 403,
      code: 50278,
    });
  });

  it('editing what somebody else wrote is 50005, deleting it 50013', async () => {
    const { id } = await tess.say('mine');
    const path = `${channel}/messages/${id}`;
    expect(await outcome('PATCH', path, { content: 'yours' })).toEqual({ status: 403, code: 50005 });
    expect(await outcome('DELETE', path)).toEqual({ status: 403, code: 50013 });
  });

  it('a channel the bot cannot see is 50001', async () => {
    await deny('VIEW_CHANNEL');
    expect(await outcome('POST', `${channel}/messages`, { content: 'x' })).toEqual({
      status: 403,
      code: 50001,
    });
    expect(await outcome('GET', channel)).toEqual({ status: 403, code: 50001 });
  });

  it.each<[string, object]>([
    ['SEND_MESSAGES', { content: 'x' }],
    ['EMBED_LINKS', { embeds: [{ title: 'x' }] }],
  ])('without %s a send is 50013', async (permission, body) => {
    await deny(permission);
    expect(await outcome('POST', `${channel}/messages`, body)).toEqual({ status: 403, code: 50013 });
  });

  it('without ATTACH_FILES only a send with files is 50013', async () => {
    await deny('ATTACH_FILES');
    const form = new FormData();
    form.set('files[0]', new Blob(['x']), 'a.txt');
    form.set('payload_json', JSON.stringify({ content: 'x', attachments: [{ id: '0' }] }));
    expect(await outcome('POST', `${channel}/messages`, form)).toEqual({ status: 403, code: 50013 });
    expect((await stage.rest('POST', `${channel}/messages`, { content: 'x' })).status).toBe(200);
  });

  it('without READ_MESSAGE_HISTORY a reply is 160002', async () => {
    const { id } = await tess.say('answer me');
    await deny('READ_MESSAGE_HISTORY');
    const body = { content: 'x', message_reference: { message_id: id } };
    expect(await outcome('POST', `${channel}/messages`, body)).toEqual({ status: 403, code: 160002 });
  });

  it('without READ_MESSAGE_HISTORY a channel’s messages are an empty list, not an error', async () => {
    await tess.say('seen?');
    expect((await stage.rest('GET', `${channel}/messages`)).json).not.toEqual([]);
    await deny('READ_MESSAGE_HISTORY');
    expect(await stage.rest('GET', `${channel}/messages`)).toMatchObject({ status: 200, json: [] });
  });

  it('a reply to nothing is 50035, unless the bot said that it may be', async () => {
    const reply = (fail: boolean) => ({
      content: 'x',
      message_reference: { message_id: NOWHERE, fail_if_not_exists: fail },
    });
    expect(await outcome('POST', `${channel}/messages`, reply(true))).toEqual({ status: 400, code: 50035 });
    expect((await stage.rest('POST', `${channel}/messages`, reply(false))).json.type).toBe(0);
  });

  it('a DM to someone who takes none is 50007', async () => {
    const made = await tess.changeWorld({ users: [{ username: 'closed', dms: false }] });
    const { json: dm } = await stage.rest('POST', '/users/@me/channels', { recipient_id: made.users[0].id });
    const again = await stage.rest('POST', '/users/@me/channels', { recipient_id: made.users[0].id });
    expect(again.json.id).toBe(dm.id);
    expect(await outcome('POST', `/channels/${dm.id}/messages`, { content: 'x' })).toEqual({
      status: 403,
      code: 50007,
    });
  });

  it('a message to a category is 50008', async () => {
    const made = await tess.changeWorld({ channels: [{ name: 'folder', type: 4 }] });
    const path = `/channels/${made.channels[0].id}/messages`;
    expect(await outcome('POST', path, { content: 'x' })).toEqual({ status: 400, code: 50008 });
  });

  it('a file over 10 MiB is 40005, and so is a request over 25 MiB', async () => {
    const upload = (bytes: number) => {
      const form = new FormData();
      form.set('files[0]', new Blob([new Uint8Array(bytes)]), 'big.bin');
      form.set('payload_json', JSON.stringify({ attachments: [{ id: '0' }] }));
      return outcome('POST', `${channel}/messages`, form);
    };
    const MIB = 1024 * 1024;
    expect((await upload(10 * MIB)).status).toBe(200);
    expect(await upload(10 * MIB + 1)).toEqual({ status: 413, code: 40005 });
    expect(await upload(25 * MIB + 1)).toEqual({ status: 413, code: 40005 });
  });

  it('a file part of another name is 50046', async () => {
    const form = new FormData();
    form.set('photo', new Blob(['x']), 'a.txt');
    form.set('payload_json', JSON.stringify({ content: 'x' }));
    expect(await outcome('POST', `${channel}/messages`, form)).toEqual({ status: 400, code: 50046 });
  });

  it('bulk delete wants 2 to 100 messages, not older than 14 days, and the permission', async () => {
    const path = `${channel}/messages/bulk-delete`;
    const sent = [await tess.say('a'), await tess.say('b')].map((message) => message.id);
    expect(await outcome('POST', path, { messages: sent })).toEqual({ status: 403, code: 50013 });
    await tess.changeWorld({
      allow: { channel_id: stage.discord.channelId, permissions: ['MANAGE_MESSAGES'] },
    });
    expect(await outcome('POST', path, { messages: sent.slice(1) })).toEqual({ status: 400, code: 50035 });
    expect((await stage.rest('POST', path, { messages: sent })).status).toBe(204);
    const old = [await tess.say('c'), await tess.say('d')].map((message) => message.id);
    await tess.advanceClock(14 * 86_400_000 + 1_000);
    expect(await outcome('POST', path, { messages: old })).toEqual({ status: 400, code: 50034 });
  });

  it('pages through messages newest first, before, after and around', async () => {
    const path = `/channels/${stage.discord.channelIds.orders}/messages`;
    const ids: string[] = [];
    for (const content of ['1', '2', '3', '4', '5'])
      ids.push((await stage.rest('POST', path, { content })).json.id);
    const contents = async (query: string) =>
      (await stage.rest('GET', `${path}${query}`)).json.map(
        (message: { content: string }) => message.content,
      );
    expect(await contents('')).toEqual(['5', '4', '3', '2', '1']);
    expect(await contents('?limit=2')).toEqual(['5', '4']);
    expect(await contents(`?before=${ids[2]}`)).toEqual(['2', '1']);
    expect(await contents(`?after=${ids[2]}`)).toEqual(['5', '4']);
    expect(await contents(`?around=${ids[2]}&limit=3`)).toEqual(['4', '3', '2']);
    expect(await outcome('GET', `${path}?limit=101`)).toEqual({ status: 400, code: 50035 });
  });
});
