import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from './world.js';

/** Routes the story test does not come by; the answer of each is held against Discord's OpenAPI file. */
describe('the server’s own answers fit the spec', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ rateLimits: false });
  });
  afterAll(() => stage.close());

  it.each<[string, (discord: Stage['discord']) => string]>([
    ['GET', () => '/gateway'],
    ['GET', () => '/gateway/bot'],
    ['GET', () => '/users/@me'],
    ['GET', () => '/users/@me/guilds'],
    ['GET', () => '/applications/@me'],
    ['GET', () => '/oauth2/applications/@me'],
    ['GET', ({ users }) => `/users/${users.trader}`],
    ['GET', ({ channelId }) => `/channels/${channelId}`],
    ['GET', ({ guildId }) => `/guilds/${guildId}`],
    ['GET', ({ guildId }) => `/guilds/${guildId}/channels`],
    ['GET', ({ guildId }) => `/guilds/${guildId}/roles`],
    ['GET', ({ guildId }) => `/guilds/${guildId}/members?limit=10`],
    ['GET', ({ guildId, users }) => `/guilds/${guildId}/members/${users.admin}`],
  ])('%s %s', async (method, path) => {
    const { status } = await stage.rest(method, path(stage.discord));
    const tess = await stage.user();
    const { requests } = await tess.log();
    expect(status).toBe(200);
    expect(requests.at(-1)?.reply_faults ?? []).toEqual([]);
  });

  it('PATCH of the own nickname', async () => {
    const path = `/guilds/${stage.discord.guildId}/members/%40me`;
    const { json } = await stage.rest('PATCH', path, { nick: 'Desk' });
    const tess = await stage.user();
    expect(json.nick).toBe('Desk');
    expect((await tess.log()).requests.at(-1)?.reply_faults ?? []).toEqual([]);
  });
});
