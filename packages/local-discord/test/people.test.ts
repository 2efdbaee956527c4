import { get } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalDiscordUser, Refused } from '../client/discord-user.js';
import { RawBot } from './raw-bot.js';
import { eventually, Stage } from './world.js';

const COMMANDS = [
  {
    name: 'targets',
    description: 'Targets',
    options: [
      { type: 3, name: 'position', description: 'P', required: true, autocomplete: true, max_length: 10 },
      { type: 4, name: 'count', description: 'C', min_value: 1, max_value: 9 },
      { type: 10, name: 'percent', description: 'P', min_value: 0.5, max_value: 100 },
      { type: 5, name: 'dry_run', description: 'D' },
      { type: 3, name: 'mode', description: 'M', choices: [{ name: 'Fast', value: 'fast' }] },
      { type: 6, name: 'who', description: 'W' },
      { type: 8, name: 'role', description: 'R' },
      { type: 9, name: 'any', description: 'A' },
      { type: 7, name: 'where', description: 'W', channel_types: [0] },
      { type: 11, name: 'file', description: 'F' },
    ],
  },
  {
    name: 'orders',
    description: 'Orders',
    options: [
      { type: 1, name: 'list', description: 'L', options: [{ type: 3, name: 'day', description: 'D' }] },
    ],
  },
  { name: 'admin-only', description: 'A', default_member_permissions: '0' },
  { name: 'managers', description: 'M', default_member_permissions: '8192' },
  { name: 'guild-context', description: 'G', contexts: [0] },
  { name: 'dm-context', description: 'G', contexts: [1] },
];

describe('what a person’s app does before anything reaches the bot', () => {
  let stage: Stage;
  let bot: RawBot;
  let tess: LocalDiscordUser;

  beforeEach(async () => {
    stage = await Stage.open({ rateLimits: false });
    bot = await RawBot.login(stage);
    await bot.register(COMMANDS);
    await stage.rest('PUT', `/applications/${stage.discord.applicationId}/commands`, [
      { name: 'global', description: 'G' },
      { name: 'guild-only-global', description: 'G', contexts: [0] },
    ]);
    tess = await stage.user();
  });
  afterEach(() => stage.close());

  it('fills types in and resolves users, members, roles and channels', async () => {
    const { viewer } = stage.discord.users;
    const role = '1214219564351488002';
    const channel = stage.discord.channelIds.orders;
    const values = {
      position: '37',
      count: 2,
      percent: 62.5,
      dry_run: true,
      mode: 'fast',
      who: viewer,
      role,
      any: role,
      where: channel,
    };
    const { d } = await bot.interaction(await tess.command('targets', values));
    const types = Object.fromEntries(
      d.data.options.map((one: { name: string; type: number }) => [one.name, one.type]),
    );
    expect(types).toEqual({
      position: 3,
      count: 4,
      percent: 10,
      dry_run: 5,
      mode: 3,
      who: 6,
      role: 8,
      any: 9,
      where: 7,
    });
    expect(d.data.resolved.users[viewer].username).toBe('viewer');
    expect(d.data.resolved.members[viewer].permissions).toMatch(/^\d+$/);
    expect(d.data.resolved.roles[role].name).toBe('Trader');
    expect(d.data.resolved.channels[channel].name).toBe('orders');
    expect(d).toMatchObject({ context: 0, guild_id: stage.discord.guildId, entitlements: [], version: 1 });
    expect(d.member.roles).toEqual([role]);
    expect(d.user).toBeUndefined();
  });

  it('uploads a file option and resolves it', async () => {
    const options = [
      { name: 'position', value: '37' },
      {
        name: 'file',
        value: { filename: 'legs.csv', content_base64: Buffer.from('a,b').toString('base64') },
      },
    ];
    const { d } = await bot.interaction(await tess.interact({ kind: 'command', name: 'targets', options }));
    const [file] = Object.values(d.data.resolved.attachments) as { url: string; id: string }[];
    expect(d.data.options[1].value).toBe(file?.id);
    expect(await (await fetch(file?.url ?? '')).text()).toBe('a,b');
  });

  it.each<[string, Record<string, string | number | boolean>]>([
    ['a required option left out', { count: 1 }],
    ['an option that does not exist', { position: '37', nonsense: 1 }],
    ['text longer than allowed', { position: 'x'.repeat(11) }],
    ['empty text', { position: '' }],
    ['a number below the minimum', { position: '37', count: 0 }],
    ['a number above the maximum', { position: '37', count: 10 }],
    ['a fraction for a whole number', { position: '37', count: 1.5 }],
    ['text for a number', { position: '37', percent: 'much' }],
    ['something else than the choices', { position: '37', mode: 'slow' }],
    ['text for a switch', { position: '37', dry_run: 'maybe' }],
    ['a user who does not exist', { position: '37', who: '123456789012345678' }],
  ])('refuses %s', async (_what, options) => {
    await expect(tess.command('targets', options)).rejects.toMatchObject({ status: 400 });
    expect(bot.frames.some((frame) => frame.t === 'INTERACTION_CREATE')).toBe(false);
  });

  it('nests subcommands', async () => {
    const { d } = await bot.interaction(await tess.command('orders', { day: 'today' }, { sub: 'list' }));
    expect(d.data.options).toEqual([
      { name: 'list', type: 1, options: [{ name: 'day', type: 3, value: 'today' }] },
    ]);
    await expect(tess.command('orders')).rejects.toThrow('subcommand');
  });

  it('wants exactly one focused option, of those that complete, and sends it as text', async () => {
    const waiting = tess.autocomplete('targets', 'position', '3', { count: 2 });
    const asked = await bot.nextInteraction();
    expect(asked.d.data.options).toEqual([
      { name: 'count', type: 4, value: 2 },
      { name: 'position', type: 3, value: '3', focused: true },
    ]);
    await asked.callback({ type: 8, data: { choices: [] } });
    expect(await waiting).toEqual([]);
    await expect(tess.autocomplete('targets', 'mode', 'f')).rejects.toThrow('no autocomplete');
  });

  it('offers commands by permission: admins all, others what default_member_permissions lets them', async () => {
    const ada = await stage.user('admin');
    const names = async (user: LocalDiscordUser): Promise<string[]> =>
      (await user.state()).commands.map((command: { name: string }) => command.name);
    expect(await names(ada)).toContain('admin-only');
    expect(await names(tess)).not.toContain('admin-only');
    expect(await names(tess)).not.toContain('managers');
    await tess.changeWorld({ permissions: [{ role: 'Trader', permissions: ['MANAGE_MESSAGES'] }] });
    expect(await names(tess)).toContain('managers');
    await expect(tess.command('admin-only')).rejects.toMatchObject({ status: 404 });
  });

  it('offers commands by place: guild commands not in DMs, and contexts as they say', async () => {
    const dm = await tess.openDm(stage.discord.applicationId);
    const { d } = await bot.interaction(await tess.command('global', {}, { channel: dm }));
    expect(d).toMatchObject({ context: 1, channel: { type: 1 }, user: { id: tess.id } });
    expect(d.member).toBeUndefined();
    expect(d.guild_id).toBeUndefined();
    await expect(tess.command('targets', { position: '1' }, { channel: dm })).rejects.toThrow('no command');
    await expect(tess.command('guild-only-global', {}, { channel: dm })).rejects.toThrow('no command');
    await tess.command('guild-only-global');
  });

  it('gives computed permissions of member and app along', async () => {
    await tess.changeWorld({ deny: { channel_id: stage.discord.channelId, permissions: ['ATTACH_FILES'] } });
    const { d } = await bot.interaction(await tess.command('guild-context'));
    const ATTACH_FILES = 1n << 15n;
    expect(BigInt(d.app_permissions) & ATTACH_FILES).toBe(0n);
    expect(BigInt(d.member.permissions) & ATTACH_FILES).toBe(ATTACH_FILES);
  });

  it('hides channels, messages and commands from those who may not view them', async () => {
    const vic = await stage.user('viewer');
    const { orders } = stage.discord.channelIds;
    await tess.changeWorld({ deny: { channel_id: orders, role: 'Viewer', permissions: ['VIEW_CHANNEL'] } });
    expect((await vic.state()).channels.map((channel: { name: string }) => channel.name)).toEqual([
      'trading',
      'general',
    ]);
    await expect(vic.messages(orders)).rejects.toMatchObject({ status: 404 });
    await expect(vic.command('guild-context', {}, { channel: orders })).rejects.toMatchObject({
      status: 404,
    });
    await tess.say('for traders', orders);
    await tess.say('for all');
    await vic.waitForMessage((message) => message.content === 'for all');
    expect(vic.events.some((event) => event.message?.content === 'for traders')).toBe(false);
  });

  describe('components', () => {
    const row = (...components: object[]) => ({ type: 1, components });
    const button = (custom_id: string, extra: object = {}) => ({
      type: 2,
      style: 1,
      label: custom_id,
      custom_id,
      ...extra,
    });

    async function shown(components: object[], flags = 0): Promise<string> {
      const asked = await bot.interaction(await tess.command('guild-context'));
      await asked.callback({ type: 4, data: { content: 'x', components, flags } });
      return (await tess.answer(asked.id)).id;
    }

    it('refuses a disabled button, a link and a component that is not there', async () => {
      const link = { type: 2, style: 5, label: 'link', url: 'https://example.com' };
      const id = await shown([row(button('off', { disabled: true }), button('on'), link)]);
      const press = (custom_id: string) => tess.interact({ kind: 'component', message_id: id, custom_id });
      await expect(press('off')).rejects.toThrow('disabled');
      await expect(press('gone')).rejects.toMatchObject({ status: 404 });
      expect((await bot.interaction(await press('on'))).d.data).toMatchObject({
        custom_id: 'on',
        component_type: 2,
      });
    });

    it('sends a press as often as it happens, by anyone who sees the message', async () => {
      const vic = await stage.user('viewer');
      const id = await shown([row(button('go'))]);
      await vic.waitForMessage((message) => message.id === id);
      const presses = await Promise.all([tess.press(id, 'go'), tess.press(id, 'go'), vic.press(id, 'go')]);
      const users = await Promise.all(
        presses.map(async (press) => (await bot.interaction(press)).d.member.user.id),
      );
      expect(users).toEqual([tess.id, tess.id, vic.id]);
    });

    it('lets nobody else press on an ephemeral message', async () => {
      const vic = await stage.user('viewer');
      const id = await shown([row(button('go'))], 64);
      const press = { kind: 'component', message_id: id, custom_id: 'go' };
      await expect(vic.interact(press)).rejects.toMatchObject({ status: 404 });
      await tess.interact(press);
    });

    it('refuses a press on a message that is still loading', async () => {
      const asked = await bot.interaction(await tess.command('guild-context'));
      await asked.callback({ type: 5 });
      const [loading] = await tess.messages();
      const press = { kind: 'component', message_id: loading?.id, custom_id: 'go' };
      await expect(tess.interact(press)).rejects.toBeInstanceOf(Refused);
    });

    it('keeps a select’s counts and options, and resolves entity selects', async () => {
      const id = await shown([
        row({
          type: 3,
          custom_id: 's',
          min_values: 1,
          max_values: 2,
          options: ['a', 'b', 'c'].map((one) => ({ label: one, value: one })),
        }),
        row({ type: 5, custom_id: 'u' }),
        row({ type: 8, custom_id: 'c', channel_types: [4] }),
      ]);
      await tess.waitForMessage((message) => message.id === id);
      await expect(tess.select(id, [], 's')).rejects.toThrow('1 to 2');
      await expect(tess.select(id, ['a', 'b', 'c'], 's')).rejects.toThrow('1 to 2');
      await expect(tess.select(id, ['a', 'a'], 's')).rejects.toThrow('twice');
      await expect(tess.select(id, ['z'], 's')).rejects.toThrow('not one of');
      await expect(tess.select(id, stage.discord.channelId, 'c')).rejects.toThrow('type');
      expect((await bot.interaction(await tess.select(id, ['c', 'a'], 's'))).d.data.values).toEqual([
        'c',
        'a',
      ]);
      const picked = await bot.interaction(await tess.select(id, stage.discord.users.viewer, 'u'));
      expect(picked.d.data.resolved.users[stage.discord.users.viewer].username).toBe('viewer');
    });
  });

  describe('modals', () => {
    async function opened(input: object) {
      const asked = await bot.interaction(await tess.command('guild-context'));
      const label = {
        type: 18,
        label: 'Percent',
        component: { type: 4, custom_id: 'p', style: 1, ...input },
      };
      await asked.callback({ type: 9, data: { custom_id: 'm', title: 'Modal', components: [label] } });
      return tess.waitForModal(asked.id);
    }

    it('keep required, shortest and longest input', async () => {
      const modal = await opened({ min_length: 2, max_length: 3 });
      await expect(tess.submitModal(modal, {})).rejects.toThrow('required');
      await expect(tess.submitModal(modal, { p: '1' })).rejects.toThrow('2 to 3');
      await expect(tess.submitModal(modal, { p: '1234' })).rejects.toThrow('2 to 3');
      const { d } = await bot.interaction(await tess.submitModal(modal, { p: '45' }));
      expect(d.data.components[0].component).toMatchObject({ type: 4, custom_id: 'p', value: '45' });
    });

    it('let an optional input stay empty', async () => {
      const modal = await opened({ required: false, min_length: 5 });
      const { d } = await bot.interaction(await tess.submitModal(modal, {}));
      expect(d.data.components[0].component.value).toBe('');
    });

    it('are open to their user alone', async () => {
      const vic = await stage.user('viewer');
      const modal = await opened({});
      await expect(vic.submitModal(modal, { p: 'x' })).rejects.toMatchObject({ status: 404 });
    });
  });

  it('lets people write, and holds them to slow mode', async () => {
    await tess.changeWorld({ slow_mode: { channel_id: stage.discord.channelId, seconds: 30 } });
    await tess.say('one');
    await expect(tess.say('two')).rejects.toMatchObject({ status: 403 });
    await tess.advanceClock(30_000);
    await tess.say('three');
  });

  it('offers context-menu commands with their target', async () => {
    await bot.register([
      { name: 'Look', type: 2 },
      { name: 'Quote', type: 3 },
    ]);
    const said = await tess.say('quote me');
    const menu = (command_type: number, name: string, target_id: string) =>
      tess.interact({ kind: 'command', command_type, name, target_id });
    const look = await bot.interaction(await menu(2, 'Look', tess.id));
    expect(look.d.data).toMatchObject({ type: 2, target_id: tess.id });
    const quote = await bot.interaction(await menu(3, 'Quote', said.id));
    expect(quote.d.data.resolved.messages[said.id].content).toBe('quote me');
  });

  it('streams registrations, channels and resets to every open page', async () => {
    await bot.register([{ name: 'fresh', description: 'F' }]);
    await tess.changeWorld({ channels: [{ name: 'new' }], roles: [{ name: 'Guest' }] });
    const seen = (type: string) => eventually(() => tess.events.findLast((event) => event.type === type));
    expect((await seen('commands')).commands.some((one: { name: string }) => one.name === 'fresh')).toBe(
      true,
    );
    expect((await seen('channels')).channels.some((one: { name: string }) => one.name === 'new')).toBe(true);
    await seen('reset');
  });

  it('answers no page from elsewhere', async () => {
    const response = await fetch(`${stage.discord.url}/local/state`, {
      headers: { origin: 'https://evil.example' },
    });
    expect(response.status).toBe(403);
    const own = await fetch(`${stage.discord.url}/local/state`, { headers: { origin: stage.discord.url } });
    expect(own.status).toBe(200);
    const sandboxed = await fetch(`${stage.discord.url}/local/state`, { headers: { origin: 'null' } });
    expect(sandboxed.status).toBe(403);
    expect(await statusForHost(stage.discord.url, 'rebound.example')).toBe(403);
    expect(await statusForHost(stage.discord.url, 'localhost')).toBe(200);
  });

  it('says what is wrong with a malformed request', async () => {
    await expect(tess.post('/local/interactions', { kind: 'dance' })).rejects.toMatchObject({ status: 400 });
    await expect(tess.get('/local/state?user=123456789012345678')).rejects.toMatchObject({ status: 404 });
    await expect(tess.changeWorld({ typo: 1 })).rejects.toMatchObject({ status: 400 });
    await expect(LocalDiscordUser.join(stage.discord.url, '123456789012345678', '')).rejects.toThrow();
  });
});

/** GET /local/state under another name for the same address, as after DNS rebinding. */
function statusForHost(url: string, name: string): Promise<number | undefined> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    get(`${url}/local/state`, { headers: { host: `${name}:${port}` } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
