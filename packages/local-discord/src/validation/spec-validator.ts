import { readFile } from 'node:fs/promises';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { isObject, type JsonObject } from '../base/json.js';
import { atPointer, pointer } from './json-schema.js';
import { checkQuery } from './query-rules.js';
import { requestSpec } from './request-spec.js';
import { specIssues } from './spec-issues.js';

const REQUESTS = 'local:requests';
const REPLIES = 'local:replies';
const CALLBACK = '/interactions/{interaction_id}/{interaction_token}/callback';

const loaded = new Map<string, Promise<SpecValidator>>();

/** Checks requests and replies against Discord's OpenAPI file. Schemas compile at first use. */
export class SpecValidator {
  private readonly compiled = new Map<string, ValidateFunction | null>();

  private constructor(
    private readonly ajv: Ajv2020,
    private readonly requests: JsonObject,
    private readonly replies: JsonObject,
  ) {}

  /** The validator for a file, shared by all servers of this process: compiling takes a second, checking nothing. */
  static load(path: string): Promise<SpecValidator> {
    const known = loaded.get(path) ?? SpecValidator.read(path);
    loaded.set(path, known);
    return known;
  }

  /** Ajv is a development dependency, so it is loaded only here, when a spec is at hand. */
  private static async read(path: string): Promise<SpecValidator> {
    const [{ Ajv2020: Ajv }, formats, text] = await Promise.all([
      import('ajv/dist/2020.js'),
      import('ajv-formats'),
      readFile(path, 'utf8'),
    ]);
    // The file is trusted, so it need not be checked itself; small code compiles faster, and each schema runs rarely.
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      logger: false,
      validateSchema: false,
      inlineRefs: false,
      code: { optimize: false },
    });
    formats.default.default(ajv);
    for (const name of ['snowflake', 'nonce']) ajv.addFormat(name, true);
    const replies = JSON.parse(text) as JsonObject;
    const requests = requestSpec(replies);
    ajv.addSchema(requests, REQUESTS);
    ajv.addSchema(replies, REPLIES);
    const validator = new SpecValidator(ajv, requests, replies);
    // A bot's first callback has three seconds; the compiler must not eat into them.
    validator.requestSchema('post', CALLBACK);
    return validator;
  }

  /**
   * Throws 50035 when body or query break the schema; routes that the file does not have pass.
   * @param template the route as the file spells it, `/channels/{channel_id}`.
   */
  checkRequest(method: string, template: string, body: unknown, query: unknown): void {
    const verb = method.toLowerCase();
    const operation = atPointer(this.requests, pointer('paths', template, verb));
    if (!isObject(operation)) return;
    checkQuery(operation.parameters, query);
    if (!operation.requestBody) return;
    const validate = this.requestSchema(verb, template);
    if (validate && !validate(withoutHabits(body ?? {}))) specIssues(validate.errors ?? []).throwIfAny();
  }

  /** What is wrong with one of the server's own answers; empty when nothing is. */
  checkResponse(method: string, template: string, status: number, payload: unknown): ErrorObject[] {
    const parts = ['responses', String(status), 'content', 'application/json', 'schema'];
    const where = pointer('paths', template, method.toLowerCase(), ...parts);
    const validate = this.schema(REPLIES, this.replies, where);
    return validate && !validate(payload) ? [...(validate.errors ?? [])] : [];
  }

  private requestSchema(verb: string, template: string): ValidateFunction | null {
    const where = pointer('paths', template, verb, 'requestBody', 'content', 'application/json', 'schema');
    return this.schema(REQUESTS, this.requests, where);
  }

  private schema(id: string, document: JsonObject, where: string): ValidateFunction | null {
    const key = id + where;
    const known = this.compiled.get(key);
    if (known !== undefined) return known;
    const exists = atPointer(document, where) !== undefined;
    const validate = exists ? (this.ajv.getSchema(key) as ValidateFunction | undefined) : undefined;
    this.compiled.set(key, validate ?? null);
    return validate ?? null;
  }
}

/** discord.js adds these two to every message-like body, listed or not; false means nothing. */
function withoutHabits(body: unknown): unknown {
  if (!isObject(body)) return body;
  const kept = Object.entries(body).filter(
    ([key, value]) => !((key === 'tts' || key === 'enforce_nonce') && value === false),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, key === 'data' ? withoutHabits(value) : value]));
}
