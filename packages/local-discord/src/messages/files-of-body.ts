import { type JsonObject, objectsOf, textOf } from '../base/json.js';
import { type Attachment, type AttachmentStore, fileName, type Upload } from './attachments.js';

/**
 * The complete list of files after a create or an edit. With `attachments` in the body that list rules: kept ids stay,
 * placeholders (`id` = index of the part) bring the uploads, everything else goes. Without it uploads are added.
 */
export function filesAfter(
  store: AttachmentStore,
  channelId: string,
  before: readonly Attachment[],
  body: JsonObject,
  uploads: readonly Upload[],
): Attachment[] {
  const listed = Array.isArray(body.attachments) ? objectsOf(body.attachments) : null;
  const kept = listed
    ? before.filter((file) => listed.some((entry) => String(entry.id) === file.id))
    : [...before];
  for (const gone of before) if (!kept.includes(gone)) store.remove(gone.id);
  const added = uploads.map((upload) => {
    const entry = entryOf(listed ?? [], upload);
    return store.add(channelId, namedIn(listed ?? [], upload), {
      ...(textOf(entry?.description) ? { description: textOf(entry?.description) } : {}),
      ...(textOf(entry?.title) ? { title: textOf(entry?.title) } : {}),
    });
  });
  return [...kept, ...added];
}

function entryOf(listed: readonly JsonObject[], upload: Upload): JsonObject | undefined {
  return listed.find((entry) => `files[${String(entry.id)}]` === upload.part);
}

/** An upload under the name that the body's list gives it, if it gives one. */
export function namedIn(listed: readonly JsonObject[], upload: Upload): Upload {
  const filename = textOf(entryOf(listed, upload)?.filename);
  return filename ? { ...upload, filename } : upload;
}

const SCHEME = 'attachment://';

export function isAttachmentUrl(url: string): boolean {
  return url.startsWith(SCHEME);
}

/** The stored name of the file which an `attachment://name` address means. */
export function nameInUrl(url: string): string {
  const name = url.slice(SCHEME.length);
  try {
    return fileName(decodeURIComponent(name));
  } catch {
    return fileName(name);
  }
}

/** Resolves `attachment://name` among the files of one message. */
export function fileByUrl(files: readonly Attachment[]): (url: string) => Attachment | undefined {
  return (url) => (isAttachmentUrl(url) ? files.find((file) => file.filename === nameInUrl(url)) : undefined);
}

/** Files that no embed or component shows; only these appear in a message's `attachments`. */
export function unreferenced(files: readonly Attachment[], shownIn: unknown): Attachment[] {
  if (files.length === 0) return [];
  const text = JSON.stringify(shownIn);
  return files.filter((file) => !text.includes(file.url));
}
