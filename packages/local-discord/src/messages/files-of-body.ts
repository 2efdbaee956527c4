import { type JsonObject, objectsOf, textOf } from '../base/json.js';
import type { Attachment, AttachmentStore, Upload } from './attachments.js';

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
    const entry = listed?.find((candidate) => `files[${String(candidate.id)}]` === upload.part);
    const named = textOf(entry?.filename);
    return store.add(channelId, named ? { ...upload, filename: named } : upload, {
      ...(textOf(entry?.description) ? { description: textOf(entry?.description) } : {}),
      ...(textOf(entry?.title) ? { title: textOf(entry?.title) } : {}),
    });
  });
  return [...kept, ...added];
}

/** Resolves `attachment://name` among the files of one message. */
export function fileByUrl(files: readonly Attachment[]): (url: string) => Attachment | undefined {
  return (url) => {
    if (!url.startsWith('attachment://')) return undefined;
    const name = decodeURIComponent(url.slice('attachment://'.length)).replace(/\s+/g, '_');
    return files.find((file) => file.filename === name);
  };
}

/** Files that no embed or component shows; only these appear in a message's `attachments`. */
export function unreferenced(files: readonly Attachment[], shownIn: unknown): Attachment[] {
  if (files.length === 0) return [];
  const text = JSON.stringify(shownIn);
  return files.filter((file) => !text.includes(file.url));
}
