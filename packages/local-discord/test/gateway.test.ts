import { type Client, Events, GatewayIntentBits } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalDiscordUser } from '../client/discord-user.js';
import { RawBot } from './raw-bot.js';
import { eventually, Stage } from './world.js';

const NONE = 0;
const GUILDS = 1;

describe('bring-up', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  it('makes guild, channels, roles, own member and permissions known to the client', async () => {
    const bot = await stage.bot();
    const guild = bot.guilds.cache.get(stage.discord.guildId);
    expect(guild).toMatchObject({
      name: 'Trading Desk',
      available: true,
      ownerId: stage.discord.users.admin,
    });
    expect(guild?.channels.cache.map((channel) => channel.name)).toEqual(['trading', 'orders', 'general']);
    expect(guild?.roles.cache.map((role) => role.name).sort()).toEqual(
      ['@everyone', 'Admin', 'Profit Targets', 'Trader', 'Viewer'].sort(),
    );
    const channel = guild?.channels.cache.get(stage.discord.channelId);
    expect(channel?.permissionsFor(bot.user)?.has('SendMessages')).toBe(true);
    expect(channel?.permissionsFor(bot.user)?.has('ManageMessages')).toBe(false);
  });

  it('answers a member request with a chunk', async () => {
    const bot = await stage.bot();
    const guild = await bot.guilds.fetch(stage.discord.guildId);
    const found = await guild.members.fetch({ user: [stage.discord.users.trader] });
    expect(found.get(stage.discord.users.trader)?.user.username).toBe('trader');
  });

  it('leaves the guild unavailable without the GUILDS intent and still delivers interactions', async () => {
    const bot = await RawBot.login(stage, NONE);
    await bot.register([{ name: 'ping', description: 'Ping' }]);
    const tess = await stage.user();
    const asked = await bot.interaction(await tess.command('ping'));
    expect(asked.d.guild_id).toBe(stage.discord.guildId);
    expect(bot.frames.some((frame) => frame.t === 'GUILD_CREATE')).toBe(false);
  });

  it('says online and offline to the people', async () => {
    const tess = await stage.user();
    const bot = await stage.bot();
    await tess.waitForBot(true);
    await bot.destroy();
    await tess.waitForBot(false);
  });

  it('beats at the interval asked for, and beats at once when asked by op 1', async () => {
    await stage.close();
    stage = await Stage.open({ heartbeatIntervalMs: 100, requireHeartbeat: false });
    const bot = await stage.bot();
    await eventually(() => bot.ws.ping >= 0);
    const raw = await RawBot.login(stage);
    raw.send(1, 7);
    await raw.op(11);
  });

  it('cuts a connection whose beats stay away, and its session with it', async () => {
    await stage.close();
    stage = await Stage.open({ heartbeatIntervalMs: 50 });
    const silent = await RawBot.login(stage);
    const session = (await silent.event('READY')).session_id;
    expect(await silent.closed()).toBe(4009);
    const again = await RawBot.connect(stage);
    again.send(6, { token: stage.discord.token, session_id: session, seq: 1 });
    expect((await again.op(9)).d).toBe(false);
  });

  it('serves two shards, each what is its own', async () => {
    const mine = Number((BigInt(stage.discord.guildId) >> 22n) % 2n);
    const other = await RawBot.connect(stage);
    other.identify({ shard: [1 - mine, 2] });
    expect((await other.event('READY')).guilds).toEqual([]);
    const own = await RawBot.connect(stage);
    own.identify({ shard: [mine, 2] });
    expect((await own.event('READY')).guilds).toHaveLength(1);
    await own.event('GUILD_CREATE');
    await own.register([{ name: 'ping', description: 'Ping' }]);
    const tess = await stage.user();
    await own.interaction(await tess.command('ping'));
    expect(other.frames.some((frame) => frame.t === 'INTERACTION_CREATE')).toBe(false);
  });
});

describe('close codes', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  it.each<[string, number, (bot: RawBot) => void]>([
    ['a wrong token', 4004, (bot) => bot.identify({ token: 'wrong' })],
    ['presence before identify', 4003, (bot) => bot.send(3, {})],
    ['an unknown op', 4001, (bot) => bot.send(99, {})],
    ['something that is not JSON', 4002, (bot) => bot.socket.send('{')],
    ['a binary frame', 4002, (bot) => bot.socket.send(Buffer.from('{"op":1,"d":null}'))],
    ['more than 4,096 bytes', 4002, (bot) => bot.send(1, 'x'.repeat(4096))],
    ['a shard beyond its count', 4010, (bot) => bot.identify({ shard: [2, 2] })],
    ['an intent that does not exist', 4013, (bot) => bot.identify({ intents: 1 << 30 })],
    ['intents that are no number', 4013, (bot) => bot.identify({ intents: 'all' })],
    ['a privileged intent that is off', 4014, (bot) => bot.identify({ intents: 1 << 15 })],
    [
      'a second identify',
      4005,
      (bot) => {
        bot.identify();
        bot.identify();
      },
    ],
    [
      'more than 120 frames in a minute',
      4008,
      (bot) => {
        for (let n = 0; n < 121; n += 1) bot.send(1, n);
      },
    ],
  ])('%s earns %i', async (_what, code, act) => {
    const bot = await RawBot.connect(stage);
    await bot.op(10);
    act(bot);
    expect(await bot.closed()).toBe(code);
  });

  it('another API version earns 4012', async () => {
    expect(await (await RawBot.connect(stage, '?v=9&encoding=json')).closed()).toBe(4012);
  });

  it('lets a privileged intent in once it is switched on', async () => {
    await stage.close();
    stage = await Stage.open({ privilegedIntents: ['MESSAGE_CONTENT'] });
    const bot = await RawBot.login(stage, 1 << 15);
    expect(bot.closeCode).toBeNull();
  });

  it('rejects the login of a discord.js client with a wrong token or a privileged intent', async () => {
    await expect(stage.client().login('wrong.token.here')).rejects.toThrow();
    const greedy = stage.client({ intents: [GatewayIntentBits.MessageContent] });
    await expect(greedy.login(stage.discord.token)).rejects.toThrow('disallowed intents');
  });
});

describe('a lost connection', () => {
  let stage: Stage;
  let bot: Client<true>;
  let tess: LocalDiscordUser;
  let identifies: number;

  beforeEach(async () => {
    stage = await Stage.open();
    bot = await stage.bot();
    identifies = 1;
    bot.on(Events.ShardReady, () => {
      identifies += 1;
    });
    bot.on('interactionCreate', async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply(`heard ${interaction.commandName}`);
    });
    await bot.application.commands.set([{ name: 'ping', description: 'Ping' }], stage.discord.guildId);
    tess = await stage.user();
  });
  afterEach(() => stage.close());

  async function stillAnswers(): Promise<void> {
    const answer = await tess.answer(await tess.command('ping'));
    expect(answer.content).toBe('heard ping');
  }

  async function resumed(act: () => Promise<unknown>): Promise<number> {
    const done = new Promise<number>((resolve) =>
      bot.once(Events.ShardResume, (_id, replayed) => resolve(replayed)),
    );
    await act();
    return done;
  }

  it.each<[string, (user: LocalDiscordUser) => Promise<unknown>]>([
    ['a TCP drop', (user) => user.gateway.drop()],
    ['op 7', (user) => user.gateway.reconnect()],
    ['op 9 resumable', (user) => user.gateway.invalidSession(true)],
    ['close 4000', (user) => user.gateway.close(4000)],
    ['an unknown close code', (user) => user.gateway.close(4900)],
  ])('%s is resumed, without a new identify', async (_what, act) => {
    await resumed(() => act(tess));
    await stillAnswers();
    expect(identifies).toBe(1);
  });

  it.each<[string, (user: LocalDiscordUser) => Promise<unknown>]>([
    ['op 9 not resumable', (user) => user.gateway.invalidSession(false)],
    ['close 1000', (user) => user.gateway.close(1000)],
    ['close 4007', (user) => user.gateway.close(4007)],
    ['close 4008', (user) => user.gateway.close(4008)],
    ['close 4009', (user) => user.gateway.close(4009)],
  ])('%s makes the client identify anew', async (_what, act) => {
    await act(tess);
    await eventually(() => identifies === 2);
    await stillAnswers();
  });

  it('a fatal close stops the client for good', async () => {
    const gone = new Promise<number>((resolve) =>
      bot.once(Events.ShardDisconnect, (event) => resolve(event.code)),
    );
    await tess.gateway.close(4004);
    expect(await gone).toBe(4004);
    await tess.waitForBot(false);
    expect(stage.clientErrors).toEqual([]);
  });

  it('replays an interaction that came while the bot was away, and it is answered in time', async () => {
    await tess.gateway.pause();
    const asked = await tess.command('ping');
    await tess.gateway.drop();
    const back = resumed(() => tess.gateway.resume());
    expect(await back).toBeGreaterThanOrEqual(1);
    expect((await tess.answer(asked)).content).toBe('heard ping');
  });

  it('holds events back while paused and lets them go in order', async () => {
    const heard: string[] = [];
    bot.on('interactionCreate', (interaction) => heard.push(interaction.id));
    await tess.gateway.pause();
    const asked = [await tess.command('ping'), await tess.command('ping'), await tess.command('ping')];
    await tess.gateway.resume();
    await eventually(() => heard.length === 3);
    expect(heard).toEqual(asked);
  });
});

describe('resume, frame by frame', () => {
  let stage: Stage;
  let first: RawBot;
  let session: string;
  beforeEach(async () => {
    stage = await Stage.open();
    first = await RawBot.login(stage);
    session = (await first.event('READY')).session_id;
    await first.event('GUILD_CREATE');
    await first.register([{ name: 'ping', description: 'Ping' }]);
  });
  afterEach(() => stage.close());

  async function resumeAt(seq: number, token = stage.discord.token, id = session): Promise<RawBot> {
    first.socket.terminate();
    const second = await RawBot.connect(stage);
    second.send(6, { token, session_id: id, seq });
    return second;
  }

  it('sends exactly what was missed, then RESUMED, counting on', async () => {
    const tess = await stage.user();
    const asked = [await tess.command('ping'), await tess.command('ping')];
    const seen = await eventually(() => first.frames.find((frame) => frame.d?.id === asked[0]));
    const second = await resumeAt(seen.s);
    await second.event('RESUMED');
    const dispatched = second.frames.filter((frame) => frame.op === 0);
    expect(dispatched.map((frame) => frame.t)).toEqual(['INTERACTION_CREATE', 'RESUMED']);
    expect(dispatched[0]?.d.id).toBe(asked[1]);
    expect(dispatched.map((frame) => frame.s)).toEqual([seen.s + 1, seen.s + 2]);
  });

  it.each<[string, () => Promise<RawBot>]>([
    ['an unknown session', () => resumeAt(1, stage.discord.token, 'nonsense')],
    ['a wrong token', () => resumeAt(1, 'wrong')],
    ['a sequence from the future', () => resumeAt(10_000)],
    ['no sequence at all', () => resumeAt(Number.NaN)],
  ])('refuses %s with op 9 false', async (_what, attempt) => {
    expect((await (await attempt()).op(9)).d).toBe(false);
  });

  it('forgets a session that said goodbye with 1000', async () => {
    first.socket.close(1000);
    await first.closed();
    await eventually(async () => {
      const tess = await stage.user();
      return (await tess.gateway.sessions()).length === 0;
    });
    const second = await RawBot.connect(stage);
    second.send(6, { token: stage.discord.token, session_id: session, seq: 1 });
    expect((await second.op(9)).d).toBe(false);
  });

  it('forgets a lost session after a few minutes', async () => {
    const tess = await stage.user();
    first.socket.terminate();
    await tess.waitForBot(false);
    await tess.advanceClock(3 * 60_000 + 1);
    expect((await (await resumeAt(1)).op(9)).d).toBe(false);
  });
});

describe('events by intent', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open({ privilegedIntents: ['MESSAGE_CONTENT', 'GUILD_MEMBERS'] });
  });
  afterEach(() => stage.close());

  it('shows messages only to those who asked, and their text only with the content intent', async () => {
    const plain = await RawBot.login(stage, GUILDS);
    const blind = await RawBot.login(stage, GUILDS | (1 << 9));
    const reading = await RawBot.login(stage, GUILDS | (1 << 9) | (1 << 15));
    const tess = await stage.user();
    await tess.say('hello desk');
    const mention = await tess.say(`hello <@${stage.discord.applicationId}>`);
    expect((await reading.event('MESSAGE_CREATE')).content).toBe('hello desk');
    expect((await blind.event('MESSAGE_CREATE')).content).toBe('');
    const told = await blind.event('MESSAGE_CREATE', (d) => d.id === mention.id);
    expect(told.content).toContain('hello');
    expect(plain.frames.some((frame) => frame.t === 'MESSAGE_CREATE')).toBe(false);
  });

  it('tells of deleted channels and changed members, the latter only with their intent', async () => {
    const bot = await RawBot.login(stage, GUILDS);
    const members = await RawBot.login(stage, GUILDS | (1 << 1));
    const tess = await stage.user();
    await tess.changeWorld({ members: [{ user: tess.id, roles: ['Viewer'] }] });
    await tess.changeWorld({ delete_channel: stage.discord.channelIds.general });
    expect((await bot.event('CHANNEL_DELETE')).id).toBe(stage.discord.channelIds.general);
    expect((await members.event('GUILD_MEMBER_UPDATE')).user.id).toBe(tess.id);
    expect(bot.frames.some((frame) => frame.t === 'GUILD_MEMBER_UPDATE')).toBe(false);
  });

  it('keeps ephemeral messages out of the gateway', async () => {
    const bot = await RawBot.login(stage, GUILDS | (1 << 9));
    await bot.register([{ name: 'ping', description: 'Ping' }]);
    const tess = await stage.user();
    const asked = await bot.interaction(await tess.command('ping'));
    await asked.callback({ type: 4, data: { content: 'private', flags: 64 } });
    await asked.followUp({ content: 'public' });
    expect((await bot.event('MESSAGE_CREATE')).content).toBe('public');
    expect(bot.frames.filter((frame) => frame.t === 'MESSAGE_CREATE')).toHaveLength(1);
  });
});
