import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalDiscordUser } from '../client/discord-user.js';
import { RawBot } from './raw-bot.js';
import { Stage } from './world.js';

describe('messages', () => {
  let stage: Stage;
  let tess: LocalDiscordUser;
  let path: string;
  beforeEach(async () => {
    stage = await Stage.open({ rateLimits: false });
    tess = await stage.user();
    path = `/channels/${stage.discord.channelId}/messages`;
  });
  afterEach(() => stage.close());

  const post = (body: unknown) => stage.rest('POST', path, body);

  it('gives the earlier message back for the same enforced nonce, within minutes', async () => {
    const body = { content: 'order placed', nonce: 'plan-37', enforce_nonce: true };
    const first = await post(body);
    const again = await post({ ...body, content: 'something else' });
    expect(again.json.id).toBe(first.json.id);
    expect(again.json.content).toBe('order placed');
    expect(await tess.messages()).toHaveLength(1);
    await tess.advanceClock(5 * 60_000 + 1_000);
    expect((await post(body)).json.id).not.toBe(first.json.id);
  });

  it('posts twice for the same nonce when it is not enforced', async () => {
    const body = { content: 'x', nonce: 'same' };
    expect((await post(body)).json.id).not.toBe((await post(body)).json.id);
  });

  it('changes only what an edit names', async () => {
    const { json: sent } = await post({ content: 'text', embeds: [{ title: 'embed' }] });
    const { json: edited } = await stage.rest('PATCH', `${path}/${sent.id}`, { content: 'new' });
    expect(edited.embeds[0].title).toBe('embed');
    expect(edited.edited_timestamp).not.toBeNull();
    const { json: cleared } = await stage.rest('PATCH', `${path}/${sent.id}`, { content: null });
    expect(cleared.content).toBe('');
  });

  const form = (json: object, names: string[]) => {
    const data = new FormData();
    for (const [index, name] of names.entries()) data.set(`files[${index}]`, new Blob([name]), name);
    data.set('payload_json', JSON.stringify(json));
    return data;
  };

  it('leaves words and buttons as they are where an edit brings files alone', async () => {
    const button = { type: 2, style: 1, custom_id: 'b', label: 'Press' };
    const { json: sent } = await post({ content: 'text', components: [{ type: 1, components: [button] }] });
    const body = form({ attachments: [{ id: '0', description: 'in words' }] }, ['a.png']);
    const { json } = await stage.rest('PATCH', `${path}/${sent.id}`, body);
    expect(json).toMatchObject({
      content: 'text',
      components: sent.components,
      attachments: [{ filename: 'a.png', description: 'in words' }],
    });
  });

  it('takes ten files in all, kept ones included', async () => {
    const names = Array.from({ length: 9 }, (_, index) => `${index}.txt`);
    const { json: sent } = await post(form({}, names));
    const kept = sent.attachments.map(({ id }: { id: string }) => ({ id }));
    const with2 = form({ attachments: [...kept, { id: '0' }, { id: '1' }] }, ['x.txt', 'y.txt']);
    expect((await stage.rest('PATCH', `${path}/${sent.id}`, with2)).json.code).toBe(50035);
    const unlisted = form({}, ['x.txt', 'y.txt']);
    const refused = await stage.rest('PATCH', `${path}/${sent.id}`, unlisted);
    expect([refused.status, refused.json.code]).toEqual([400, 30015]);
    const with1 = form({ attachments: [...kept, { id: '0' }] }, ['x.txt']);
    expect((await stage.rest('PATCH', `${path}/${sent.id}`, with1)).json.attachments).toHaveLength(10);
  });

  it('takes the list of attachments in an edit as complete', async () => {
    const { json: sent } = await post(form({ attachments: [{ id: '0' }, { id: 1 }] }, ['a.txt', 'b.txt']));
    const [a, b] = sent.attachments;
    const edit = await stage.rest(
      'PATCH',
      `${path}/${sent.id}`,
      form({ attachments: [{ id: b.id }, { id: '0', description: 'third' }] }, ['c d.txt']),
    );
    expect(edit.json.attachments.map((file: { filename: string }) => file.filename)).toEqual([
      'b.txt',
      'c_d.txt',
    ]);
    expect(edit.json.attachments[1].description).toBe('third');
    expect((await fetch(a.url)).status).toBe(404);
    expect(await (await fetch(b.url)).text()).toBe('b.txt');
  });

  it('shows in an embed only a file that is there after the edit', async () => {
    const shown = (name: string) => ({ embeds: [{ title: 't', image: { url: `attachment://${name}` } }] });
    const spaced = form({ ...shown('a_b.png'), attachments: [{ id: '0' }] }, ['a b.png']);
    expect((await post(spaced)).json.embeds[0].image.url).toContain('/a_b.png');
    const renamed = form({ ...shown('new.png'), attachments: [{ id: '0', filename: 'new.png' }] }, ['o.png']);
    const { json: sent } = await post(renamed);
    expect(sent.embeds[0].image.url).toContain('/new.png');
    const dropped = form({ ...shown('new.png'), attachments: [{ id: '0' }] }, ['other.png']);
    expect((await stage.rest('PATCH', `${path}/${sent.id}`, dropped)).json.code).toBe(50035);
  });

  it('pings whom allowed_mentions lets it, and nobody else', async () => {
    const { trader, viewer } = stage.discord.users;
    const content = `<@${trader}> <@${viewer}> @everyone`;
    const ids = (json: { mentions: { id: string }[] }) => json.mentions.map((user) => user.id);
    const open = (await post({ content })).json;
    expect(ids(open)).toEqual([trader, viewer]);
    expect(open.mention_everyone).toBe(true);
    const none = (await post({ content, allowed_mentions: { parse: [] } })).json;
    expect(ids(none)).toEqual([]);
    expect(none.mention_everyone).toBe(false);
    const one = (await post({ content, allowed_mentions: { users: [trader] } })).json;
    expect(ids(one)).toEqual([trader]);
  });

  it('pings only users by default in answers to interactions', async () => {
    const bot = await RawBot.login(stage);
    await bot.register([{ name: 'ping', description: 'Ping' }]);
    const asked = await bot.interaction(await tess.command('ping'));
    await asked.callback({ type: 4, data: { content: `<@${tess.id}> @everyone` } });
    const { json } = await asked.original();
    expect(json.mention_everyone).toBe(false);
    expect(json.mentions.map((user: { id: string }) => user.id)).toEqual([tess.id]);
  });

  it('numbers components and fills their defaults in', async () => {
    const select = { type: 3, custom_id: 's', options: [{ label: 'a', value: 'a' }] };
    const { json } = await post({ components: [{ type: 1, components: [select] }] });
    expect(json.components[0].id).toBe(1);
    expect(json.components[0].components[0]).toMatchObject({ id: 2, min_values: 1, max_values: 1 });
  });

  it('shows every kind of v2 component in an answer that fits the spec', async () => {
    const form = new FormData();
    form.set('files[0]', new Blob(['x']), 'data.csv');
    const components = [
      {
        type: 17,
        components: [
          {
            type: 9,
            components: [{ type: 10, content: 'text' }],
            accessory: { type: 11, media: { url: 'https://example.com/a.png' } },
          },
          { type: 14 },
          { type: 12, items: [{ media: { url: 'https://example.com/b.png' } }] },
          { type: 13, file: { url: 'attachment://data.csv' } },
        ],
      },
      { type: 1, components: [{ type: 5, custom_id: 'who' }] },
    ];
    form.set('payload_json', JSON.stringify({ flags: 32768, components, attachments: [{ id: '0' }] }));
    const { status, json } = await post(form);
    expect(status).toBe(200);
    expect(json.components[0].components[3]).toMatchObject({ name: 'data.csv', size: 1 });
    expect(json.attachments).toEqual([]);
    const { requests } = await tess.log();
    expect(requests.flatMap((request) => request.reply_faults ?? [])).toEqual([]);
  });

  it('marks answers with their interaction and refers to the message of a press', async () => {
    const bot = await RawBot.login(stage);
    await bot.register([{ name: 'ping', description: 'Ping' }]);
    const asked = await bot.interaction(await tess.command('ping'));
    const button = { type: 2, style: 1, label: 'Go', custom_id: 'go' };
    await asked.callback({
      type: 4,
      data: { content: 'x', components: [{ type: 1, components: [button] }] },
    });
    const first = await tess.answer(asked.id);
    expect(first).toMatchObject({ type: 20, interaction_metadata: { id: asked.id, type: 2 } });
    const pressed = await bot.interaction(await tess.press(first, 'Go'));
    expect(pressed.d.message.id).toBe(first.id);
    await pressed.callback({ type: 4, data: { content: 'y' } });
    const second = await tess.answer(pressed.id);
    expect(second.message_reference?.message_id).toBe(first.id);
    expect(second.interaction_metadata?.interacted_message_id).toBe(first.id);
    const { json: followUp } = await pressed.followUp({ content: 'z' });
    expect(followUp.interaction_metadata.original_response_message_id).toBe(second.id);
  });

  it('does not let one interaction edit what another one posted', async () => {
    const bot = await RawBot.login(stage);
    await bot.register([{ name: 'ping', description: 'Ping' }]);
    const one = await bot.interaction(await tess.command('ping'));
    const two = await bot.interaction(await tess.command('ping'));
    await one.callback({ type: 4, data: { content: 'one' } });
    await two.callback({ type: 4, data: { content: 'two' } });
    const { json } = await two.original();
    expect((await one.edit({ content: 'stolen' }, json.id)).json.code).toBe(10008);
  });
});
