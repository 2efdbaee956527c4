import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError, apiError } from '../base/api-error.js';
import { isObject, type JsonObject } from '../base/json.js';
import type { Upload } from '../messages/attachments.js';

/** A request's JSON and the files that came with it. */
export class Body {
  constructor(
    readonly json: unknown,
    readonly uploads: readonly Upload[] = [],
  ) {}

  /** The body as an object; `{}` when there was none. Throws 50035-free 50109 when it is something else. */
  get object(): JsonObject {
    if (this.json === undefined) return {};
    if (!isObject(this.json)) throw apiError('notJson');
    return this.json;
  }
}

/** Official docs: 25 MiB for a whole request. */
export const MAX_REQUEST_BYTES = 25 * 1024 * 1024;

/** Parses JSON and multipart bodies into {@link Body}; anything else counts as not JSON. */
export function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, raw: Buffer) => {
      return new Body(raw.length === 0 ? undefined : parseJson(raw.toString('utf8')));
    },
  );
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, raw: Buffer) =>
      parseMultipart(raw, request.headers['content-type'] ?? ''),
  );
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, raw: Buffer) => {
    if (raw.length > 0) throw apiError('notJson');
    return new Body(undefined);
  });
}

async function parseMultipart(raw: Buffer, contentType: string): Promise<Body> {
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } })
    .formData()
    .catch((cause: unknown) => {
      throw new ApiError(400, 50109, `The multipart body cannot be read: ${String(cause)}`);
    });
  const uploads: Upload[] = [];
  let json: unknown;
  for (const [part, value] of form.entries()) {
    if (part === 'payload_json') json = parseJson(typeof value === 'string' ? value : await value.text());
    else if (typeof value !== 'string') uploads.push(await upload(part, value));
  }
  return new Body(json, uploads);
}

async function upload(part: string, file: File): Promise<Upload> {
  return {
    part,
    filename: file.name,
    contentType: file.type || 'application/octet-stream',
    bytes: Buffer.from(await file.arrayBuffer()),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw apiError('notJson');
  }
}
