import { beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../src/base/api-error.js';
import { OPEN_API } from '../src/validation/open-api.js';
import { SpecValidator } from '../src/validation/spec-validator.js';

const MESSAGES = '/channels/{channel_id}/messages';
const CALLBACK = '/interactions/{interaction_id}/{interaction_token}/callback';
const HOOK = '/webhooks/{webhook_id}/{webhook_token}';
const COMMANDS = '/applications/{application_id}/commands';

/** Paths and codes of everything found, `components.0.type MODEL_TYPE_CONVERT`. */
function leaves(node: unknown, path: string[] = []): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '_errors'
      ? (value as { code: string }[]).map((one) => `${path.join('.')} ${one.code}`)
      : leaves(value, [...path, key]),
  );
}

describe('requests against Discord’s OpenAPI file', () => {
  let validator: SpecValidator;
  beforeAll(async () => {
    validator = await SpecValidator.load(OPEN_API);
  });

  function findings(method: string, template: string, body: unknown, query: unknown = {}): string[] {
    try {
      validator.checkRequest(method, template, body, query);
      return [];
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      expect([error.status, error.code]).toEqual([400, 50035]);
      return leaves(error.errors);
    }
  }

  it('refuse a misspelt key at every depth', () => {
    expect(findings('POST', MESSAGES, { contents: 'x' })).toEqual(['contents UNKNOWN_KEY']);
    expect(findings('POST', MESSAGES, { embeds: [{ titel: 'x' }] })).toEqual(['embeds.0.titel UNKNOWN_KEY']);
    const button = { type: 2, style: 1, custom_id: 'x', lable: 'x' };
    expect(findings('POST', MESSAGES, { components: [{ type: 1, components: [button] }] })).toEqual([
      'components.0.components.0.lable UNKNOWN_KEY',
    ]);
  });

  it('tolerate exactly what discord.js adds unasked', () => {
    const habit = { content: 'x', tts: false, enforce_nonce: false };
    expect(findings('POST', HOOK, habit)).toEqual([]);
    expect(findings('POST', CALLBACK, { type: 4, data: habit })).toEqual([]);
    expect(findings('POST', HOOK, { content: 'x', enforce_nonce: true })).toEqual([
      'enforce_nonce UNKNOWN_KEY',
    ]);
  });

  it('report one bad component as itself, not as all it might have been', () => {
    const components = [
      { type: 1, components: [{ type: 2, style: 1, label: 'x'.repeat(81), custom_id: 'x' }] },
    ];
    expect(findings('POST', MESSAGES, { components })).toEqual([
      'components.0.components.0.label BASE_TYPE_MAX_LENGTH',
    ]);
    expect(findings('POST', MESSAGES, { components: [{ type: 99 }] })).toEqual([
      'components.0.type BASE_TYPE_CHOICES',
    ]);
  });

  it('choose a callback’s schema by its type', () => {
    expect(findings('POST', CALLBACK, { type: 9, data: { custom_id: 'x', components: [] } })).toEqual([
      'data.title BASE_TYPE_REQUIRED',
      'data.components BASE_TYPE_BAD_LENGTH',
    ]);
    expect(findings('POST', CALLBACK, { type: 10 })).toEqual(['type BASE_TYPE_CHOICES']);
    expect(findings('POST', CALLBACK, {})).toEqual(['type BASE_TYPE_REQUIRED']);
    expect(findings('POST', CALLBACK, { type: 8, data: { choices: [{ name: 'a', value: 'b' }] } })).toEqual(
      [],
    );
  });

  it('take null where the file does', () => {
    expect(
      findings('POST', MESSAGES, { content: null, embeds: [{ image: null }], allowed_mentions: null }),
    ).toEqual([]);
  });

  it('take what Discord takes but the file forgot', () => {
    const command = { name: 'a', description: 'b', default_member_permissions: '32', nsfw: false };
    expect(findings('POST', COMMANDS, command)).toEqual([]);
    expect(findings('POST', COMMANDS, { ...command, default_member_permissions: 'all' })).toEqual([
      'default_member_permissions STRING_TYPE_REGEX',
    ]);
    expect(findings('POST', MESSAGES, { attachments: [{ id: 0 }] })).toEqual([]);
  });

  it('hold lengths, bounds, formats and types', () => {
    const embed = { color: 0x1000000, url: 'not a url', timestamp: 'noon', title: 5 };
    expect(findings('POST', MESSAGES, { embeds: [embed] }).sort()).toEqual([
      'embeds.0.color NUMBER_TYPE_MAX',
      'embeds.0.timestamp URL_TYPE_INVALID_URL',
      'embeds.0.title MODEL_TYPE_CONVERT',
      'embeds.0.url URL_TYPE_INVALID_URL',
    ]);
  });

  it('check the query: keys, booleans and bounds', () => {
    const list = (query: object) => findings('GET', MESSAGES, undefined, query);
    expect(list({ limit: '100' })).toEqual([]);
    expect(list({ limit: '101' })).toEqual(['limit NUMBER_TYPE_MAX']);
    expect(list({ limit: 'ten' })).toEqual(['limit NUMBER_TYPE_COERCE']);
    expect(list({ size: '1' })).toEqual(['size UNKNOWN_KEY']);
    expect(findings('POST', CALLBACK, { type: 5 }, { with_response: 'yes' })).toEqual([
      'with_response BOOLEAN_TYPE_CONVERT',
    ]);
  });

  it('pass routes which the file does not have', () => {
    expect(findings('POST', '/nonsense', { anything: 1 })).toEqual([]);
  });

  it('find faults in a wrong answer of the server’s own', () => {
    expect(validator.checkResponse('POST', MESSAGES, 200, { id: '1' }).length).toBeGreaterThan(0);
    expect(validator.checkResponse('GET', '/gateway/bot', 200, { url: 'ws://127.0.0.1:1' })).toHaveLength(2);
  });
});
