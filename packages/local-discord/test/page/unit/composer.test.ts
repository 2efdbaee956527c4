import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../page/composer/draft.js';
import {
  addField,
  newDraft,
  nextPlace,
  pickChoice,
  removeField,
  setText,
  unusedOptions,
} from '../../../page/composer/draft.js';
import { commandEntries, matchEntries } from '../../../page/composer/entries.js';
import { listedValues } from '../../../page/composer/lists.js';
import { suggestCommands, suggestForDraft } from '../../../page/composer/suggestions.js';
import { readTyped, readWithin } from '../../../page/composer/typed.js';
import { buildOptions, focusedOptions } from '../../../page/composer/values.js';
import type { Command, CommandOption } from '../../../page/types.js';

const option = (over: Partial<CommandOption>): CommandOption => ({
  type: 3,
  name: 'text',
  description: 'A text',
  ...over,
});

const targets: Command = {
  id: '1',
  name: 'targets',
  description: 'Preview',
  options: [
    option({ name: 'percent', type: 10, min_value: 1, max_value: 100 }),
    option({ name: 'position', required: true, autocomplete: true }),
    option({ name: 'ladder' }),
    option({ name: 'dry_run', type: 5 }),
    option({ name: 'lots', type: 4, min_value: 1 }),
    option({
      name: 'rounding',
      choices: [
        { name: 'Nearest tick', value: 'nearest' },
        { name: 'In my favour', value: 'profit' },
      ],
    }),
  ],
};
const config: Command = {
  id: '2',
  name: 'config',
  description: 'Settings',
  options: [
    { type: 1, name: 'show', description: 'Show them' },
    {
      type: 2,
      name: 'limits',
      description: 'Limits',
      options: [
        { type: 1, name: 'set', description: 'Set one', options: [option({ name: 'max', type: 4 })] },
      ],
    },
  ],
};
const menu: Command = { id: '3', type: 3, name: 'Quote this', description: '' };
const entries = commandEntries([targets, config, menu]);
const entry = entries.find(({ label }) => label === 'targets')!;
const lookup = (wanted: CommandOption) => listedValues(wanted, null);
const filled = (texts: Record<string, string>): Draft =>
  Object.entries(texts).reduce(
    (draft, [name, value]) => setText(addField(draft, name), name, value),
    newDraft(entry),
  );

describe('the commands one can type', () => {
  it('are in a direct message those of its bot that are not the server’s alone', () => {
    const at = (id: string, over: Partial<Command>): Command => ({ ...targets, name: id, id, ...over });
    const all = [
      at('anywhere', { application_id: '7', contexts: null }),
      at('server', { application_id: '7', guild_id: '9' }),
      at('guilds', { application_id: '7', contexts: [0] }),
      at('no-dm', { application_id: '7', dm_permission: false }),
      at('dm-too', { application_id: '7', contexts: [0, 1] }),
      at('other', { application_id: '8' }),
    ];
    expect(commandEntries(all, '7').map(({ label }) => label)).toEqual(['anywhere', 'dm-too']);
    expect(commandEntries(all)).toHaveLength(all.length);
  });

  it('spell subcommands out and leave context menus out', () => {
    expect(entries.map(({ label }) => label)).toEqual(['config limits set', 'config show', 'targets']);
  });

  it('ask for required options first', () => {
    expect(entry.options.map(({ name }) => name).slice(0, 2)).toEqual(['position', 'percent']);
  });

  it('wrap a subcommand’s options in its group and name', () => {
    const set = entries.find(({ label }) => label === 'config limits set')!;
    expect(set.wrap([{ name: 'max', type: 4, value: 3 }])).toEqual([
      {
        name: 'limits',
        type: 2,
        options: [{ name: 'set', type: 1, options: [{ name: 'max', type: 4, value: 3 }] }],
      },
    ]);
  });

  it('match by their beginning first, then by any part', () => {
    expect(matchEntries(entries, 't').map(({ label }) => label)).toEqual(['targets', 'config limits set']);
    expect(matchEntries(entries, 'nothing')).toEqual([]);
  });

  it('are listed once a slash is typed, and only then', () => {
    expect(suggestCommands('/', entries).items).toHaveLength(3);
    expect(suggestCommands('1/2', entries).items).toEqual([]);
    expect(suggestCommands('/x', entries).note).toBe('No commands match.');
    expect(suggestCommands('/', []).note).toMatch(/no commands here/);
  });
});

describe('a draft', () => {
  it('starts with the required options and moves on as they are filled', () => {
    const draft = newDraft(entry);
    expect(draft.fields.map((field) => field.option.name)).toEqual(['position']);
    expect(nextPlace(draft)).toEqual({ field: 'position' });
    expect(nextPlace(setText(draft, 'position', '37'))).toBe('tail');
  });

  it('adds an option once, takes an optional one out again, and only empties a required one', () => {
    const draft = addField(addField(newDraft(entry), 'percent'), 'percent');
    expect(draft.fields).toHaveLength(2);
    expect(unusedOptions(draft).map(({ name }) => name)).not.toContain('percent');
    expect(removeField(draft, 'percent').fields).toHaveLength(1);
    expect(removeField(setText(draft, 'position', 'x'), 'position').fields[0]?.text).toBe('');
  });

  it('forgets a picked choice when its text is changed', () => {
    const picked = pickChoice(newDraft(entry), 'position', { name: '#37 QQQ', value: '37' });
    expect(picked.fields[0]).toMatchObject({ text: '#37 QQQ', picked: { value: '37' } });
    expect(setText(picked, 'position', '#37 QQ').fields[0]?.picked).toBeNull();
    expect(setText(picked, 'position', '#37 QQQ').fields[0]?.picked).toEqual({
      name: '#37 QQQ',
      value: '37',
    });
  });

  it('keeps a picked value out of the list, so that Enter cannot change it', () => {
    const picked = pickChoice(newDraft(entry), 'position', { name: '#37 QQQ', value: '37' });
    const asked = {
      key: 'position #37 QQQ',
      state: 'ready' as const,
      choices: [{ name: 'other', value: '1' }],
    };
    expect(suggestForDraft(picked, { field: 'position' }, '', asked, lookup).items).toEqual([]);
  });

  it('shows no stale answer of the bot: until the one for this text is there, it is waiting', () => {
    const typed = setText(newDraft(entry), 'position', '38');
    const old = { key: 'position 3', state: 'ready' as const, choices: [{ name: '#37', value: '37' }] };
    const list = suggestForDraft(typed, { field: 'position' }, '', old, lookup);
    expect(list).toMatchObject({ items: [], waiting: true, note: 'Searching…' });
  });

  it('highlights no optional option until something is typed, so that Enter sends', () => {
    const draft = newDraft(entry);
    expect(suggestForDraft(draft, 'tail', '', null, lookup).first).toBe(-1);
    expect(suggestForDraft(draft, 'tail', 'per', null, lookup)).toMatchObject({
      first: 0,
      items: [{ kind: 'option' }],
    });
  });
});

describe('typed and pasted commands', () => {
  const read = (text: string) => {
    const typed = readTyped(text, entries);
    return typed && Object.fromEntries(typed.draft.fields.map((field) => [field.option.name, field.text]));
  };

  it.each([
    ['/targets ', { position: '' }],
    ['/targets 37', { position: '37' }],
    ['/targets position:37', { position: '37' }],
    ['/targets position:all percent:40', { position: 'all', percent: '40' }],
    [
      '/targets percent: 40 position: #37 QQQ Senex Trident ladder:40,60',
      { position: '#37 QQQ Senex Trident', percent: '40', ladder: '40,60' },
    ],
    ['/targets position:at 12:30 today', { position: 'at 12:30 today' }],
  ])('%j fills %j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each(['/targets', '/target ', 'targets ', ' /targets ', 'see /targets x', '/nothing here'])(
    '%j is still text',
    (text) => {
      expect(readTyped(text, entries)).toBeNull();
    },
  );

  it('takes the longest command that fits', () => {
    expect(readTyped('/config limits set 5', entries)?.draft.entry.label).toBe('config limits set');
  });

  it('cuts a field where another option’s name is typed into it', () => {
    const typed = readWithin(newDraft(entry), 'position', '37 percent:4');
    expect(typed?.draft.fields.map(({ text }) => text)).toEqual(['37', '4']);
    expect(typed?.place).toEqual({ field: 'percent' });
    expect(readWithin(newDraft(entry), 'position', 'no such: 4')).toBeNull();
  });

  it('reads back any values it is given by name', () => {
    const value = fc.stringMatching(/^[A-Za-z0-9#,.][A-Za-z0-9#,. ]{0,15}[A-Za-z0-9#,.]$/);
    fc.assert(
      fc.property(value, value, (position, ladder) => {
        expect(read(`/targets ladder:${ladder} position:${position}`)).toEqual({ position, ladder });
      }),
    );
  });
});

describe('option values', () => {
  const build = (texts: Record<string, string>) => buildOptions(filled({ position: '37', ...texts }), lookup);
  const errorOf = (texts: Record<string, string>, name: string) => {
    const built = build(texts);
    return built.ok ? null : built.errors.get(name);
  };

  it('are sent with their types', () => {
    const built = build({
      percent: '42.5',
      dry_run: 'true',
      lots: '2',
      rounding: 'nearest TICK',
      ladder: '40,60',
    });
    expect(built).toEqual({
      ok: true,
      options: [
        { name: 'position', type: 3, value: '37' },
        { name: 'percent', type: 10, value: 42.5 },
        { name: 'dry_run', type: 5, value: true },
        { name: 'lots', type: 4, value: 2 },
        { name: 'rounding', type: 3, value: 'nearest' },
        { name: 'ladder', type: 3, value: '40,60' },
      ],
    });
  });

  it('send a picked choice’s value, not its name', () => {
    const draft = pickChoice(newDraft(entry), 'position', { name: '#37 QQQ', value: '37' });
    expect(buildOptions(draft, lookup)).toEqual({
      ok: true,
      options: [{ name: 'position', type: 3, value: '37' }],
    });
  });

  it('leave an optional option out that was left empty', () => {
    expect(build({ percent: ' ' })).toEqual({
      ok: true,
      options: [{ name: 'position', type: 3, value: '37' }],
    });
  });

  it('name a missing required option', () => {
    const built = buildOptions(newDraft(entry), lookup);
    expect(built.ok || [...built.errors]).toEqual([
      ['position', 'This option is required. Specify a value.'],
    ]);
  });

  it.each([
    ['percent', '0.99', /at least 1/],
    ['percent', '100.01', /at most 100/],
    ['percent', '40%', /number/],
    ['percent', '1e2', /number/],
    ['lots', '1.5', /whole number/],
    ['lots', '0', /at least 1/],
    ['dry_run', 'yes', /not one of the choices/],
    ['rounding', 'up', /not one of the choices/],
  ])('%s refuses %j', (name, value, reason) => {
    expect(errorOf({ [name]: value }, name)).toMatch(reason);
  });

  it.each([
    ['percent', '1'],
    ['percent', '100'],
    ['percent', '50.'],
    ['lots', '+1'],
    ['dry_run', 'False'],
  ])('%s takes %j', (name, value) => {
    expect(errorOf({ [name]: value }, name)).toBeNull();
  });

  it('go to the bot’s autocomplete as typed, the others only where valid', () => {
    const draft = filled({ position: 'q', percent: 'x', lots: '2' });
    expect(focusedOptions(draft, 'position', lookup)).toEqual([
      { name: 'position', type: 3, value: 'q', focused: true },
      { name: 'lots', type: 4, value: 2 },
    ]);
  });
});
