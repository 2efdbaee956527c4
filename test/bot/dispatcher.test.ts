import { DiscordAPIError, type Interaction, MessageFlags } from 'discord.js';
import fc from 'fast-check';
import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { Dispatcher } from '../../src/bot/dispatcher.js';
import { LastingClient } from '../../src/bot/lasting-client.js';
import type { App } from '../../src/commands/app.js';
import type { Command, Part } from '../../src/commands/command.js';
import { COMMANDS } from '../../src/commands/index.js';
import { BrokerUnreachable, UserError } from '../../src/domain/errors.js';
import { accessRules, CHANNEL, TRADER } from '../services/support/builders.js';

/** What happened, in order: calls to Discord and to the command. */
let happened: string[];
let choices: { name: string; value: string }[];
let answers: { content?: string; flags?: number }[];
let run: () => Promise<void>;
/** What was said beside the interaction, with its route; and channels that take nothing. */
let elsewhere: string[];
let closed: string[];
beforeEach(() => {
  elsewhere = [];
  closed = [];
  happened = [];
  answers = [];
  run = async () => {};
});

const part = (action: Part['action'], ack: Part['ack']): Part => ({
  read: ({ argument }) => argument,
  action,
  ack,
  run: async (_interaction, argument) => {
    happened.push(`run ${argument}`);
    await run();
  },
});

const COMMAND = {
  data: { name: 'thing', description: 'A thing' },
  action: 'look',
  ack: 'public',
  run: async () => {
    happened.push('run');
    await run();
  },
  complete: async () => {
    await run();
    return Array.from({ length: 40 }, (_, index) => ({ name: `c${index}`, value: String(index) }));
  },
  parts: {
    look: part('look', 'private'),
    edit: part('look', 'update'),
    say: part('look', 'public'),
    ask: part('look', 'form'),
    pay: part('trade', 'update'),
    free: part('none', 'update'),
    refresh: { ...part('look', 'update'), reads: true },
  },
} satisfies Command;

interface Rules {
  traders?: string[];
  viewers?: string[];
  channels?: string[];
  command?: Command;
}

function dispatcher({
  traders = [TRADER],
  viewers = [],
  channels = [],
  command = COMMAND,
}: Rules = {}): Dispatcher {
  const access = accessRules({ traderUserIds: traders, viewerUserIds: viewers, channelIds: channels });
  const submit = { expect: () => {} };
  const home = { assertAdmitted: async () => {} };
  return new Dispatcher([command], { access, submit, home } as unknown as App, pino({ level: 'silent' }));
}

interface Fake {
  kind: 'command' | 'press' | 'autocomplete';
  name?: string;
  /** What was chosen, of a menu. */
  values?: string[];
  /** The first call to Discord fails like this. */
  acknowledgement?: Error;
}

async function post(route: string, { body }: { body: { content?: string } }): Promise<{ id: string }> {
  if (route === '/users/@me/channels') return { id: 'dm' };
  if (closed.some((id) => route.includes(id)))
    throw new DiscordAPIError({ code: 50001, message: 'Missing Access' }, 50001, 403, 'POST', route, {});
  elsewhere.push(`${route}: ${body.content}`);
  return { id: 'm' };
}

/** An interaction that remembers what it was answered. */
function interaction({ kind, name = 'thing', values, acknowledgement }: Fake): Interaction {
  const state = { deferred: false, replied: false };
  const answer = (what: string, sets: keyof typeof state | null) => async (body?: unknown) => {
    happened.push(what);
    if (acknowledgement && !state.deferred) throw acknowledgement;
    if (sets) state[sets] = true;
    if (body && typeof body === 'object' && 'content' in body) answers.push(body as (typeof answers)[0]);
    if (!Array.isArray(body)) return;
    choices = body;
    happened.push(`${body.length} choices`);
  };
  return {
    id: '1',
    user: { id: TRADER },
    client: { rest: { post } },
    member: { roles: [] },
    guildId: '2',
    channelId: CHANNEL,
    commandName: name,
    customId: name,
    get deferred() {
      return state.deferred;
    },
    get replied() {
      return state.replied;
    },
    isAutocomplete: () => kind === 'autocomplete',
    isChatInputCommand: () => kind === 'command',
    isMessageComponent: () => kind === 'press',
    isModalSubmit: () => false,
    isStringSelectMenu: () => values !== undefined,
    values,
    deferReply: (options?: { flags?: number }) =>
      answer(options?.flags === MessageFlags.Ephemeral ? 'defer private' : 'defer public', 'deferred')(),
    deferUpdate: answer('defer update', 'deferred'),
    editReply: answer('edit', 'replied'),
    followUp: answer('follow up', null),
    reply: answer('reply', 'replied'),
    respond: answer('respond', 'replied'),
  } as unknown as Interaction;
}

const press = (name: string): Fake => ({ kind: 'press', name });
const taken = new DiscordAPIError(
  { code: 40060, message: 'Already acknowledged' },
  40060,
  400,
  'POST',
  '/x',
  {},
);

describe('the order of things', () => {
  it('a command is acknowledged before it runs', async () => {
    await dispatcher().dispatch(interaction({ kind: 'command' }));
    expect(happened).toEqual(['defer public', 'run']);
  });

  it.each([
    ['thing:look:7', ['defer private', 'run 7']],
    ['thing:edit:7', ['defer update', 'run 7']],
    ['thing:say:7', ['defer public', 'run 7']],
    // A form is itself the acknowledgement.
    ['thing:ask:7', ['run 7']],
    ['thing:pay:a:b:c', ['defer update', 'run a:b:c']],
  ])('a press on %s', async (id, expected) => {
    await dispatcher().dispatch(interaction(press(id)));
    expect(happened).toEqual(expected);
  });

  it('channel first, then accessRules, and only then the acknowledgement that takes the buttons’ place', async () => {
    await dispatcher({ channels: ['1'], traders: [] }).dispatch(interaction(press('thing:pay:7')));
    expect(happened).toEqual(['reply']);
    expect(answers[0]?.content).toContain('**Not here**');
    happened = [];
    await dispatcher({ traders: ['1'] }).dispatch(interaction(press('thing:pay:7')));
    expect(happened).toEqual(['reply']);
    expect(answers.at(-1)?.content).toContain('**Traders only**');
    expect(answers.at(-1)?.flags).toBe(MessageFlags.Ephemeral);
  });

  it.each([{ kind: 'command' } as const, press('thing:look:7'), press('thing:say:7'), press('thing:ask:7')])(
    'a stranger’s look is refused in private before anything is acknowledged: %j',
    async (fake) => {
      await dispatcher({ traders: ['1'], viewers: ['2'] }).dispatch(interaction(fake));
      expect(happened).toEqual(['reply']);
      expect(answers[0]?.content).toContain('**Traders and viewers only**');
      expect(answers[0]?.content).toContain('Nothing was sent');
      expect(answers[0]?.flags).toBe(MessageFlags.Ephemeral);
    },
  );

  it.each([[TRADER], ['*']])('a viewer named as %s looks, and pays nothing', async (viewer) => {
    const sut = dispatcher({ traders: ['1'], viewers: [viewer] });
    await sut.dispatch(interaction(press('thing:look:7')));
    expect(happened).toContain('run 7');
    happened = [];
    await sut.dispatch(interaction(press('thing:pay:7')));
    expect(happened).toEqual(['reply']);
    expect(answers.at(-1)?.content).toContain('**Traders only**');
  });

  it('what needs no right is anybody’s', async () => {
    await dispatcher({ traders: [] }).dispatch(interaction(press('thing:free:7')));
    expect(happened).toContain('run 7');
  });

  it('the place is asked about before the right, and a refused look takes nobody’s turn', async () => {
    const stranger = dispatcher({ traders: [], channels: ['1'] });
    await stranger.dispatch(interaction({ kind: 'command' }));
    expect(answers[0]?.content).toContain('**Not here**');
    const reading = dispatcher({ traders: [], command: { ...COMMAND, reads: true } });
    for (let each = 0; each < 9; each += 1) await reading.dispatch(interaction({ kind: 'command' }));
    expect(answers.at(-1)?.content).toContain('**Traders and viewers only**');
  });
});

describe('what doesn’t belong', () => {
  it.each([
    'gone:part:1',
    'thing:gone:1',
    'thing',
    '',
    'thing:toString:1',
    'thing:__proto__:1',
    'thing:constructor:1',
  ])('a press on %j of an older version: nothing runs, it is said politely', async (id) => {
    await dispatcher().dispatch(interaction(press(id)));
    expect(happened).toEqual(['reply']);
    expect(answers[0]?.content).toContain('older version');
    expect(answers[0]?.content).toContain('Nothing was sent');
  });

  const noService = new Proxy({} as App, {
    get: (_target, what) => {
      if (what === 'home') return { assertAdmitted: async () => {} };
      if (what === 'access')
        return {
          traderUserIds: [TRADER],
          traderRoleIds: [],
          viewerUserIds: [],
          viewerRoleIds: [],
          channelIds: [],
        };
      throw new Error(`reached ${String(what)}`);
    },
  });
  const parts = COMMANDS.flatMap(({ data, parts = {} }) =>
    Object.entries(parts).map(([name, part]) => ({ id: `${data.name}:${name}`, part })),
  );

  it('a forged press on any real part reaches no service and is told politely', async () => {
    const real = new Dispatcher(COMMANDS, noService, pino({ level: 'silent' }));
    const junk = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 110 }),
      fc.constantFrom(
        '',
        'NaN',
        '1e3',
        '0',
        '-1',
        '01',
        '1.5',
        '2147483648',
        '9'.repeat(20),
        'all ',
        '1..2',
        '1.x',
      ),
      fc.constantFrom("1'; --", '١٢', 'plan:50:60', ':50', 'plan:', 'plan:NaN', `x${'a'.repeat(99)}`),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...parts),
        junk,
        fc.option(fc.array(junk, { maxLength: 3 }), { nil: undefined }),
        async ({ id, part }, argument, values) => {
          fc.pre(part.read({ argument, values: values ?? [] }) === null || `${id}:${argument}`.length > 100);
          answers = [];
          happened = [];
          await real.dispatch(
            interaction({ kind: 'press', name: `${id}:${argument}`, ...(values ? { values } : {}) }),
          );
          expect(happened).toEqual(['reply']);
          expect(answers[0]?.content).toContain('Nothing was sent');
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('an unknown command likewise', async () => {
    await dispatcher().dispatch(interaction({ kind: 'command', name: 'gone' }));
    expect(happened).toEqual(['reply']);
  });

  it('a press that another process has begun too, because no clear answer came to either, is that one’s to tell', async () => {
    run = async () => {
      throw new UserError('ALREADY_SUBMITTED', {}, 'nothing-more');
    };
    const unclear = interaction(press('thing:pay:7'));
    Object.assign(unclear, { client: new LastingClient({ intents: [] }, new Set(['1'])) });
    await dispatcher().dispatch(unclear);
    expect(answers).toEqual([]);
    await dispatcher().dispatch(interaction(press('thing:pay:7')));
    expect(answers[0]?.content).toContain('Already submitted');
  });

  it.each([{ kind: 'command' as const }, press('thing:pay:7')])(
    'what another process has acknowledged is that one’s: %j',
    async (fake) => {
      await dispatcher().dispatch(interaction({ ...fake, acknowledgement: taken }));
      expect(happened).toHaveLength(1);
      expect(answers).toEqual([]);
    },
  );
});

describe('what goes wrong', () => {
  it('in a command is told in its answer', async () => {
    run = async () => {
      throw new UserError('POSITION_UNKNOWN', { id: 9, odd: null });
    };
    await dispatcher().dispatch(interaction({ kind: 'command' }));
    expect(happened).toEqual(['defer public', 'run', 'edit']);
    expect(answers[0]?.content).toContain('no open position #9');
  });

  it('in a command whose answer stands already is told in private: its buttons may be pressed by now', async () => {
    const command: Command = {
      ...COMMAND,
      run: async (asked) => {
        await asked.editReply({ content: 'a preview' });
        throw new BrokerUnreachable('no answer');
      },
    };
    await dispatcher({ command }).dispatch(interaction({ kind: 'command' }));
    expect(happened).toEqual(['defer public', 'edit', 'follow up']);
    expect(answers.at(-1)?.flags).toBe(MessageFlags.Ephemeral);
  });

  it('at a button is told in private, and the pressed message stays', async () => {
    run = async () => {
      throw new BrokerUnreachable('no answer');
    };
    await dispatcher().dispatch(interaction(press('thing:edit:7')));
    expect(happened).toEqual(['defer update', 'run 7', 'follow up']);
    expect(answers[0]?.flags).toBe(MessageFlags.Ephemeral);
  });

  it('unexpectedly at a button that can send never claims that nothing was sent; at another it does', async () => {
    run = async () => {
      throw new TypeError('bug');
    };
    await dispatcher().dispatch(interaction(press('thing:pay:7')));
    expect(answers[0]?.content).toContain('can’t say for sure');
    await dispatcher().dispatch(interaction(press('thing:edit:7')));
    expect(answers[1]?.content).toContain('Nothing was sent');
  });

  it.each<[string, Error]>([
    [
      'too late',
      new DiscordAPIError({ code: 10062, message: 'Unknown interaction' }, 10062, 404, 'POST', '', {}),
    ],
    ['with no answer', new Error('no network')],
  ])(
    'of an acknowledgement (%s) begins nothing, says so elsewhere, and leaves no doubt',
    async (_how, refusal) => {
      await dispatcher().dispatch(interaction({ ...press('thing:pay:7'), acknowledgement: refusal }));
      expect(happened).not.toContain('run 7');
      expect(elsewhere).toHaveLength(1);
      expect(elsewhere[0]).toMatch(
        new RegExp(`^/channels/${CHANNEL}/messages: <@${TRADER}> .*press sent nothing`, 's'),
      );
      expect(elsewhere[0]).not.toContain('can’t say');
      closed = [CHANNEL];
      await dispatcher().dispatch(interaction({ ...press('thing:pay:7'), acknowledgement: refusal }));
      expect(elsewhere[1]).toMatch(/^\/channels\/dm\/messages: .*press sent nothing/s);
    },
  );

  it('so that not even the answer gets through ends nothing', async () => {
    run = async () => {
      throw new TypeError('bug');
    };
    const dead = new Error('no network');
    for (const kind of ['command', 'press', 'autocomplete'] as const) {
      const name = kind === 'press' ? 'thing:pay:7' : 'thing';
      await dispatcher().dispatch(interaction({ kind, name, acknowledgement: dead }));
    }
    expect(answers).toEqual([]);
  });
});

describe('autocomplete', () => {
  it('gives at most 25 choices', async () => {
    await dispatcher().dispatch(interaction({ kind: 'autocomplete' }));
    expect(happened).toEqual(['respond', '25 choices']);
  });

  it('in a wrong channel or after a fault answers with none: silence reads as a dead bot', async () => {
    await dispatcher({ channels: ['1'] }).dispatch(interaction({ kind: 'autocomplete' }));
    expect(happened).toEqual(['respond', '0 choices']);
    run = async () => {
      throw new TypeError('bug');
    };
    await dispatcher().dispatch(interaction({ kind: 'autocomplete' }));
    expect(happened).toEqual(['respond', '0 choices', 'respond', '0 choices']);
  });

  it('for a stranger answers with none, and asks nothing', async () => {
    run = async () => {
      happened.push('asked');
    };
    await dispatcher({ traders: [] }).dispatch(interaction({ kind: 'autocomplete' }));
    expect(happened).toEqual(['respond', '0 choices']);
  });

  it.each<[Error, string]>([
    [new BrokerUnreachable('no route to it'), '⚠️ The broker doesn’t answer: no route to it.'],
    [new UserError('STILL_READING', {}), '⚠️ I am still reading the account: '],
  ])('that fails for what a person can know says so as the only choice: %s', async (error, words) => {
    const command: Command = { ...COMMAND, complete: () => Promise.reject(error) };
    await dispatcher({ command }).dispatch(interaction({ kind: 'autocomplete' }));
    expect(happened).toEqual(['respond', '1 choices']);
    const [only] = choices;
    expect(only?.name).toContain(words);
    expect(only?.name.length).toBeLessThanOrEqual(100);
    expect(only?.value).toBe(only?.name);
  });

  it('of a command without choices answers with none', async () => {
    const { complete: _complete, ...plain } = COMMAND;
    await dispatcher({ command: plain }).dispatch(interaction({ kind: 'autocomplete' }));
    expect(happened).toEqual(['respond', '0 choices']);
  });
});

describe('one person’s looks at the account', () => {
  const READING: Command = { ...COMMAND, reads: true };
  const command = { kind: 'command' } as const;

  it('beyond two at once are refused in private and not begun; money is never held up', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    run = () => held;
    const sut = dispatcher({ traders: ['somebody'], viewers: ['*'], command: READING });
    const two = [sut.dispatch(interaction(command)), sut.dispatch(interaction(press('thing:refresh:1')))];
    for (let each = 0; each < 38; each += 1) await sut.dispatch(interaction(command));
    await sut.dispatch(interaction(press('thing:refresh:1')));
    expect(happened.filter((each) => each.startsWith('run'))).toHaveLength(2);
    expect(happened.filter((each) => each === 'reply')).toHaveLength(39);
    expect(answers).toHaveLength(39);
    for (const { flags, content } of answers) {
      expect(flags).toBe(MessageFlags.Ephemeral);
      expect(content).toContain('**One moment**');
      expect(content).toMatch(/still working on 2 requests of yours.*Nothing was sent\.\nWait/s);
    }
    release();
    await Promise.all(two);
    await sut.dispatch(interaction(command));
    expect(happened.at(-1)).toBe('run');
  });

  it('a failed one frees its place', async () => {
    run = async () => {
      throw new BrokerUnreachable('gone');
    };
    const sut = dispatcher({ traders: ['somebody'], viewers: ['*'], command: READING });
    for (let each = 0; each < 5; each += 1) await sut.dispatch(interaction(command));
    expect(happened.filter((each) => each === 'run')).toHaveLength(5);
  });

  it('a trader’s press on Submit runs beside all looks of theirs', async () => {
    const held = new Promise<void>(() => {});
    run = () => held;
    const sut = dispatcher({ command: READING });
    for (let each = 0; each < 8; each += 1) void sut.dispatch(interaction(command));
    await sut.dispatch(interaction(command));
    expect(answers).toHaveLength(1);
    void sut.dispatch(interaction(press('thing:pay:1')));
    await expect.poll(() => happened.includes('run 1')).toBe(true);
  });
});
