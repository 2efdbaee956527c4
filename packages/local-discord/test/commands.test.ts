import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stage } from './world.js';

describe('command registration', () => {
  let stage: Stage;
  let guild: string;
  let global: string;
  beforeEach(async () => {
    stage = await Stage.open({ rateLimits: false });
    const { applicationId, guildId } = stage.discord;
    global = `/applications/${applicationId}/commands`;
    guild = `/applications/${applicationId}/guilds/${guildId}/commands`;
  });
  afterEach(() => stage.close());

  const named = (name: string, extra: object = {}) => ({ name, description: `does ${name}`, ...extra });
  const names = async (path: string) =>
    (await stage.rest('GET', path)).json.map((command: { name: string }) => command.name);

  it('replaces the whole list, keeping the id of what stays and its version if nothing changed', async () => {
    const { json: first } = await stage.rest('PUT', guild, [named('a'), named('b')]);
    const { json: second } = await stage.rest('PUT', guild, [
      named('b', { description: 'new' }),
      named('a'),
      named('c'),
    ]);
    const byName = (list: { name: string }[], name: string) => list.find((one) => one.name === name);
    expect(byName(second, 'a')).toEqual(byName(first, 'a'));
    expect(byName(second, 'b')).toMatchObject({ id: first[1].id, description: 'new' });
    expect(second[0].version).not.toBe(first[1].version);
    await stage.rest('PUT', guild, []);
    expect(await names(guild)).toEqual([]);
  });

  it('creates with 201, replaces a namesake with 200, of another type with 201', async () => {
    const created = await stage.rest('POST', guild, named('a'));
    const replaced = await stage.rest('POST', guild, named('a', { description: 'new' }));
    const menu = await stage.rest('POST', guild, { name: 'a', type: 2 });
    expect([created.status, replaced.status, menu.status]).toEqual([201, 200, 201]);
    expect(replaced.json.id).toBe(created.json.id);
    expect(menu.json.id).not.toBe(created.json.id);
  });

  it('reads, changes and deletes one; afterwards it is unknown (10063)', async () => {
    const { json } = await stage.rest('POST', guild, named('a', { default_member_permissions: '32' }));
    const one = `${guild}/${json.id}`;
    expect((await stage.rest('GET', one)).json.default_member_permissions).toBe('32');
    const changed = await stage.rest('PATCH', one, { description: 'changed' });
    expect(changed.json).toMatchObject({
      name: 'a',
      description: 'changed',
      default_member_permissions: '32',
    });
    expect((await stage.rest('DELETE', one)).status).toBe(204);
    expect((await stage.rest('GET', one)).json.code).toBe(10063);
    expect((await stage.rest('DELETE', one)).json.code).toBe(10063);
  });

  it('keeps global and guild lists apart', async () => {
    await stage.rest('POST', guild, named('here'));
    await stage.rest('POST', global, named('everywhere'));
    expect([await names(guild), await names(global)]).toEqual([['here'], ['everywhere']]);
  });

  it('shows translations in a list only on request', async () => {
    await stage.rest('POST', guild, named('a', { name_localizations: { de: 'ah' } }));
    expect((await stage.rest('GET', guild)).json[0].name_localizations).toBeUndefined();
    const { json } = await stage.rest('GET', `${guild}?with_localizations=true`);
    expect(json[0].name_localizations).toEqual({ de: 'ah' });
  });

  it('takes 100 slash commands and not one more (30032)', async () => {
    const hundred = Array.from({ length: 100 }, (_, n) => named(`c${n}`));
    expect((await stage.rest('PUT', guild, hundred)).status).toBe(200);
    expect((await stage.rest('POST', guild, named('c100'))).json.code).toBe(30032);
    expect(await names(guild)).toHaveLength(100);
  });

  it('takes 200 new commands a day per guild (30034) and starts anew the day after', async () => {
    const list = (prefix: string) => Array.from({ length: 100 }, (_, n) => named(`${prefix}${n}`));
    await stage.rest('PUT', guild, list('a'));
    await stage.rest('PUT', guild, list('b'));
    const { status, json } = await stage.rest('PUT', guild, list('c'));
    expect([status, json.code]).toEqual([429, 30034]);
    const tess = await stage.user();
    await tess.advanceClock(86_400_000);
    expect((await stage.rest('PUT', guild, list('c'))).status).toBe(200);
  });

  it('lets a bot touch neither another application nor another guild', async () => {
    const { applicationId } = stage.discord;
    const foreign = await stage.rest('PUT', '/applications/123456789012345678/commands', []);
    expect(foreign.json.code).toBe(10002);
    const elsewhere = await stage.rest(
      'PUT',
      `/applications/${applicationId}/guilds/123456789012345678/commands`,
      [],
    );
    expect(elsewhere.json.code).toBe(50001);
  });
});

describe('several bots', () => {
  it('hear and answer only what is theirs', async () => {
    const stage = await Stage.open({
      rateLimits: false,
      bots: [{ name: 'Bare Bot', token: 'local.bare.token' }],
    });
    const bare = stage.discord.bots[0];
    if (!bare) throw new Error('no second bot');
    const authorization = `Bot ${bare.token}`;
    const path = `/applications/${bare.id}/guilds/${stage.discord.guildId}/commands`;
    const { status } = await stage.rest('PUT', path, [{ name: 'echo', description: 'E' }], { authorization });
    expect(status).toBe(200);
    expect((await stage.rest('PUT', path, [])).json.code).toBe(50001);
    const me = await stage.rest('GET', '/users/@me', undefined, { authorization });
    expect(me.json).toMatchObject({ id: bare.id, username: 'bare_bot', bot: true });
    const tess = await stage.user();
    const { bots } = await tess.state();
    expect(bots.map((one: { username: string }) => one.username)).toEqual(['profit_targets', 'bare_bot']);
    await stage.close();
  });
});
