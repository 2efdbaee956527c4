import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Session } from '../../src/brokers/tastytrade/session.js';
import { BrokerLoginError, BrokerUnreachable } from '../../src/domain/errors.js';
import { Secrets } from '../../src/ports/secrets.js';
import { VirtualClock } from './support/clocks.js';
import {
  CLIENT_SECRET,
  FakeApi,
  failure,
  grant,
  hangUp,
  REFRESH_TOKEN,
  silence,
} from './support/fake-api.js';
import { told } from './support/told.js';

const GRANT = 'POST /oauth/token';

let api: FakeApi;
let clock: VirtualClock;
let sut: Session;

function session(timeoutMs = 5_000): Session {
  return new Session({
    apiUrl: api.url,
    clientSecret: CLIENT_SECRET,
    refreshToken: REFRESH_TOKEN,
    userAgent: 'profit-target-bot/0.0.0-test',
    timeoutMs,
    clock,
    logger: pino({ level: 'silent' }),
    secrets: new Secrets(),
  });
}

beforeEach(async () => {
  api = await FakeApi.start();
  clock = new VirtualClock();
  sut = session();
});
afterEach(() => api.close());

describe('Session', () => {
  it('sends the refresh grant as JSON, with a user agent and without authorization', async () => {
    await sut.token();
    const [seen] = api.asked(GRANT);
    expect(JSON.parse(seen?.body ?? '')).toEqual({
      grant_type: 'refresh_token',
      refresh_token: REFRESH_TOKEN,
      client_secret: CLIENT_SECRET,
    });
    expect(seen?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'profit-target-bot/0.0.0-test',
    });
    expect(seen?.headers.authorization).toBeUndefined();
  });

  it('lets many callers share one renewal', async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, () => sut.token()));
    expect(new Set(tokens).size).toBe(1);
    expect(api.asked(GRANT)).toHaveLength(1);
  });

  it('renews 60 seconds before the end, not earlier', async () => {
    const first = await sut.token();
    clock.advance(839_999);
    expect(await sut.token()).toBe(first);
    clock.advance(1);
    expect(await sut.token()).not.toBe(first);
  });

  it.each([
    ['missing', undefined, 840],
    ['nonsense', 'soon', 840],
    ['a day', 86_400, 3_540],
    ['nothing', 0, 5],
    ['negative', -900, 5],
    ['shorter than the early minute', 30, 15],
    ['a string', '900', 840],
  ])('bounds a life that is %s', async (_, life, renewsAfterS) => {
    api.on(GRANT, grant('token-a', life), grant('token-b', life));
    expect(await sut.token()).toBe('token-a');
    clock.advance(renewsAfterS * 1_000 - 1);
    expect(await sut.token()).toBe('token-a');
    clock.advance(1);
    expect(await sut.token()).toBe('token-b');
  });

  it('drops only the token that was refused', async () => {
    const first = await sut.token();
    sut.invalidate(first);
    const second = await sut.token();
    sut.invalidate(first);
    expect(await sut.token()).toBe(second);
    expect(api.asked(GRANT)).toHaveLength(2);
  });

  it.each([
    [
      "the broker's own form",
      400,
      { error_code: 'invalid_grant', error_description: 'Client secret mismatch' },
      /invalid_grant, Client secret mismatch/,
    ],
    [
      'the RFC form',
      400,
      { error: 'invalid_grant', error_description: 'Grant revoked' },
      /invalid_grant, Grant revoked/,
    ],
    [
      'the form of its other answers',
      401,
      { error: { code: 'unauthorized', message: 'No' } },
      /unauthorized, No/,
    ],
    ['a page', 403, '<html>', /HTTP 403/],
    ['success without a token', 200, { token_type: 'Bearer' }, /no access token/],
    ['an empty token', 200, { access_token: '' }, /no access token/],
  ])('calls %s a login error', async (_, status, body, text) => {
    api.on(GRANT, { status, body });
    await expect(sut.token()).rejects.toThrow(BrokerLoginError);
    expect(await told(sut.token())).toMatch(text);
  });

  it('rests after a refusal, longer each time, so that the address is not locked out', async () => {
    api.on(GRANT, { status: 400, body: { error: 'invalid_client' } });
    await expect(sut.token()).rejects.toThrow(BrokerLoginError);
    clock.advance(14_999);
    await expect(sut.token()).rejects.toThrow(BrokerLoginError);
    expect(api.asked(GRANT)).toHaveLength(1);
    clock.advance(1);
    await expect(sut.token()).rejects.toThrow(BrokerLoginError);
    clock.advance(29_999);
    await expect(sut.token()).rejects.toThrow(BrokerLoginError);
    expect(api.asked(GRANT)).toHaveLength(2);
    clock.advance(1);
    api.on(GRANT, grant('mended'));
    expect(await sut.token()).toBe('mended');
  });

  it.each([408, 429, 500, 503])('says unreachable, and asks again at once, after HTTP %i', async (status) => {
    api.on(GRANT, { status, body: '' }, grant('later'));
    await expect(sut.token()).rejects.toThrow(BrokerUnreachable);
    expect(await sut.token()).toBe('later');
  });

  it('says unreachable when the connection drops or nothing comes', async () => {
    api.on(GRANT, hangUp);
    await expect(sut.token()).rejects.toThrow(BrokerUnreachable);
    api.on(GRANT, silence);
    expect(await told(session(50).token())).toMatch(/no answer within 50 ms/);
  });

  it('does not follow a redirect with the secrets', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      api.on(GRANT, { status, headers: { Location: '/elsewhere' } });
      await expect(session().token()).rejects.toThrow(BrokerLoginError);
    }
    expect(api.seen.filter(({ url }) => url === '/elsewhere')).toEqual([]);
  });

  it('goes on with the old token while renewal fails and it still lives', async () => {
    api.on(GRANT, grant('old'), { status: 503 });
    expect(await sut.token()).toBe('old');
    clock.advance(899_999);
    expect(await sut.token()).toBe('old');
    clock.advance(1);
    await expect(sut.token()).rejects.toThrow(BrokerUnreachable);
  });

  it('refuses an endless answer', async () => {
    api.on(GRANT, { body: { access_token: 'x'.repeat(100_000) } });
    expect(await told(sut.token())).toMatch(/more than 65536 bytes/);
  });

  it('never repeats a secret the broker repeats, nor shows one when printed', async () => {
    api.on(GRANT, failure(400, 'invalid', `client ${CLIENT_SECRET} token ${REFRESH_TOKEN}`));
    const error = await sut.token().catch((caught: unknown) => caught as Error);
    const shown = `${(error as Error).message} ${JSON.stringify(error)} ${JSON.stringify(sut)}`;
    expect(shown).toContain('[secret]');
    expect(shown).not.toContain(CLIENT_SECRET);
    expect(shown).not.toContain(REFRESH_TOKEN);
  });
});
