import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from './world.js';

/** What stands in the answer's nested errors at a path: the inner codes. */
// biome-ignore lint/suspicious/noExplicitAny: nested error JSON
function codesAt(json: any, path: string): string[] {
  // biome-ignore lint/suspicious/noExplicitAny: nested error JSON
  const node = path.split('.').reduce<any>((inner, key) => inner?.[key], json.errors);
  return (node?._errors ?? []).map((error: { code: string }) => error.code);
}

const button = (custom_id: string) => ({ type: 2, style: 1, label: 'Go', custom_id });
const row = (...components: unknown[]) => ({ type: 1, components });
const select = (extra: object = {}) => ({
  type: 3,
  custom_id: 'pick',
  options: [
    { label: 'a', value: 'a' },
    { label: 'b', value: 'b' },
  ],
  ...extra,
});
const text = (content: string) => ({ type: 10, content });
const V2 = 32768;

/** [rule, body, path of the error, inner code] — bodies that Discord's OpenAPI file lets through. */
const BROKEN_MESSAGES: [string, object, string, string][] = [
  ['content beyond 2,000 characters', { content: 'x'.repeat(2001) }, 'content', 'BASE_TYPE_MAX_LENGTH'],
  [
    'more than 6,000 characters of embed text in all',
    { embeds: [{ description: 'x'.repeat(4000) }, { description: 'x'.repeat(2001) }] },
    'embeds',
    'MAX_EMBED_SIZE_EXCEEDED',
  ],
  [
    'an embed without anything',
    { content: 'x', embeds: [{ color: 1 }] },
    'embeds.0.description',
    'BASE_TYPE_REQUIRED',
  ],
  [
    'an empty field name',
    { embeds: [{ title: 't', fields: [{ name: ' ', value: 'v' }] }] },
    'embeds.0.fields.0.name',
    'BASE_TYPE_REQUIRED',
  ],
  [
    'an empty field value',
    { embeds: [{ title: 't', fields: [{ name: 'n', value: '' }] }] },
    'embeds.0.fields.0.value',
    'BASE_TYPE_REQUIRED',
  ],
  [
    'an embed link of a scheme other than http(s)',
    { embeds: [{ title: 't', url: 'ftp://example.com/' }] },
    'embeds.0.url',
    'URL_TYPE_INVALID_SCHEME',
  ],
  [
    'attachment:// without that file',
    { embeds: [{ title: 't', image: { url: 'attachment://gone.png' } }] },
    'embeds',
    'ATTACHMENT_NOT_FOUND',
  ],
  [
    'attachment:// that can’t be decoded',
    { embeds: [{ title: 't', image: { url: 'attachment://100%.png' } }] },
    'embeds',
    'ATTACHMENT_NOT_FOUND',
  ],
  [
    'attachment:// of a name that only a list tells, without the file',
    {
      embeds: [{ title: 't', image: { url: 'attachment://a.png' } }],
      attachments: [{ id: '0', filename: 'a.png' }],
    },
    'embeds',
    'ATTACHMENT_NOT_FOUND',
  ],
  [
    'more than ten entries of attachments',
    { content: 'x', attachments: Array.from({ length: 11 }, (_, id) => ({ id: `${id}` })) },
    'attachments',
    'BASE_TYPE_MAX_LENGTH',
  ],
  [
    'an attachment entry without its file part',
    { content: 'x', attachments: [{ id: '0', filename: 'a.txt' }] },
    'attachments.0',
    'ATTACHMENT_NOT_FOUND',
  ],
  [
    'more than five legacy rows',
    { components: Array.from({ length: 6 }, (_, n) => row(button(`b${n}`))) },
    'components',
    'BASE_TYPE_MAX_LENGTH',
  ],
  [
    'a custom_id used twice',
    { components: [row(button('same')), row(button('same'))] },
    'components',
    'COMPONENT_CUSTOM_ID_DUPLICATED',
  ],
  [
    'a select beside a button',
    { components: [row(button('b'), select())] },
    'components.0.components',
    'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
  ],
  [
    'a plain button without custom_id',
    { components: [row({ type: 2, style: 1, label: 'Go' })] },
    'components.0.components.0.custom_id',
    'BUTTON_COMPONENT_CUSTOM_ID_REQUIRED',
  ],
  [
    'a link button without url',
    { components: [row({ type: 2, style: 5, label: 'Go' })] },
    'components.0.components.0.url',
    'BUTTON_COMPONENT_URL_REQUIRED',
  ],
  [
    'a link button with custom_id',
    { components: [row({ type: 2, style: 5, label: 'Go', url: 'https://example.com', custom_id: 'x' })] },
    'components.0.components.0.custom_id',
    'BUTTON_COMPONENT_KEY_NOT_ALLOWED',
  ],
  [
    'a premium button without sku_id',
    { components: [row({ type: 2, style: 6 })] },
    'components.0.components.0.sku_id',
    'BUTTON_COMPONENT_SKU_ID_REQUIRED',
  ],
  [
    'a button with neither label nor emoji',
    { components: [row({ type: 2, style: 1, custom_id: 'x' })] },
    'components.0.components.0.label',
    'BUTTON_COMPONENT_LABEL_REQUIRED',
  ],
  [
    'two select options of one value',
    {
      components: [
        row(
          select({
            options: [
              { label: 'a', value: 'a' },
              { label: 'b', value: 'a' },
            ],
          }),
        ),
      ],
    },
    'components.0.components.0.options.1.value',
    'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
  ],
  [
    'a select wanting at least more than at most',
    { components: [row(select({ min_values: 2, max_values: 1 }))] },
    'components.0.components.0.min_values',
    'NUMBER_TYPE_MAX',
  ],
  [
    'a select wanting more than it offers',
    { components: [row(select({ max_values: 3 }))] },
    'components.0.components.0.max_values',
    'NUMBER_TYPE_MAX',
  ],
  [
    'v2 components without the flag',
    { content: 'x', components: [text('hello')] },
    'components.0.type',
    'UNION_TYPE_CHOICES',
  ],
  [
    'content beside v2 components',
    { flags: V2, content: 'x', components: [text('hello')] },
    'content',
    'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
  ],
  [
    'embeds beside v2 components',
    { flags: V2, embeds: [{ title: 'x' }], components: [text('hello')] },
    'embeds',
    'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
  ],
  [
    'more than forty v2 components counting nested ones',
    {
      flags: V2,
      components: Array.from({ length: 9 }, (_, n) => row(...[0, 1, 2, 3].map((m) => button(`${n}/${m}`)))),
    },
    'components',
    'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
  ],
  [
    'more than 4,000 characters in all v2 texts',
    { flags: V2, components: [text('x'.repeat(3000)), text('y'.repeat(1001))] },
    'components',
    'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
  ],
  [
    'parse and an id list of the same kind',
    { content: 'x', allowed_mentions: { parse: ['users'], users: ['843931509428715525'] } },
    'allowed_mentions',
    'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
  ],
];

/** [what, body] at the very edge of a rule. */
const GOOD_MESSAGES: [string, object][] = [
  ['2,000 characters', { content: 'x'.repeat(2000) }],
  ['2,000 emoji, which are 4,000 UTF-16 units', { content: '😀'.repeat(2000) }],
  [
    '6,000 characters of embed text',
    { embeds: [{ description: 'x'.repeat(4000) }, { description: 'x'.repeat(2000) }] },
  ],
  ['five rows', { components: Array.from({ length: 5 }, (_, n) => row(button(`b${n}`))) }],
  ['a select wanting all it offers', { components: [row(select({ min_values: 0, max_values: 2 }))] }],
  [
    'forty v2 components',
    {
      flags: V2,
      components: Array.from({ length: 8 }, (_, n) => row(...[0, 1, 2, 3].map((m) => button(`${n}/${m}`)))),
    },
  ],
  [
    '4,000 characters in v2 texts',
    { flags: V2, components: [text('x'.repeat(3000)), text('y'.repeat(1000))] },
  ],
  [
    'parse of one kind and ids of the other',
    { content: 'x', allowed_mentions: { parse: ['roles'], users: ['843931509428715525'] } },
  ],
];

describe('hand-written message rules, without any schema', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.withoutSpec({ rateLimits: false });
  });
  afterAll(() => stage.close());

  const send = (body: object) => stage.rest('POST', `/channels/${stage.discord.channelId}/messages`, body);

  it.each(BROKEN_MESSAGES)('refuse %s', async (_rule, body, path, code) => {
    const { status, json } = await send(body);
    expect({ status, code: json.code }).toEqual({ status: 400, code: 50035 });
    expect(codesAt(json, path)).toContain(code);
  });

  it.each(GOOD_MESSAGES)('let %s through', async (_what, body) => {
    expect((await send(body)).status).toBe(200);
  });

  it.each([
    ['nothing at all', {}],
    ['empty content', { content: '' }],
    ['empty lists', { embeds: [], components: [] }],
  ])('refuse a message of %s with 50006', async (_what, body) => {
    expect((await send(body)).json.code).toBe(50006);
  });

  it('refuse an edit that would leave nothing, and keep the message as it was', async () => {
    const { json: sent } = await send({ content: 'stays' });
    const path = `/channels/${stage.discord.channelId}/messages/${sent.id}`;
    expect((await stage.rest('PATCH', path, { content: '' })).json.code).toBe(50006);
    expect((await stage.rest('GET', path)).json.content).toBe('stays');
  });

  it('ignore the ephemeral flag on channel messages', async () => {
    const { json } = await send({ content: 'x', flags: 64 });
    expect(json.flags).toBe(0);
  });

  it('take content and embeds away when an edit goes over to v2, if the edit says so', async () => {
    const { json: sent } = await send({ content: 'old', embeds: [{ title: 'old' }] });
    const path = `/channels/${stage.discord.channelId}/messages/${sent.id}`;
    const half = await stage.rest('PATCH', path, { flags: V2, components: [text('new')] });
    expect(codesAt(half.json, 'content')).toContain('MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2');
    const whole = await stage.rest('PATCH', path, {
      flags: V2,
      content: null,
      embeds: [],
      components: [text('new')],
    });
    expect(whole.status).toBe(200);
    expect(whole.json.flags & V2).toBe(V2);
  });
});

const command = (extra: object = {}) => ({ name: 'targets', description: 'Profit targets', ...extra });
const option = (extra: object = {}) => ({ type: 3, name: 'opt', description: 'An option', ...extra });

const BROKEN_COMMANDS: [string, object, string, string][] = [
  ['upper case', command({ name: 'Targets' }), 'name', 'APPLICATION_COMMAND_INVALID_NAME'],
  ['a space in the name', command({ name: 'my targets' }), 'name', 'APPLICATION_COMMAND_INVALID_NAME'],
  ['no description', { name: 'targets' }, 'description', 'BASE_TYPE_REQUIRED'],
  [
    'a required option after an optional one',
    command({ options: [option({ name: 'a' }), option({ name: 'b', required: true })] }),
    'options.1',
    'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
  ],
  [
    'two options of one name',
    command({ options: [option(), option()] }),
    'options.1.name',
    'APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED',
  ],
  [
    'autocomplete together with choices',
    command({ options: [option({ autocomplete: true, choices: [{ name: 'a', value: 'a' }] })] }),
    'options.0.autocomplete',
    'APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES_EXCLUSIVE',
  ],
  [
    'a subcommand beside a plain option',
    command({ options: [option({ type: 1, name: 'sub' }), option()] }),
    'options',
    'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
  ],
  [
    'a choice value beyond 100 characters',
    command({ options: [option({ choices: [{ name: 'a', value: 'x'.repeat(101) }] })] }),
    'options.0.choices.0.value',
    'BASE_TYPE_MAX_LENGTH',
  ],
  [
    'a description on a context-menu command',
    { name: 'Look', type: 2, description: 'no' },
    'description',
    'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED',
  ],
];

describe('hand-written command rules, without any schema', () => {
  let stage: Stage;
  let path: string;
  beforeAll(async () => {
    stage = await Stage.withoutSpec({ rateLimits: false });
    path = `/applications/${stage.discord.applicationId}/guilds/${stage.discord.guildId}/commands`;
  });
  afterAll(() => stage.close());

  it.each(BROKEN_COMMANDS)('refuse %s', async (_rule, body, at, code) => {
    const { status, json } = await stage.rest('POST', path, body);
    expect({ status, code: json.code }).toEqual({ status: 400, code: 50035 });
    expect(codesAt(json, at)).toContain(code);
  });

  it('count 8,000 characters over the whole command', async () => {
    const choice = (n: number) => ({ name: `${n}`.padEnd(100, 'n'), value: `${n}`.padEnd(100, 'v') });
    const long = (names: number) =>
      command({
        options: Array.from({ length: names }, (_, n) =>
          option({ name: `o${n}`, choices: Array.from({ length: 13 }, (_, m) => choice(m)) }),
        ),
      });
    expect((await stage.rest('POST', path, long(3))).status).toBe(201);
    const { json } = await stage.rest('POST', path, long(4));
    expect(json.errors._errors[0].code).toBe('APPLICATION_COMMAND_TOO_LARGE');
  });

  it('put the array index first in the errors of a bulk registration', async () => {
    const { json } = await stage.rest('PUT', path, [command(), command({ name: 'Bad' }), command()]);
    expect(codesAt(json, '1.name')).toEqual(['APPLICATION_COMMAND_INVALID_NAME']);
    expect(codesAt(json, '2.name')).toEqual(['APPLICATION_COMMANDS_DUPLICATE_NAME']);
  });

  it('allow letters of other scripts and the apostrophe', async () => {
    expect((await stage.rest('POST', path, command({ name: 'ziel-größe' }))).status).toBe(201);
  });
});
