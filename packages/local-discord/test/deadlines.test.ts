import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalDiscordUser } from '../client/discord-user.js';
import { OffsetClock } from '../src/base/clock.js';
import { RawBot } from './raw-bot.js';
import { Stage } from './world.js';

const MINUTE = 60_000;

const START = Date.parse('2026-06-15T14:30:00Z');

/** The clock stands still unless a test moves it: both sides of each limit, and no real second waited. */
describe('deadlines and the state of an interaction', () => {
  let stage: Stage;
  let bot: RawBot;
  let tess: LocalDiscordUser;

  beforeEach(async () => {
    stage = await Stage.open({ rateLimits: false, clock: new OffsetClock(() => START) });
    bot = await RawBot.login(stage);
    await bot.register([
      { name: 'ping', description: 'Ping' },
      {
        name: 'find',
        description: 'Find',
        options: [{ type: 3, name: 'what', description: 'What', autocomplete: true }],
      },
    ]);
    tess = await stage.user();
  });
  afterEach(() => stage.close());

  it('takes an answer just within three seconds', async () => {
    const id = await tess.command('ping');
    const asked = await bot.interaction(id);
    await tess.advanceClock(2_999);
    expect((await asked.callback({ type: 4, data: { content: 'pong' } })).status).toBe(204);
    expect(await tess.interaction(id)).toMatchObject({
      state: 'acked',
      callback_type: 4,
      acked_after_ms: 2_999,
    });
  });

  it('refuses an answer after three seconds with 10062 and tells the person', async () => {
    const id = await tess.command('ping');
    const asked = await bot.interaction(id);
    await tess.advanceClock(3_000);
    const { status, json } = await asked.callback({ type: 4, data: { content: 'late' } });
    expect({ status, code: json.code }).toEqual({ status: 404, code: 10062 });
    const { state, error } = await tess.waitForInteraction(id);
    expect({ state, error }).toEqual({ state: 'failed', error: 'The application did not respond' });
    expect(await tess.messages()).toEqual([]);
  });

  it('refuses a second answer with 40060, whatever it is', async () => {
    const asked = await bot.interaction(await tess.command('ping'));
    await asked.callback({ type: 5 });
    for (const type of [4, 5, 9]) {
      const body = type === 9 ? modal() : { type, data: { content: 'again' } };
      const { status, json } = await asked.callback(body);
      expect({ status, code: json.code }).toEqual({ status: 400, code: 40060 });
    }
  });

  it('takes exactly one of two answers that arrive at once', async () => {
    const asked = await bot.interaction(await tess.command('ping'));
    const body = { type: 4, data: { content: 'once' } };
    const both = await Promise.all([asked.callback(body), asked.callback(body)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([204, 400]);
    expect(await tess.messages()).toHaveLength(1);
  });

  it('leaves an interaction answerable after a refused answer', async () => {
    const asked = await bot.interaction(await tess.command('ping'));
    expect((await asked.callback({ type: 4, data: {} })).json.code).toBe(50006);
    expect((await asked.callback({ type: 4, data: { content: 'right' } })).status).toBe(204);
  });

  it('knows no other token and no other id', async () => {
    const asked = await bot.interaction(await tess.command('ping'));
    const body = { type: 4, data: { content: 'x' } };
    const wrongToken = await stage.rest('POST', `/interactions/${asked.id}/nonsense/callback`, body);
    const wrongId = await stage.rest(
      'POST',
      `/interactions/123456789012345678/${asked.token}/callback`,
      body,
    );
    expect([wrongToken.json.code, wrongId.json.code]).toEqual([10062, 10062]);
  });

  it('gives the token no power before the first answer (10015)', async () => {
    const asked = await bot.interaction(await tess.command('ping'));
    expect((await asked.followUp({ content: 'too early' })).json.code).toBe(10015);
    expect((await asked.edit({ content: 'too early' })).json.code).toBe(10015);
  });

  it('ends the token fifteen minutes after the start (50027, 401)', async () => {
    const asked = await bot.interaction(await tess.command('ping'));
    await asked.callback({ type: 4, data: { content: 'first' } });
    await tess.advanceClock(15 * MINUTE);
    expect((await asked.edit({ content: 'in time' })).status).toBe(200);
    await tess.advanceClock(1);
    const { status, json } = await asked.edit({ content: 'too late' });
    expect({ status, code: json.code }).toEqual({ status: 401, code: 50027 });
    expect((await tess.messages())[0]?.content).toBe('in time');
  });

  it('shows a deferral that nobody filled in as failed once the token has run out', async () => {
    const asked = await bot.interaction(await tess.command('ping'));
    await asked.callback({ type: 5 });
    expect((await tess.messages())[0]).toMatchObject({ loading: true, flags: 128 });
    await tess.advanceClock(15 * MINUTE);
    const [message] = await tess.messages();
    expect(message).toMatchObject({ failed: true });
    expect(message?.loading).toBeUndefined();
  });

  it('fills a deferral with the first follow-up, ignoring its ephemeral flag', async () => {
    const asked = await bot.interaction(await tess.command('ping'));
    await asked.callback({ type: 5 });
    const first = await asked.followUp({ content: 'filled', flags: 64 });
    const second = await asked.followUp({ content: 'private', flags: 64 });
    const original = await asked.original();
    expect(first.json).toMatchObject({ id: original.json.id, content: 'filled', flags: 0 });
    expect(second.json.flags).toBe(64);
    expect(second.json.id).not.toBe(original.json.id);
  });

  it('has no @original after an autocomplete, an open modal or a deletion (10008)', async () => {
    const opened = await bot.interaction(await tess.command('ping'));
    await opened.callback(modal());
    expect((await opened.original()).json.code).toBe(10008);
    const replied = await bot.interaction(await tess.command('ping'));
    await replied.callback({ type: 4, data: { content: 'x' } });
    expect((await replied.remove()).status).toBe(204);
    expect((await replied.original()).json.code).toBe(10008);
  });

  it('lets completions wait at most three seconds', async () => {
    const late = expect(tess.autocomplete('find', 'what', 'x')).rejects.toMatchObject({ status: 504 });
    const asked = await bot.nextInteraction();
    await tess.advanceClock(3_000);
    await late;
    expect((await asked.callback({ type: 8, data: { choices: [] } })).json.code).toBe(10062);
  });

  it.each([
    ['a command', 6],
    ['a command', 7],
    ['a command', 8],
  ])('refuses for %s the callback type %i', async (_what, type) => {
    const asked = await bot.interaction(await tess.command('ping'));
    const { status, json } = await asked.callback({
      type,
      data: type === 8 ? { choices: [] } : { content: 'x' },
    });
    expect({ status, code: json.code }).toEqual({ status: 400, code: 50035 });
    expect(json.errors.type._errors[0].code).toBe('BASE_TYPE_CHOICES');
  });

  it('refuses a message for an autocomplete, and choices of the wrong type', async () => {
    const waiting = tess.autocomplete('find', 'what', 'x');
    const asked = await bot.nextInteraction();
    expect((await asked.callback({ type: 4, data: { content: 'x' } })).json.code).toBe(50035);
    const wrong = await asked.callback({ type: 8, data: { choices: [{ name: 'n', value: 5 }] } });
    expect(wrong.json.errors.data.choices[0].value._errors[0].code).toBe('MODEL_TYPE_CONVERT');
    const long = await asked.callback({
      type: 8,
      data: { choices: [{ name: 'n', value: 'x'.repeat(101) }] },
    });
    expect(long.json.errors.data.choices[0].value._errors[0].code).toBe('BASE_TYPE_MAX_LENGTH');
    await asked.callback({ type: 8, data: { choices: [{ name: 'n', value: 'v' }] } });
    expect(await waiting).toEqual([{ name: 'n', value: 'v' }]);
  });

  it('refuses a deferral with flags other than ephemeral, a message without data and a modal of six', async () => {
    const asked = await bot.interaction(await tess.command('ping'));
    const flags = await asked.callback({ type: 5, data: { flags: 32768 } });
    expect(flags.json.errors.data.flags._errors[0].code).toBe('BASE_TYPE_CHOICES');
    expect((await asked.callback({ type: 4 })).json.errors.data._errors[0].code).toBe('BASE_TYPE_REQUIRED');
    const six = await asked.callback(modal(6));
    expect(six.json.errors.data.components._errors[0].code).toBe('BASE_TYPE_BAD_LENGTH');
  });

  it('answers with_response with the message for types 4 and 7 only', async () => {
    const replied = await bot.interaction(await tess.command('ping'));
    const withMessage = await replied.callback({ type: 4, data: { content: 'x' } }, true);
    expect(withMessage.json.resource.message.content).toBe('x');
    expect(withMessage.json.interaction.response_message_loading).toBe(false);
    const deferred = await bot.interaction(await tess.command('ping'));
    const without = await deferred.callback({ type: 5 }, true);
    expect(without.json.resource).toBeUndefined();
    expect(without.json.interaction.response_message_loading).toBe(true);
  });
});

function modal(inputs = 1): object {
  const input = (n: number) => ({
    type: 1,
    components: [{ type: 4, custom_id: `i${n}`, style: 1, label: 'L' }],
  });
  return {
    type: 9,
    data: { custom_id: 'm', title: 'M', components: Array.from({ length: inputs }, (_, n) => input(n)) },
  };
}
