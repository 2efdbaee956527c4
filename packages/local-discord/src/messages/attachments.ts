import { extname } from 'node:path';
import type { JsonObject } from '../base/json.js';

/** A file as it came in a multipart request, or from a person's slash-command option. */
export interface Upload {
  /** Part name, `files[0]`. */
  part: string;
  filename: string;
  contentType: string;
  bytes: Buffer;
}

/** A stored file of a message. */
export interface Attachment {
  id: string;
  filename: string;
  contentType: string;
  bytes: Buffer;
  url: string;
  description?: string;
  title?: string;
  width?: number;
  height?: number;
}

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.log': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
};

/** Keeps uploaded bytes and serves them back under /cdn. */
export class AttachmentStore {
  private readonly byId = new Map<string, Attachment>();

  constructor(
    private readonly nextId: () => string,
    private readonly origin: () => string,
  ) {}

  add(channelId: string, upload: Upload, extra: { description?: string; title?: string } = {}): Attachment {
    const id = this.nextId();
    const filename = fileName(upload.filename);
    const url = `${this.origin()}/cdn/attachments/${channelId}/${id}/${encodeURIComponent(filename)}`;
    const contentType = TYPES[extname(filename).toLowerCase()] ?? upload.contentType;
    const attachment: Attachment = {
      id,
      filename,
      contentType,
      bytes: upload.bytes,
      url,
      ...extra,
      ...imageSize(upload.bytes),
    };
    this.byId.set(id, attachment);
    return attachment;
  }

  get(id: string): Attachment | undefined {
    return this.byId.get(id);
  }

  remove(id: string): void {
    this.byId.delete(id);
  }
}

/** Spaces in a file's name become underscores, as on Discord's own CDN. */
export function fileName(given: string): string {
  return given.replace(/\s+/g, '_');
}

/** Discord's attachment object. */
export function attachmentPayload(file: Attachment, ephemeral: boolean): JsonObject {
  return {
    id: file.id,
    filename: file.filename,
    size: file.bytes.length,
    url: file.url,
    proxy_url: file.url,
    content_type: file.contentType,
    ...(file.width === undefined ? {} : { width: file.width, height: file.height }),
    ...(file.description === undefined ? {} : { description: file.description }),
    ...(file.title === undefined ? {} : { title: file.title }),
    ...(ephemeral ? { ephemeral: true } : {}),
  };
}

/** Width and height of a PNG or GIF, read from its header; nothing for other files. */
function imageSize(bytes: Buffer): { width: number; height: number } | Record<string, never> {
  if (bytes.length >= 24 && bytes.readUInt32BE(0) === 0x89504e47) {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (bytes.length >= 10 && bytes.toString('latin1', 0, 3) === 'GIF') {
    return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  }
  return {};
}
