import { DiscordAPIError, REST } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalDiscordUser } from '../client/discord-user.js';
import { OffsetClock } from '../src/base/clock.js';
import { RawBot } from './raw-bot.js';
import { Stage } from './world.js';

describe('rate limits', () => {
  let stage: Stage;
  let tess: LocalDiscordUser;
  let path: `/${string}`;
  afterEach(() => stage.close());

  async function open(rateLimits: object, clock = new OffsetClock()): Promise<void> {
    stage = await Stage.open({ rateLimits, clock });
    tess = await stage.user();
    path = `/channels/${stage.discord.channelId}/messages`;
  }
  const client = (): REST => new REST({ api: stage.discord.apiUrl }).setToken(stage.discord.token);

  it('let discord.js pace itself by the headers without spending a single 429', async () => {
    await open({ messages: { limit: 2, perMs: 400 } });
    const rest = client();
    await Promise.all([1, 2, 3, 4, 5].map((n) => rest.post(path, { body: { content: `${n}` } })));
    const { requests, invalid } = await tess.log();
    expect(requests.map((request) => request.status)).toEqual([200, 200, 200, 200, 200]);
    expect(invalid).toBe(0);
  });

  it('refuse the request beyond the limit with 429, scope user, and let the next window in', async () => {
    await open({ messages: { limit: 2, perMs: 60_000 } });
    const send = () => stage.rest('POST', path, { content: 'x' });
    expect((await send()).headers.get('x-ratelimit-remaining')).toBe('1');
    expect((await send()).headers.get('x-ratelimit-remaining')).toBe('0');
    const third = await send();
    expect(third.status).toBe(429);
    expect(third.headers.get('x-ratelimit-scope')).toBe('user');
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(third.json).toMatchObject({ global: false, code: 0 });
    expect((await tess.log()).invalid).toBe(1);
    await tess.advanceClock(60_000);
    expect((await send()).status).toBe(200);
  });

  it('count each channel by itself, under one bucket name', async () => {
    await open({ messages: { limit: 1, perMs: 60_000 } });
    const { trading, orders } = stage.discord.channelIds;
    const send = (id: string) => stage.rest('POST', `/channels/${id}/messages`, { content: 'x' });
    const [one, other] = [await send(trading), await send(orders)];
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(one.headers.get('x-ratelimit-bucket')).toBe(other.headers.get('x-ratelimit-bucket'));
  });

  it('hold all ordinary routes to the global limit but not interactions', async () => {
    await open({ global: 3 }, new OffsetClock(() => Date.parse('2026-06-15T14:30:00Z')));
    const bot = await RawBot.login(stage);
    await bot.register([{ name: 'ping', description: 'Ping' }]);
    const asked = await bot.interaction(await tess.command('ping'));
    await tess.advanceClock(1_000);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => stage.rest('GET', '/users/@me')));
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused).toHaveLength(2);
    expect(refused[0]?.headers.get('x-ratelimit-global')).toBe('true');
    expect(refused[0]?.json.global).toBe(true);
    expect((await asked.callback({ type: 4, data: { content: 'x' } })).status).toBe(204);
    expect((await asked.edit({ content: 'y' })).status).toBe(200);
  });

  it('let three edits of messages older than an hour pass per channel in six seconds, and name the code', async () => {
    await open({}, new OffsetClock(() => Date.parse('2026-06-15T14:30:00Z')));
    const { id } = (await stage.rest('POST', path, { content: 'works' })).json as { id: string };
    const edit = (content: string) => stage.rest('PATCH', `${path}/${id}`, { content });
    const fresh = [await edit('a'), await edit('b'), await edit('c'), await edit('d')];
    expect(fresh.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await tess.advanceClock(3_600_001);
    const old = [await edit('a'), await edit('b'), await edit('c'), await edit('filled')];
    expect(old.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(old[3]?.json).toMatchObject({ code: 30046, retry_after: 6, global: false });
    // The bucket itself has room: only the message's age stands in the way.
    expect(old[3]?.headers.get('x-ratelimit-remaining')).toBe('1');
    expect(old[3]?.headers.get('retry-after')).toBe('6');
    await tess.advanceClock(6_000);
    expect((await edit('filled')).status).toBe(200);
  });

  it('are off when asked', async () => {
    stage = await Stage.open({ rateLimits: false });
    tess = await stage.user();
    const sends = Array.from({ length: 60 }, () =>
      stage.rest('POST', `/channels/${stage.discord.channelId}/messages`, { content: 'x' }),
    );
    expect(new Set((await Promise.all(sends)).map((answer) => answer.status))).toEqual(new Set([200]));
  });
});

describe('faults', () => {
  let stage: Stage;
  let tess: LocalDiscordUser;
  let path: `/${string}`;
  let rest: REST;
  beforeEach(async () => {
    stage = await Stage.open({ rateLimits: false });
    tess = await stage.user();
    path = `/channels/${stage.discord.channelId}/messages`;
    rest = new REST({ api: stage.discord.apiUrl, timeout: 2_000 }).setToken(stage.discord.token);
  });
  afterEach(() => stage.close());

  const post = (extra: object = {}) => rest.post(path, { body: { content: 'order 1234', ...extra } });
  const posted = async () => (await tess.messages()).length;

  it('5xx-after-commit doubles a message that has no nonce', async () => {
    await tess.faults.add({ route: 'POST /channels/', kind: '5xx-after-commit' });
    await post();
    expect(await posted()).toBe(2);
  });

  it('5xx-after-commit does no harm to a message with an enforced nonce', async () => {
    await tess.faults.add({ route: 'POST /channels/', kind: '5xx-after-commit', times: 2 });
    await post({ nonce: 'plan-37', enforce_nonce: true });
    expect(await posted()).toBe(1);
    expect((await tess.faults.list())[0]).toMatchObject({ fired: 2, left: 0 });
  });

  it('5xx happens before anything else', async () => {
    await tess.faults.add({ kind: '5xx', times: 4 });
    await expect(post()).rejects.toThrow();
    expect(await posted()).toBe(0);
    await post();
    expect(await posted()).toBe(1);
  });

  it('slow-after-commit lets a client time out although its message is there', async () => {
    await tess.faults.add({ kind: 'slow-after-commit', ms: 4_000 });
    await post({ nonce: 'n', enforce_nonce: true });
    expect((await tess.log()).requests.length).toBeGreaterThanOrEqual(2);
    expect(await posted()).toBe(1);
  });

  it('slow waits before it serves', async () => {
    await tess.faults.add({ kind: 'slow', ms: 150 });
    const before = performance.now();
    await post();
    expect(performance.now() - before).toBeGreaterThanOrEqual(149);
    expect(await posted()).toBe(1);
  });

  it('reset cuts the connection before, reset-after-commit after the effect', async () => {
    const raw = () => stage.rest('POST', path, { content: 'x' });
    await tess.faults.add({ kind: 'reset' });
    await expect(raw()).rejects.toThrow();
    expect(await posted()).toBe(0);
    await tess.faults.add({ kind: 'reset-after-commit' });
    await expect(raw()).rejects.toThrow();
    expect(await posted()).toBe(1);
  });

  it('429-user, 429-shared and 429-global are waited out; only shared is no invalid request', async () => {
    for (const kind of ['429-user', '429-shared', '429-global']) {
      await tess.faults.add({ kind, retry_after: 0.1 });
      await post();
    }
    expect(await posted()).toBe(3);
    const { requests, invalid } = await tess.log();
    expect(requests.map((request) => request.status)).toEqual([429, 200, 429, 200, 429, 200]);
    expect(invalid).toBe(2);
  });

  it('429-page answers with a page and Retry-After alone, as what stands before Discord does', async () => {
    await tess.faults.add({ kind: '429-page', retry_after: 25 });
    const { headers, status } = await stage.rest('POST', path, { content: 'x' });
    expect([status, headers.get('retry-after')]).toEqual([429, '25']);
    expect(headers.get('content-type')).toContain('text/html');
    expect([...headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
  });

  it('a 429 on a callback carries its headers too, or a client would hammer on', async () => {
    await tess.faults.add({ route: 'POST /interactions/', kind: '429-user', retry_after: 0.1 });
    const { headers, status } = await stage.rest('POST', '/interactions/1/t/callback', { type: 5 });
    expect([status, headers.get('retry-after')]).toEqual([429, '1']);
  });

  it('exhausted serves the request and says that no other may follow yet', async () => {
    await tess.faults.add({ kind: 'exhausted', retry_after: 0.3 });
    const { headers, status } = await stage.rest('POST', path, { content: 'x' });
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([200, '0']);
    expect(headers.get('x-ratelimit-reset-after')).toBe('0.300');
  });

  it('strike only the route they name, by prefix or expression, and end when cleared', async () => {
    await tess.faults.add({ route: 'PATCH /channels/', kind: '5xx', times: 9 });
    await tess.faults.add({ route: '^GET /users/\\d+$', kind: '5xx', times: 9 });
    await post();
    expect((await stage.rest('GET', '/users/@me')).status).toBe(200);
    expect((await stage.rest('GET', `/users/${tess.id}`)).status).toBe(502);
    await tess.faults.clear();
    expect((await stage.rest('GET', `/users/${tess.id}`)).status).toBe(200);
  });

  it('leave a refusal a refusal', async () => {
    await tess.faults.add({ kind: '5xx-after-commit' });
    await expect(rest.post(path, { body: {} })).rejects.toBeInstanceOf(DiscordAPIError);
  });
});
